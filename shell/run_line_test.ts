import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { CoreClient } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import type { LineContext } from "./commands/command.ts";
import { runLine } from "./run_line.ts";

/** Runs a line that does not need core; gives what it printed. */
async function printed(
  line: string,
  started: Partial<LineContext> = {},
): Promise<readonly string[]> {
  const lines: string[] = [];
  await runLine(line, {
    client: new CoreClient({
      coreUri: "http://127.0.0.1:1",
      token: () => Promise.reject(new Error("asked core")),
    }),
    graph: "main",
    section: "reported",
    json: false,
    print: (text) => lines.push(text),
    write: () => {},
    note: () => {},
    signal: new AbortController().signal,
    ...started,
  });
  return lines;
}

Deno.test("runLine() tells about all commands or one", async () => {
  const all = await printed("help");
  ok(all.length > 20);
  const search = await printed("help search");
  match(search[0] ?? "", /^search \[--at TIME\]/);
  strictEqual(search.length, 2);
  deepStrictEqual(await printed("search --help"), search);
  deepStrictEqual(await printed(" search  -h "), search);
  deepStrictEqual(await printed("  "), []);
});

Deno.test("runLine() refuses wrong words before it asks core", async () => {
  const cases: readonly [string, RegExp, Partial<LineContext>?][] = [
    ["sarch all", /"sarch": no such command, wanted one of search, /],
    ["help sarch", /"sarch": no such command/],
    ["constructor", /no such command/],
    ["search", /nothing is asked for/],
    ["ledger nope", /wanted ledger \[complete/],
    ["workflows run", /wanted workflows \[list/],
    ["workflows log", /wanted workflows \[list/],
    ["workflows history x", /wanted workflows \[list/],
    ["workflows run a b", /wanted workflows \[list/],
    ["workflows stop", /wanted workflows \[list/],
    ["snapshots remove a", /wanted snapshots \[list/],
    ["templates add x", /wanted templates \[list/],
    ["history --of things all", /wanted history \[--after/],
    ["history all", /takes no --at,/, { at: "3d" }],
    ["history all", /takes no --count,/, { count: true }],
    ["history all", /takes no --format,/, { format: "csv" }],
  ];
  for (const [line, message, started] of cases) {
    await rejects(printed(line, started), (error) => {
      ok(isSkymapError(error, "usage"), `${line}: ${error}`);
      match(error.message, message);
      return true;
    });
  }
});
