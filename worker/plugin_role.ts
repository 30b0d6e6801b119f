/**
 * The role `plugin`: looks at plugins without running their work.
 *
 * @module
 */

import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { untilStopped } from "@skymap/lib/lifecycle";
import type { PluginManifest } from "@skymap/lib/plugin";
import { readSettings } from "@skymap/lib/settings";
import { bundledPlugins, findInstallation } from "./plugin/source.ts";
import { loadPlugins } from "./plugins.ts";

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** What a person wants to know of a plugin before it runs. */
function describe(manifest: PluginManifest): string {
  const { name, version, description, cloud, kinds, permissions } = manifest;
  const wants = Object.entries(permissions).flatMap(([phase, request]) =>
    Object.entries(request).map(([what, values]) =>
      `  ${phase.padEnd(8)} ${what.padEnd(4)} ${
        (values as readonly unknown[]).map((value) =>
          typeof value === "string" ? value : JSON.stringify(value)
        ).join(", ")
      }`
    )
  );
  return [
    `${name} ${version}: ${description}`,
    `cloud   ${cloud}`,
    `kinds   ${kinds.map((kind) => kind.name).join(", ")}`,
    wants.length === 0 ? "asks for nothing" : "asks for",
    ...wants,
  ].join("\n");
}

/** Prints the bundled plugins, or what one plugin says of itself. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, words } = readSettings({
    json: { type: "boolean", help: "Prints JSON.", default: false },
  }, {
    role: "plugin",
    brief: "Lists the bundled plugins, or describes one by name, path or URL.",
    args,
    words: "[list | describe PLUGIN]",
  });
  const [verb = "list", spec, ...more] = words;
  if (verb === "list" && spec === undefined) {
    for (const name of await bundledPlugins(await findInstallation())) {
      print(name);
    }
    return 0;
  }
  if (verb !== "describe" || spec === undefined || more.length > 0) {
    throw new SkymapError(
      "usage",
      `Cannot do "${words.join(" ")}": expected list, or describe PLUGIN`,
    );
  }
  const { plugins: [plugin], failures } = await loadPlugins({
    collector: [spec],
    approve: [],
    accountTimeoutSeconds: 60,
    pluginHeapMb: 512,
    pluginMemoryMb: 1_024,
  });
  if (plugin === undefined) {
    throw new SkymapError("plugin_unreachable", failures.join("; "));
  }
  try {
    const manifest = await plugin.describe(untilStopped());
    print(
      settings.json ? JSON.stringify(manifest, null, 2) : describe(manifest),
    );
    return 0;
  } catch (error) {
    if (!isSkymapError(error, "plugin_invalid")) throw error;
    const { faults } = error.details as { faults?: readonly string[] };
    for (const fault of faults ?? [error.message]) print(`fault: ${fault}`);
    return 1;
  }
}
