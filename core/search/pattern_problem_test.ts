import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { patternProblem } from "./pattern_problem.ts";

Deno.test("patternProblem() says where a pattern goes wrong", () => {
  const cases: readonly [string, number, RegExp][] = [
    ["a(", 1, /has no end/],
    ["a)", 1, /no "\(" is open/],
    ["x[a-", 1, /has no end/],
    ["[z-a]", 2, /ends before/],
    ["*a", 0, /nothing to repeat/],
    ["a|+", 2, /nothing to repeat/],
    ["a**", 2, /cannot be repeated/],
    ["a{2000}", 1, /at most 1000/],
    ["a{3,2}", 1, /2 is less than 3/],
    ["a\\", 1, /escapes nothing/],
    ["(a)\\1", 3, /cannot refer/],
    ["(?=a)", 0, /ahead or behind/],
    ["(?<!a)", 0, /ahead or behind/],
    ["(?>a)", 0, /no such group/],
    ["\\yb", 0, /no escape/],
    ["[[:foo:]]", 1, /no class/],
  ];
  for (const [pattern, offset, problem] of cases) {
    const found = patternProblem(pattern);
    strictEqual(found?.offset, offset, pattern);
    ok(problem.test(found?.problem ?? ""), `${pattern}: ${found?.problem}`);
  }
});

Deno.test("patternProblem() refuses what the index refuses, and nothing else", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const isTaken = async (pattern: string): Promise<boolean> => {
    try {
      await reader.rows({
        sql: "select regexp_matches('x', $1, 'i')",
        parameters: [pattern],
      });
      return true;
    } catch {
      return false;
    }
  };
  const fixed =
    "^web-.*$ a{,2} a{x} (?i)a (?:a) (?P<n>a) (?m-s:a) [^]a] []a] [a-] " +
    "[a-b-c] [\\d-z] [\\w.] \\pL \\p{Greek} \\Qa(b\\E \\x41 \\x{41} \\012 \\. \\_ " +
    "\\é a?? a+? a{2}? ^* $+ (|a) () [[:alpha:]] [[:^digit:]_] \\bx\\B [\\b] \\Z [\\]] [\\x41-\\x5a]";
  for (const pattern of fixed.split(" ")) {
    deepStrictEqual(
      patternProblem(pattern) === undefined,
      await isTaken(pattern),
      pattern,
    );
  }
  const pieces =
    "a b ( ) [ ] | * + ? {2} {2,} {1001} . ^ $ - \\ \\d \\w \\b \\1 \\x41 " +
    "(?: (?i) (?= [a-z] [^ [:alpha:] \\. { } , : é 1";
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...pieces.split(" ")), { maxLength: 7 }),
      async (words) => {
        const pattern = words.join("");
        strictEqual(
          patternProblem(pattern) === undefined,
          await isTaken(pattern),
          pattern,
        );
      },
    ),
    { numRuns: 2_000 },
  );
});
