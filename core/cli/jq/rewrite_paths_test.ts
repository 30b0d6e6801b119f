import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { rewritePaths } from "./rewrite_paths.ts";
import { tokenize } from "./tokenize.ts";

/** Filters, and what becomes of them in section `r`. */
const CASES: readonly (readonly [string, string])[] = [
  [".name", ".r.name"],
  [".", "."],
  ["..", ".."],
  [".[]", ".[]"],
  [".[0]", ".[0]"],
  ['."a b".c', '.r."a b".c'],
  ['.["name"].x', '.r["name"].x'],
  ["./metadata.x", ".metadata.x"],
  ["[./id, .id]", "[.id, .r.id]"],
  [".a,.b", ".r.a,.r.b"],
  [".a.b[0].c?", ".r.a.b[0].c?"],
  [".a[.b]", ".r.a[.r.b]"],
  [".a .b", ".r.a .b"],
  // Behind a pipe `.` is another value.
  [".a | .b", ".r.a | .b"],
  ["{a: .a, b: .b} | {c: .a}", "{a: .r.a, b: .r.b} | {c: .a}"],
  ["(.a | .b) + .c", "(.r.a | .b) + .r.c"],
  ["{a: .x | .y, b: .z}", "{a: .r.x | .y, b: .r.z}"],
  [".a | ./length", ".r.a | ./length"],
  // What gives the element itself, or an altered one, changes nothing.
  ["select(.a) | .b", "select(.r.a) | .r.b"],
  [
    "select(.a | .b) | select(.c) | {d, e: ./f} | .g",
    "select(.r.a | .b) | select(.r.c) | {d: .r.d, e: .f} | .g",
  ],
  [". | .a", ". | .r.a"],
  ["del(.a) | .b", "del(.r.a) | .r.b"],
  [".a = 1 | .b", ".r.a = 1 | .r.b"],
  [".a |= .x | .b", ".r.a |= .x | .r.b"],
  ['.a += {"b": [1, 2]} | .b', '.r.a += {"b": [1, 2]} | .r.b'],
  ["debug | .a as $x | .b", "debug | .r.a as $x | .r.b"],
  ["[select(.a) | .b]", "[select(.r.a) | .r.b]"],
  ["{a: select(.b) | .c}", "{a: select(.r.b) | .r.c}"],
  [
    "if select(.a) | .b then .c else .d end",
    "if select(.r.a) | .r.b then .r.c else .r.d end",
  ],
  ["select(.a).b | .c", "select(.r.a).b | .c"],
  ["select(.a), .b | .c", "select(.r.a), .r.b | .c"],
  [".a = 1, .b | .c", ".r.a = 1, .r.b | .c"],
  [".a == 1 | .b", ".r.a == 1 | .b"],
  [".a[] | select(.b) | .c", ".r.a[] | select(.b) | .c"],
  // Texts, comments and numbers are no paths.
  ['"a.b .c"', '"a.b .c"'],
  ['"\\\\" + .a', '"\\\\" + .r.a'],
  ['"x\\(.a + "y\\(.b)")" + .c', '"x\\(.r.a + "y\\(.r.b)")" + .r.c'],
  ['"\\(.a | .b)\\(.c)"', '"\\(.r.a | .b)\\(.r.c)"'],
  ['@base64 "\\(.a)"', '@base64 "\\(.r.a)"'],
  [".a # .b | .c\n, .d", ".r.a # .b | .c\n, .r.d"],
  [".a * .5 + 1.5", ".r.a * .5 + 1.5"],
  // Bindings leave `.` as it is.
  [".a as $x | .b", ".r.a as $x | .r.b"],
  [".a as [$x, {b: $y}] | [$x.c, .d]", ".r.a as [$x, {b: $y}] | [$x.c, .r.d]"],
  ["label $out | .a, break $out", "label $out | .r.a, break $out"],
  [
    "reduce .a[] as $x (.b; . + .c + $x.d) + .e",
    "reduce .r.a[] as $x (.r.b; . + .c + $x.d) + .r.e",
  ],
  [
    "foreach (.a | .b[]) as $x (0; .c; .d)",
    "foreach (.r.a | .b[]) as $x (0; .c; .d)",
  ],
  // Branches each get what the whole gets.
  [
    "if .a | .b then .c elif .d then .e else .f end | .g",
    "if .r.a | .b then .r.c elif .r.d then .r.e else .r.f end | .g",
  ],
  ["try .a catch .b, .c", "try .r.a catch .b, .r.c"],
  ["try error(.a) catch (.b + .c)", "try error(.r.a) catch (.b + .c)"],
  ["try .a catch error(.b), .c", "try .r.a catch error(.b), .r.c"],
  // Functions that hand something else to their arguments.
  ["select(.a == .b)", "select(.r.a == .r.b)"],
  ["select(.a) | .b", "select(.r.a) | .r.b"],
  [
    'select(.a == ")") | select(.b) | .c | .d',
    'select(.r.a == ")") | select(.r.b) | .r.c | .d',
  ],
  ["[select(.a) | .b]", "[select(.r.a) | .r.b]"],
  [
    "if .x then select(.a) | .b else .c end",
    "if .r.x then select(.r.a) | .r.b else .r.c end",
  ],
  [".a as $x | select(.b) | .c", ".r.a as $x | select(.r.b) | .r.c"],
  ["select(.a).b | .c", "select(.r.a).b | .c"],
  [".t, select(.a) | .b", ".r.t, select(.r.a) | .b"],
  [
    "def select(f): .x; select(.a) | .b",
    "def select(f): .x; select(.r.a) | .b",
  ],
  [".tags | map(.a)", ".r.tags | map(.a)"],
  ["[.a, .b] == map(.c)", "[.r.a, .r.b] == map(.c)"],
  ["any(.a[]; .b)", "any(.r.a[]; .b)"],
  ["any(.b) or .c", "any(.b) or .r.c"],
  ['sub("x"; .a; "g") + .b', 'sub("x"; .a; "g") + .r.b'],
  ["limit(2; .a[])", "limit(2; .r.a[])"],
  ["with_entries(.value |= .x)", "with_entries(.value |= .x)"],
  ["del(.a, .b.c)", "del(.r.a, .r.b.c)"],
  // Definitions may be called with anything.
  ["def f: .a; f + .b", "def f: .a; f + .r.b"],
  ["def f($x; g): .a | g; f(.b; .c)", "def f($x; g): .a | g; f(.r.b; .r.c)"],
  [".a | def f: .; .b", ".r.a | def f: .; .b"],
  ["def map(f): f; map(.a)", "def map(f): f; map(.r.a)"],
  // Updates.
  [".a |= .b, .c", ".r.a |= .b, .r.c"],
  [".a = .b", ".r.a = .r.b"],
  [".a // .b", ".r.a // .r.b"],
  // Short forms of objects.
  ["{name, kind}", "{name: .r.name, kind: .r.kind}"],
  ['{"a b", $x, c: {d}}', '{"a b": .r."a b", $x, c: {d: .r.d}}'],
  [".a | {name}", ".r.a | {name}"],
  ["{(.a): .b}", "{(.r.a): .r.b}"],
  ["{if: .then, reduce: .a} | .b", "{if: .r.then, reduce: .r.a} | .b"],
  // What does not even look like a filter stays what it is.
  [")", ")"],
  ['"open', '"open'],
  ["", ""],
];

Deno.test("rewritePaths() puts the section before paths of the element alone", () => {
  for (const [filter, wanted] of CASES) {
    strictEqual(rewritePaths(filter, "r"), wanted, filter);
  }
});

Deno.test("rewritePaths() without a section begins every path at the element", () => {
  const filter = '[.a, ./b, .["c"], {d}] | .e';
  strictEqual(
    rewritePaths(filter, ""),
    '[.a, .b, .["c"], {d: .d}] | .e',
  );
});

Deno.test("tokenize() loses and changes no character", () => {
  const piece = fc.constantFrom(
    ...[".", '"', "\\(", ")", "(", "a", " ", "#", "\n", "|", "{", "}", "\\"],
    ...["if", "end", "def f:", ";", "é", "1.5", "$x", "[", "]", "?//", "\\\\"],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const filter = pieces.join("");
      const { tokens, rest } = tokenize(filter);
      strictEqual(
        tokens.map(({ space, text }) => space + text).join("") + rest,
        filter,
      );
      rewritePaths(filter, "r");
    }),
    { numRuns: 2_000 },
  );
});
