import { messageOf } from "@skymap/lib/errors";
import { PluginHost } from "./plugin/host.ts";
import { findInstallation, resolvePlugin } from "./plugin/source.ts";
import type { WorkerSettings } from "./settings.ts";

/** Longest line of a plugin: a node with a very large document. */
const MAX_LINE_CHARS = 16_000_000;

/** A variable, or undefined when this process may not see it. */
function readEnvironment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    throw error;
  }
}

/** Plugins that can be run, and why others cannot. */
export interface LoadedPlugins {
  /** A host for each plugin that was found. */
  readonly plugins: readonly PluginHost[];
  /** Why the others were not. */
  readonly failures: readonly string[];
}

/** Finds the plugins that a worker collects with. Nothing of them runs yet. */
export async function loadPlugins(
  settings: Pick<
    WorkerSettings,
    | "collector"
    | "approve"
    | "accountTimeoutSeconds"
    | "pluginHeapMb"
    | "pluginMemoryMb"
  >,
): Promise<LoadedPlugins> {
  const installation = await findInstallation();
  const plugins: PluginHost[] = [];
  const failures: string[] = [];
  for (const spec of new Set(settings.collector)) {
    try {
      plugins.push(
        new PluginHost({
          source: await resolvePlugin(spec, installation),
          installation,
          policy: {
            approved: settings.approve,
            home: readEnvironment("HOME"),
          },
          deno: Deno.execPath(),
          env: readEnvironment,
          limits: {
            timeoutMs: settings.accountTimeoutSeconds * 1_000,
            maxHeapMb: settings.pluginHeapMb,
            maxMemoryMb: settings.pluginMemoryMb,
            maxLineChars: MAX_LINE_CHARS,
          },
        }),
      );
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  return { plugins, failures };
}
