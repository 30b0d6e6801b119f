import type { PluginClient } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import {
  CORE_SETTINGS,
  openRegistry,
  type PluginWord,
  readPluginName,
  readPluginWord,
} from "./registry_settings.ts";

/** What a command does to one plugin. */
export interface PluginChange {
  /** Its name. */
  readonly name: string;
  /** What it does, in one sentence, for the list of commands. */
  readonly help: string;
  /** The same for its own `--help`. */
  readonly brief: string;
  /** Whether a version may be named. */
  readonly takesVersion: boolean;
  /** Does it; gives the line to print. */
  readonly change: (
    plugins: PluginClient,
    plugin: PluginWord,
  ) => Promise<string>;
}

/** A command that changes one plugin, and says so. */
export function changeCommand(
  { name, help, brief, takesVersion, change }: PluginChange,
): PluginCommand {
  return {
    help,
    run: async (args) => {
      const { word, settings } = readCommand(CORE_SETTINGS, args, {
        name,
        brief,
        word: takesVersion ? "NAME[@VERSION]" : "NAME",
      });
      const plugin = takesVersion
        ? readPluginWord(word)
        : { name: readPluginName(word) };
      const { plugins } = await openRegistry(settings);
      printLines([await change(plugins, plugin)]);
      return 0;
    },
  };
}
