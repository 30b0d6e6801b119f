import { unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import {
  CORE_SETTINGS,
  openRegistry,
  readPluginName,
} from "./registry_settings.ts";

async function run(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(CORE_SETTINGS, args, {
    name: "rollback",
    brief: "Returns to the version that was active before.",
    word: "NAME",
  });
  const name = readPluginName(word);
  const { plugins } = await openRegistry(settings);
  const { active } = unwrap(await plugins.rollback(name));
  printLines([`${name} ${active} runs again`]);
  return 0;
}

/** `skymap plugin rollback`. */
export const ROLLBACK: PluginCommand = {
  help: "Returns to the version before",
  run,
};
