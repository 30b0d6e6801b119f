import { deepStrictEqual } from "node:assert/strict";
import { ALL_COMMANDS } from "./all_commands.ts";
import { COMMAND_GROUPS } from "./command.ts";
import { VARIABLES } from "./environment.ts";

/** A section of docs/cli.md up to the next one of its level. */
async function section(title: string): Promise<string> {
  const docs = new URL("../../docs/cli.md", import.meta.url);
  const text = await Deno.readTextFile(docs);
  const [level = ""] = title.split(" ");
  const [, found = ""] = text.split(`\n${title}\n`);
  return found.split(`\n${level} `)[0] ?? "";
}

Deno.test("docs/cli.md has every variable", async () => {
  deepStrictEqual(
    [...(await section("### Variables")).matchAll(/^\| `(\w+)`/gm)].map((
      [, name],
    ) => name),
    VARIABLES.map(({ name }) => name),
  );
});

Deno.test("docs/cli.md has every command, in the order of help", async () => {
  const rows = (await section("## Commands")).matchAll(
    /^\| `(\w+)` +\| (.*?) +\|$/gm,
  );
  deepStrictEqual(
    [...rows].map(([, name, brief]) => [name, brief]),
    Object.keys(COMMAND_GROUPS).flatMap((group) =>
      ALL_COMMANDS.filter((command) => command.group === group)
        .map(({ name, brief }) => [name, brief])
    ),
  );
});
