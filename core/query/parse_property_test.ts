import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { query } from "./_arbitrary.ts";
import { EXAMPLES } from "./_examples.ts";
import type { Query } from "./ast.ts";
import { parseQuery } from "./parse.ts";
import { printQuery } from "./print.ts";
import { QuerySyntaxError } from "./syntax_error.ts";

/** The plain data of a tree, without frozenness and undefined keys. */
function plain(tree: Query): unknown {
  return JSON.parse(JSON.stringify(tree));
}

Deno.test("parseQuery() reads what printQuery() wrote", () => {
  fc.assert(
    fc.property(query, (tree) => {
      deepStrictEqual(plain(parseQuery(printQuery(tree))), plain(tree));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("parseQuery() answers any text with a tree or a place", () => {
  const pieces = EXAMPLES.flatMap(({ text }) => text.split(/(?<=[\W])/));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.array(fc.constantFrom(...pieces), { maxLength: 15 })
          .map((words) => words.join("")),
        fc.tuple(fc.constantFrom(...EXAMPLES), fc.nat(), fc.nat(4), fc.string())
          .map(([{ text }, at, cut, put]) => {
            const from = at % (text.length + 1);
            return text.slice(0, from) + put + text.slice(from + cut);
          }),
      ),
      (text) => {
        try {
          const printed = printQuery(parseQuery(text));
          strictEqual(printQuery(parseQuery(printed)), printed);
        } catch (error) {
          if (!(error instanceof QuerySyntaxError)) throw error;
          ok(error.line >= 1 && error.column >= 1, text);
          ok(error.column <= text.length + 1, text);
        }
      },
    ),
    { numRuns: 1_500 },
  );
});
