import { unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import {
  CORE_SETTINGS,
  openRegistry,
  readPluginWord,
} from "./registry_settings.ts";

async function run(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(CORE_SETTINGS, args, {
    name: "remove",
    brief:
      "Removes a version that is not active, or all that were added of a plugin.",
    word: "NAME[@VERSION]",
  });
  const { name, version } = readPluginWord(word);
  const { plugins } = await openRegistry(settings);
  unwrap(await plugins.remove(name, version));
  printLines([`${word} is removed; what it collected stays in the graph`]);
  return 0;
}

/** `skymap plugin remove`. */
export const REMOVE: PluginCommand = { help: "Removes a plugin", run };
