/**
 * The command line as core serves it.
 *
 * @module
 */

import { ALL_COMMANDS } from "./cli/all_commands.ts";
import { CommandLine, type CommandLineParts } from "./cli/command_line.ts";
import type { CoreServices } from "./cli/core_services.ts";
import { customCommands } from "./cli/custom_commands/custom_command.ts";
import { SHIPPED_COMMANDS } from "./cli/custom_commands/shipped_commands.ts";
import { pluginCommands } from "./cli/plugin_commands/plugin_commands.ts";
import { lineDefaults } from "./open_configs.ts";

/** Makes the command line, with the commands and variables that are configured. */
export function coreCommandLine(
  services: CoreServices,
  { clock, watch }: Pick<CommandLineParts, "clock" | "watch"> = {},
): CommandLine {
  return new CommandLine({
    services,
    ...(clock !== undefined && { clock }),
    ...(watch !== undefined && { watch }),
    moreCommands: () => {
      const custom = customCommands(
        services.commandConfig.customCommands(),
        SHIPPED_COMMANDS,
      );
      const others = [...ALL_COMMANDS, ...custom];
      return [...custom, ...pluginCommands(services, others)];
    },
    defaults: () => lineDefaults(services.configs),
  });
}
