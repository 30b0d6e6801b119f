import {
  manifestFaults,
  NO_PERMISSIONS,
  type PluginReply,
} from "@skymap/lib/plugin_host";
import { logger } from "@skymap/lib/log";
import { messageOf } from "@skymap/lib/errors";
import type { PluginManifest } from "@skymap/lib/plugin";
import { readEnvironment } from "../read_environment.ts";
import { Sandbox } from "./sandbox.ts";
import { type FileSource, type Installation, resolvePlugin } from "./source.ts";

/** Processes side by side: each takes a while to start. */
const PROCESSES = 2;

const LIMITS = {
  timeoutMs: 60_000,
  maxHeapMb: 512,
  maxMemoryMb: 1_024,
  maxLineChars: 16_000_000,
};

const log = logger("worker/plugin");

/** A module that lists plugins, each under a name of its own. */
async function listOf(
  names: readonly string[],
  installation: Installation,
): Promise<FileSource> {
  const imports: Record<string, string> = {};
  const entries: string[] = [];
  for (const name of names) {
    const { url } = await resolvePlugin(name, installation);
    const specifier = `skymap:plugin/${name}`;
    imports[specifier] = url;
    // A literal name: such an import needs no permission to read.
    const [text, from] = [name, specifier].map((each) => JSON.stringify(each));
    entries.push(`[${text}, () => import(${from})]`);
  }
  const module = `export default [${entries.join()}];`;
  const url = `data:text/javascript,${encodeURIComponent(module)}`;
  return { spec: names.join(", "), url, imports };
}

async function describeSome(
  names: readonly string[],
  installation: Installation,
  signal: AbortSignal,
): Promise<readonly (readonly [string, PluginManifest])[]> {
  const sandbox = new Sandbox({
    source: await listOf(names, installation),
    installation,
    deno: installation.deno,
    env: readEnvironment,
  });
  await using child = await sandbox.start(
    { type: "describe", each: true },
    { granted: NO_PERMISSIONS, limits: LIMITS, signal },
  );
  const found: [string, PluginManifest][] = [];
  for await (const lines of child) {
    for (const line of lines) {
      const reply = JSON.parse(line) as PluginReply;
      if (reply.type !== "manifest") continue;
      const { of = "", manifest } = reply;
      if (manifestFaults(manifest).length === 0) found.push([of, manifest]);
    }
  }
  return found;
}

/**
 * What plugins that came with this Skymap say of themselves, by name: many in one
 * process, which may reach nothing. Those that say nothing, or not in a good way,
 * are left out.
 */
export async function describeTogether(
  names: readonly string[],
  installation: Installation,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PluginManifest>> {
  const groups = Array.from(
    { length: PROCESSES },
    (_, at) => names.filter((_, number) => number % PROCESSES === at),
  ).filter((group) => group.length > 0);
  const found = await Promise.all(
    groups.map((group) =>
      describeSome(group, installation, signal).catch((error) => {
        signal.throwIfAborted();
        log.debug("Cannot describe plugins together: {reason}", {
          reason: messageOf(error),
        });
        return [];
      })
    ),
  );
  return new Map(found.flat());
}
