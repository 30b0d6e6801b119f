/**
 * The role `plugin`: what authors of plugins do, and what operators do with
 * them. A plugin's code never runs in this process.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { PluginCommands } from "./plugin_command.ts";
import { KIT_COMMANDS } from "./plugin_kit/commands.ts";
import { printLines } from "./plugin_kit/read_command.ts";
import { OPERATOR_COMMANDS } from "./plugin_operator/mod.ts";

const COMMANDS: PluginCommands = { ...KIT_COMMANDS, ...OPERATOR_COMMANDS };

/** Exit code of a command that Ctrl-C ended, as shells have it. */
const STOPPED = 130;

const HELP = [
  "Usage: skymap plugin COMMAND [OPTIONS]",
  "",
  "Commands:",
  ...Object.entries(COMMANDS).map(([name, { help }]) =>
    `  ${name.padEnd(9)} ${help}`
  ),
  "",
  "skymap plugin COMMAND --help prints the options of a command.",
];

/** Carries out the command that the first word names; gives the exit code. */
export async function run(
  [name = "--help", ...args]: readonly string[],
): Promise<number> {
  if (name === "--help" || name === "-h") {
    printLines(HELP);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new SkymapError(
      "usage",
      `Cannot do plugin "${name}": there is no such command, wanted one of ${
        Object.keys(COMMANDS).join(", ")
      }`,
    );
  }
  try {
    return await command.run(args);
  } catch (error) {
    const isStopped = error instanceof DOMException &&
      error.name === "AbortError";
    if (isStopped) return STOPPED;
    throw error;
  }
}
