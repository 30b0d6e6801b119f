/**
 * Commands of plugins as commands of the line.
 *
 * @module
 */

import type { CommandHelp } from "@skymap/lib/plugin";
import type { Command } from "../command.ts";
import type { CoreServices } from "../core_services.ts";
import { runPluginCommand } from "./run_plugin_command.ts";

/** What a command is made of. */
interface PluginCommand {
  readonly plugin: string;
  readonly command: string;
  /** What the plugin is for. */
  readonly description: string;
  /** What the plugin says of it. */
  readonly help: CommandHelp | undefined;
  /** Whether no other command has its name. */
  readonly isFree: boolean;
}

function commandOf(
  { plugin, command, description, help, isFree }: PluginCommand,
): Command {
  const full = `${plugin}.${command}`;
  const brief = help?.brief ?? `Runs a command of plugin "${plugin}"`;
  return {
    name: isFree ? command : full,
    ...(isFree && { aliases: [full] }),
    group: "automate",
    brief,
    description: `${help?.description ?? description}\n\n` +
      `It runs on a worker, in the sandbox of plugin "${plugin}". What follows ` +
      "it is given to it as words, what comes through `|` as its input; it is " +
      "not run when nothing comes.",
    position: "either",
    forms: [{
      brief,
      parameters: [{
        name: "words",
        isRest: true,
        help: help?.words ?? "What the command is given",
      }],
      prepare: (args) => ({
        output: "elements",
        isChange: true,
        run: (input, context) =>
          runPluginCommand(
            { plugin, command, words: args.get("words") ?? "" },
            input,
            context,
          ),
      }),
    }],
    // Its lines are written for the name that it likes to have.
    examples: isFree ? help?.examples ?? [] : [],
  };
}

/**
 * Every command of the plugins that run: by its own name where no other command
 * has it, and always as `plugin.command`.
 */
export function pluginCommands(
  { plugins }: Pick<CoreServices, "plugins">,
  others: readonly Command[],
): readonly Command[] {
  const taken = new Map<string, number>();
  const take = (name: string) => taken.set(name, (taken.get(name) ?? 0) + 1);
  for (const { name, aliases = [] } of others) {
    take(name);
    for (const alias of aliases) take(alias);
  }
  const active = plugins.active().plugins;
  for (const { manifest } of active) manifest.commands.forEach(take);
  return active.flatMap(({ name, manifest }) =>
    manifest.commands.map((command) =>
      commandOf({
        plugin: name,
        command,
        description: manifest.description,
        help: manifest.commandHelp?.[command],
        isFree: taken.get(command) === 1,
      })
    )
  );
}
