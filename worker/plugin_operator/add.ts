import { unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import { APPROVAL_SETTINGS, approveVersion } from "./approve_version.ts";
import { fetchNamed, fetchPlugin } from "./fetch_plugin.ts";
import {
  CORE_SETTINGS,
  INDEX_SETTING,
  isPluginWord,
  openRegistry,
  readPluginWord,
} from "./registry_settings.ts";
import { showDifference, showVersion } from "./show_version.ts";

async function run(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(
    {
      ...CORE_SETTINGS,
      ...APPROVAL_SETTINGS,
      ...INDEX_SETTING,
    },
    args,
    {
      name: "add",
      brief:
        "Adds a plugin by URL, path or name, shows what it asks for, and approves it.",
      word: "URL|PATH|NAME[@VERSION]",
    },
  );
  const core = await openRegistry(settings);
  const { registry } = settings;
  const options = { registry, core, signal: core.signal };
  const isNamed = isPluginWord(word);
  if (isNamed && registry === undefined) {
    throw new SkymapError(
      "usage",
      `Cannot add plugin "${word}": no registry is named, wanted --registry ` +
        "URL, or the URL or path of a plugin",
    );
  }
  const { name, version } = isNamed ? readPluginWord(word) : { name: "" };
  const addition = isNamed && registry !== undefined
    ? await fetchNamed(name, version, registry, options)
    : await fetchPlugin(word, options);
  const added = unwrap(await core.plugins.add(addition));
  printLines([
    ...showVersion(added.version),
    ...(added.difference === undefined ? [] : showDifference(added.difference)),
  ]);
  printLines(
    await approveVersion(core.plugins, added.version, settings, core.signal),
  );
  return 0;
}

/** `skymap plugin add`. */
export const ADD: PluginCommand = {
  help: "Adds a plugin by URL, path or name",
  run,
};
