import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isSkymapError } from "@skymap/lib/errors";
import { testCommandLine, testZoo, zooService } from "./_test_line.ts";
import { ALL_COMMANDS } from "./all_commands.ts";

const CALLER = { subject: "test", role: "operator" } as const;

const names = ALL_COMMANDS.flatMap(({ name, aliases = [] }) => [
  name,
  ...aliases,
]);
const verbs = ALL_COMMANDS.flatMap(({ forms }) =>
  forms.flatMap(({ verb }) => verb ?? [])
);
const options = ALL_COMMANDS.flatMap(({ forms }) =>
  forms.flatMap(({ parameters }) => parameters.map(({ name }) => name))
);

/** What lines are made of, and what they are broken with. */
const piece = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(...verbs, ...options),
  fc.constantFrom("|", "|", "|", ";", '"', "'", "`", "\\", "=", ",", "\n"),
  fc.constantFrom(
    "is(zoo_cat)",
    "int > 3",
    "and",
    "-->",
    "sort int",
    "limit 3",
  ),
  fc.constantFrom("graph=main", "at=1d", "section=", "now=2026-01-01", "a=b"),
  fc.constantFrom("@TODAY@", "@NOW@", "expand(x)", "sum(1)", "kind:", "{a}"),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);

Deno.test("lines of any kind are understood, or refused with a place in them", async () => {
  await using zoo = await testZoo();
  const commandLine = testCommandLine({ graph: zooService(zoo) });
  let understood = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("search all", "json 1", "", "echo a"),
      fc.array(piece, { maxLength: 8 }),
      async (start, pieces) => {
        const line = [start, ...pieces].join(" ");
        try {
          await commandLine.prepare(line, { caller: CALLER });
          understood++;
        } catch (error) {
          ok(isSkymapError(error), `${JSON.stringify(line)}: ${error}`);
          const { line: row, column, frame } = error.details;
          if (column === undefined) return;
          // The caret stands under a sign of the line, or right behind it.
          const rows = line.split("\n");
          const at = Number(column) - 1;
          ok(
            at >= 0 && at <= (rows[Number(row) - 1] ?? "").length,
            String(frame),
          );
        }
      },
    ),
    { numRuns: 5_000 },
  );
  strictEqual(understood > 100, true, `${understood} lines were understood`);
});
