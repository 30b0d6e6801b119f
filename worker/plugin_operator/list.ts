import { unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import {
  CORE_SETTINGS,
  JSON_SETTING,
  openRegistry,
} from "./registry_settings.ts";

async function run(args: readonly string[]): Promise<number> {
  const { settings } = readCommand(
    { ...CORE_SETTINGS, ...JSON_SETTING },
    args,
    { name: "list", brief: "Lists the plugins and whether they run." },
  );
  const { plugins } = await openRegistry(settings);
  const all = unwrap(await plugins.list());
  printLines(
    settings.json
      ? [JSON.stringify(all, null, 2)]
      : all.length === 0
      ? ["there is no plugin: skymap plugin add URL"]
      : all.map(({ name, active, enabled, reason, source, versions }) => {
        const waiting = versions.filter(({ state }) => state === "waiting")
          .map(({ version }) => version);
        return [
          name.padEnd(16),
          (active ?? "-").padEnd(12),
          (enabled ? "enabled" : "disabled").padEnd(9),
          source === "installation" ? "came with Skymap" : "added",
          ...(waiting.length === 0
            ? []
            : [`(${waiting.join(", ")} waits for approval)`]),
          ...(reason === undefined ? [] : [`(${reason})`]),
        ].join(" ");
      }),
  );
  return 0;
}

/** `skymap plugin list`. */
export const LIST: PluginCommand = { help: "Lists the plugins", run };
