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

Deno.test("patternProblem() refuses repetitions that become too large", () => {
  const names = Array.from({ length: 2_000 }, (_, at) => `i-${at}`).join("|");
  const taken = [
    "^.{128,}$",
    ".{1,255}",
    "[ab]{300}",
    "[ab]{600}",
    "^[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){1,3}$",
    "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "([ab]{10}){60}",
    "\\pL{10}",
    "\\pL+ [\\pL\\pN]+",
    "x".repeat(5_000),
    `^(${names})$`,
    `^(${names}){1}$`,
  ];
  for (const pattern of taken) {
    strictEqual(patternProblem(pattern), undefined, pattern);
  }
  const refused: readonly [string, number][] = [
    ["[ab]{601}", 4],
    ["[ab]{1000}c", 4],
    ["a{300}b{301}", 7],
    ["(a{30}){30}c", 7],
    ["((a|b)?){300}", 8],
    ["(a?b?){300}", 6],
    [".{1,400}", 1],
    ["\\pL{13}", 3],
    ["[^\\PL]{13}", 6],
    ["(\\pL\\pN){7}", 8],
    ["\\pL".repeat(13), 36],
    ["\\Qab\\E{200}", 6],
  ];
  for (const [pattern, offset] of refused) {
    const found = patternProblem(pattern);
    strictEqual(found?.offset, offset, pattern);
    ok(found?.problem.endsWith("at most 600 are possible"), found?.problem);
  }
});

Deno.test("a pattern of the largest size is done with a vector of long texts", async () => {
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  // Each would take half a minute at a size of 1,000.
  for (const pattern of ["[ab]{600}c", "[^,]{600}z", "(a?b?){150}7"]) {
    strictEqual(patternProblem(pattern), undefined, pattern);
    const rows = await reader.rows({
      sql:
        "select count(*) from range(2048) t(i) where regexp_matches(repeat('ab', 512) || i, $1, 'i')",
      parameters: [pattern],
    }, { timeoutMs: 2_000 });
    strictEqual(rows.length, 1, pattern);
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
    "^web-.*$ a{,2} a{x} (?i)a (?)a (?-) (?i-)a (?:a) (?P<n>a) (?m-s:a) [^]a] []a] [a-] " +
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
