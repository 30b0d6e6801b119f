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
    name: "disable",
    brief: "Stops a plugin from running.",
    word: "NAME",
  });
  const name = readPluginName(word);
  const { plugins } = await openRegistry(settings);
  unwrap(await plugins.disable(name));
  printLines([`${name} does not run any more`]);
  return 0;
}

/** `skymap plugin disable`. */
export const DISABLE: PluginCommand = {
  help: "Stops a plugin from running",
  run,
};
