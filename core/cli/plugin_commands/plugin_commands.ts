/**
 * Commands of plugins as commands of the line.
 *
 * @module
 */

import type { Command } from "../command.ts";
import type { CoreServices } from "../core_services.ts";
import { runPluginCommand } from "./run_plugin_command.ts";

function commandOf(
  plugin: string,
  command: string,
  description: string,
  isFree: boolean,
): Command {
  const full = `${plugin}.${command}`;
  const brief = `Runs a command of plugin "${plugin}"`;
  return {
    name: isFree ? command : full,
    ...(isFree && { aliases: [full] }),
    group: "automate",
    brief,
    description:
      `${description}\n\nIt runs on a worker, in the plugin's sandbox. What ` +
      "follows it is given to it as words, what comes through `|` as its input.",
    position: "either",
    forms: [{
      brief,
      parameters: [{
        name: "words",
        isRest: true,
        help: "What the command is given",
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
    examples: [],
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
      commandOf(name, command, manifest.description, taken.get(command) === 1)
    )
  );
}
