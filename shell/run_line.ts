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

const HELP: Command = {
  usage: "help",
  help: "Prints this",
  run: (_rest, { print }) => {
    for (const { usage, help } of Object.values(COMMANDS)) {
      print(usage);
      print(`    ${help}`);
    }
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
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new SkymapError(
      "usage",
      `Cannot run "${name}": no such command; expected one of ${
        Object.keys(COMMANDS).join(", ")
      }`,
    );
  }
  await command.run(rest, context);
}
