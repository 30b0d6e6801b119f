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
    name: "enable",
    brief: "Lets a plugin run: its active version, or the one that is named.",
    word: "NAME[@VERSION]",
  });
  const { name, version } = readPluginWord(word);
  const { plugins } = await openRegistry(settings);
  const { active } = unwrap(await plugins.enable(name, version));
  printLines([`${name} ${active} runs from now on`]);
  return 0;
}

/** `skymap plugin enable`. */
export const ENABLE: PluginCommand = { help: "Lets a plugin run", run };
