import { unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import {
  CORE_SETTINGS,
  JSON_SETTING,
  openRegistry,
  readPluginWord,
} from "./registry_settings.ts";
import { showVersion } from "./show_version.ts";

async function run(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(
    { ...CORE_SETTINGS, ...JSON_SETTING },
    args,
    {
      name: "show",
      brief: "Shows what a plugin is, may reach and use, and where it is from.",
      word: "NAME[@VERSION]",
    },
  );
  const { name, version } = readPluginWord(word);
  const { plugins } = await openRegistry(settings);
  const plugin = unwrap(await plugins.get(name));
  const isThere = version === undefined ||
    plugin.versions.some((each) => each.version === version);
  if (!isThere) {
    throw new SkymapError(
      "plugin_unknown",
      `Cannot show plugin "${name}" ${version}: there is ${
        plugin.versions.map((each) => each.version).join(", ")
      }`,
    );
  }
  if (settings.json) {
    printLines([JSON.stringify(plugin, null, 2)]);
    return 0;
  }
  const wanted = version ?? plugin.active;
  const shown = plugin.versions.filter((each) =>
    wanted === undefined || each.version === wanted
  );
  printLines([
    `${name} is ${plugin.enabled ? "enabled" : "disabled"}${
      plugin.reason === undefined ? "" : `: ${plugin.reason}`
    }`,
    `versions  ${
      plugin.versions.map((each) =>
        each.version + (each.version === plugin.active ? " (active)" : "") +
        (each.grant === undefined ? " (waits)" : "")
      ).join(", ")
    }`,
    ...shown.flatMap((each) => ["", ...showVersion(each)]),
  ]);
  return 0;
}

/** `skymap plugin show`. */
export const SHOW: PluginCommand = {
  help: "Shows what a plugin is and may do",
  run,
};
