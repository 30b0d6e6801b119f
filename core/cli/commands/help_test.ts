import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { runTestLine } from "../_test_line.ts";
import { ALL_COMMANDS } from "../all_commands.ts";
import { type Command, COMMAND_GROUPS } from "../command.ts";
import { TAIL } from "./tail.ts";

async function help(line: string, columns = 80, hasColors = false) {
  const terminal = { columns, hasColors };
  return (await runTestLine(line, { terminal })).text;
}

Deno.test("help lists every command in its group", async () => {
  const text = await help("help");
  const titles = Object.values(COMMAND_GROUPS).filter((title) =>
    text.includes(`\n${title}\n`)
  );
  strictEqual(
    titles.length,
    new Set(ALL_COMMANDS.map(({ group }) => group)).size,
  );
  for (const { name, brief } of ALL_COMMANDS) {
    match(text, new RegExp(`^  ${name}\\s+${brief.split(" ")[0]}`, "m"));
  }
});

Deno.test("help fits the terminal", async () => {
  for (const columns of [40, 80, 100]) {
    for (const { name } of ALL_COMMANDS) {
      for (const line of (await help(`help ${name}`, columns)).split("\n")) {
        // Examples are copied, so they are not broken.
        ok(line.length <= columns || line.startsWith("    "), line);
      }
    }
    for (const line of (await help("help", columns)).split("\n")) {
      ok(line.length <= columns, line);
    }
  }
});

Deno.test("help COMMAND tells how it is called", async () => {
  const end: Command = {
    ...TAIL,
    name: "end",
    aliases: ["finish"],
    examples: TAIL.examples.slice(0, 1),
  };
  const { text } = await runTestLine("help end", { commands: [end] });
  strictEqual(
    text,
    `end: Passes on the last elements

  end [N]
      N  How many; a dash in front of it is allowed (default: 100)

Behind a search it is part of the search. Behind any other command it holds no
more than it passes on.

Also called: finish

Examples
  Lists the last three instances by name
    search is(instance) | sort name | tail 3
`,
  );
  match(await help("man query"), /^search: .*\n\n {2}search \[--with-edges\]/);
  match(await help("help templates add"), /^templates add: Stores a new/);
  const colored = await help("help tail", 80, true);
  ok(colored.startsWith("\u001b[1mtail\u001b[0m: "), colored);
});

Deno.test("help lists aliases, variables and placeholders", async () => {
  const aliases = (await help("help aliases")).trimEnd().split("\n");
  deepStrictEqual(aliases.filter((line) => !/^\S+\t\S+$/.test(line)), []);
  for (
    const pair of [
      ["match", "search"],
      ["query", "search"],
      ["kind", "kinds"],
      ["man", "help"],
      ["ancestor", "ancestors"],
    ]
  ) ok(aliases.includes(pair.join("\t")), String(pair));
  match(await help("help variables"), /^ {2}edge_type {2,}The edges/m);
  match(await help("help placeholders"), /^ {2}@YESTERDAY@ +2026-01-09$/m);
});

Deno.test("help guesses what was meant", async () => {
  await rejects(help("help serch"), {
    code: "usage",
    message: /did you mean "search"\?/,
  });
  await rejects(help("help templates nope"), {
    code: "usage",
    message: /wanted list, show, add, update, delete, test/,
  });
});

Deno.test("welcome says hello with a tip that fits the terminal", async () => {
  const text = await help("welcome", 50);
  match(text, /^Skymap 1\.2\.3\n\nTry "search/);
  match(text, /^Tip: /m);
  for (const line of text.split("\n")) ok(line.length <= 50, line);
});
