/**
 * Runs one line: finds the command that it begins with.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import {
  type Command,
  firstWord,
  type LineContext,
} from "./commands/command.ts";
import { EXPLAIN, STRUCTURE } from "./commands/explain.ts";
import { HISTORY } from "./commands/history.ts";
import { KINDS } from "./commands/kinds.ts";
import { LEDGER } from "./commands/ledger.ts";
import { PLUGINS } from "./commands/plugins.ts";
import { SEARCH } from "./commands/search.ts";
import { SNAPSHOTS } from "./commands/snapshots.ts";
import { TEMPLATES } from "./commands/templates.ts";
import { WORKFLOWS } from "./commands/workflows.ts";

function printHelp(
  { usage, help }: Command,
  { print }: Pick<LineContext, "print">,
): void {
  print(usage);
  print(`    ${help}`);
}

const HELP: Command = {
  usage: "help [COMMAND]",
  help: "Tells what the commands do, as COMMAND --help does",
  run: (name, context) => {
    const wanted = name === "" ? Object.values(COMMANDS) : [commandOf(name)];
    for (const command of wanted) printHelp(command, context);
    return Promise.resolve();
  },
};

/** Every command by its name. */
const COMMANDS: Readonly<Record<string, Command>> = {
  search: SEARCH,
  history: HISTORY,
  explain: EXPLAIN,
  structure: STRUCTURE,
  snapshots: SNAPSHOTS,
  templates: TEMPLATES,
  kinds: KINDS,
  plugins: PLUGINS,
  workflows: WORKFLOWS,
  ledger: LEDGER,
  help: HELP,
};

function commandOf(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command;
  throw new SkymapError(
    "usage",
    `Cannot run "${name}": no such command, wanted one of ${
      Object.keys(COMMANDS).join(", ")
    }`,
  );
}

/**
 * Runs one line.
 *
 * @throws {SkymapError} `usage`, if the command is unknown; else what core said.
 */
export async function runLine(
  line: string,
  context: LineContext,
): Promise<void> {
  const [name, rest] = firstWord(line);
  if (name === "") return;
  const command = commandOf(name);
  if (rest === "--help" || rest === "-h") printHelp(command, context);
  else await command.run(rest, context);
}
