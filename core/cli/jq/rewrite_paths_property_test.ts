import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { runJq } from "./jq_run.ts";
import { rewritePaths } from "./rewrite_paths.ts";

const REPORTED = {
  a: 1,
  b: "x",
  c: { a: [1, 2, { b: 3 }], b: null },
  d: [{ a: 1, b: 2 }, { a: 3 }],
  name: "n | .a",
  "o p": true,
};

/** What a filter makes of a value, in the test's own process. */
async function results(filter: string, value: unknown): Promise<unknown> {
  let rest: Uint8Array | undefined = new TextEncoder().encode(
    `${JSON.stringify(value)}\n`,
  );
  const decoder = new TextDecoder();
  let text = "";
  const failure = await runJq({
    filter,
    prelude: "",
    maxBytes: 100_000_000,
    read: () => {
      const bytes = rest;
      rest = undefined;
      return bytes;
    },
    write: (bytes) => text += decoder.decode(bytes.slice(), { stream: true }),
    flush: () => {},
    tell: () => {},
  });
  return [text, failure === undefined];
}

/** Filters that use the element by its paths alone. */
const { filter } = fc.letrec<{ filter: string; other: string }>((tie) => {
  const one = tie("filter");
  // Of any value.
  const other = fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(".", ".a?", ".b?", "[.]", ".[0]?", "tojson"),
    fc.tuple(tie("other"), tie("other")).map(([x, y]) => `(${x} | ${y})`),
    fc.tuple(tie("other"), tie("other")).map(([x, y]) => `[${x}, ${y}]`),
    tie("other").map((x) => `select(${x}) | .a?`),
  );
  return {
    other,
    filter: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(
        ...[".a", ".b", ".c.a", ".d[0].b", '."o p"', '.["name"]', ".d[]"],
        ...['".a | .b"', "1", "null", ".c.a[.a]", "{name}", "{a, b}"],
        ...['{"o p"}', "$__loc__", '.c["b"]', ".nothing?.x"],
      ),
      fc.tuple(one, one).map(([x, y]) => `[${x}, ${y}]`),
      fc.tuple(one, one).map(([x, y]) => `(${x}, ${y})`),
      fc.tuple(one, one).map(([x, y]) => `{k: (${x}), l: (${y}), name}`),
      fc.tuple(one, one).map(([x, y]) => `{("k"): [${x}] | length, l: (${y})}`),
      fc.tuple(one, one).map(([x, y]) => `((${x}) // (${y}))`),
      fc.tuple(one, one).map(([x, y]) => `((${x}) == (${y}))`),
      fc.tuple(one, one).map(([x, y]) => `"t\\(${x}) .a \\(${y})"`),
      fc.tuple(one, one, one).map(([x, y, z]) =>
        `if ${x} then ${y} else ${z} end`
      ),
      fc.tuple(one, tie("other")).map(([x, y]) => `(${x} | ${y})`),
      fc.tuple(one, tie("other")).map(([x, y]) => `([${x}] | map(${y}))`),
      fc.tuple(one, one).map(([x, y]) => `(select(${x}) | ${y})`),
      fc.tuple(one, one).map(([x, y]) => `(.a = [${x}] | ${y})`),
      fc.tuple(one, one).map(([x, y]) => `((${x}) as $x | [$x, ${y}])`),
      fc.tuple(one, one, tie("other")).map(([x, y, z]) =>
        `reduce (${x}) as $i (${y}; [., $i, (${z})])`
      ),
      fc.tuple(one, tie("other")).map(([x, y]) =>
        `(try error(${x}) catch [${y}])`
      ),
      fc.tuple(one, one).map(([x, y]) => `first(${x}, ${y})`),
      fc.tuple(one, tie("other")).map(([x, y]) =>
        `any([${x}][]; ${y} | . == 1)`
      ),
      fc.tuple(one, tie("other")).map(([x, y]) => `(def f: ${y}; [${x}] | f)`),
      one.map((x) => `(label $out | ${x}, break $out)`),
      one.map((x) => `(${x} # .a | .b\n)`),
    ),
  };
});

Deno.test("a filter below a section gives what it gives of the section", async () => {
  const node = { reported: REPORTED, a: "not this", name: "nor this", d: 7 };
  await fc.assert(
    fc.asyncProperty(filter, async (filter) => {
      deepStrictEqual(
        await results(rewritePaths(filter, "reported"), node),
        await results(filter, REPORTED),
        filter,
      );
    }),
    { numRuns: 400 },
  );
});
