import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { SkymapError } from "@skymap/lib/errors";
import { parseLines } from "./parse_lines.ts";
import { printable, type PrintableLine, printLine } from "./print_line.ts";
import { quoteWord, readWords, unquote } from "./words.ts";

function read(text: string): readonly PrintableLine[] {
  return parseLines(text).map(printable);
}

Deno.test("parseLines() splits lines, variables and stages", () => {
  const cases: readonly (readonly [string, ...PrintableLine[]])[] = [
    ["search all", { environment: [], stages: ["search all"] }],
    [" search all  |  list ;; echo x ; ", {
      environment: [],
      stages: ["search all", "list"],
    }, { environment: [], stages: ["echo x"] }],
    ['graph=prod, at="3 d" section= search all', {
      environment: [["graph", "prod"], ["at", "3 d"], ["section", ""]],
      stages: ["search all"],
    }],
    // A comparison is no variable.
    ["a==b", { environment: [], stages: ["a==b"] }],
    ["a=~b", { environment: [], stages: ["a=~b"] }],
    // What is in quotes or behind a backslash separates nothing.
    [`search name =~ "a|b;c" | echo 'x | y; "z"'`, {
      environment: [],
      stages: [`search name =~ "a|b;c"`, `echo 'x | y; "z"'`],
    }],
    [String.raw`echo a\|b \; "c\"|d" | list`, {
      environment: [],
      stages: [String.raw`echo a\|b \; "c\"|d"`, "list"],
    }],
    ["search tags.`a|b;'c` = 1 | list", {
      environment: [],
      stages: ["search tags.`a|b;'c` = 1", "list"],
    }],
    ["search\n  is(a)\n| list", {
      environment: [],
      stages: ["search\n  is(a)", "list"],
    }],
  ];
  for (const [text, ...wanted] of cases) deepStrictEqual(read(text), wanted);
});

Deno.test("parseLines() shows where a line cannot be read", () => {
  const cases = [
    ["", 'it is empty, wanted a command such as "help"', 1],
    [" ; ", 'it is empty, wanted a command such as "help"', 1],
    ["| list", 'nothing stands in front of "|", wanted a command', 1],
    ["a | | b", 'nothing stands behind "|", wanted a command', 4],
    ["a; b |", 'nothing stands behind "|", wanted a command', 7],
    ["graph=x ", "no command follows the variables, wanted one", 9],
    [
      'echo "a | b',
      'the quote " has no end, wanted another ", or \\" for the sign itself',
      6,
    ],
    [
      "echo it's",
      "the quote ' has no end, wanted another ', or \\' for the sign itself",
      8,
    ],
    [
      "echo a\\",
      "nothing follows the backslash, wanted the sign that it protects",
      7,
    ],
  ] as const;
  for (const [text, problem, column] of cases) {
    throws(() => parseLines(text), (error: SkymapError) => {
      deepStrictEqual(
        [error.code, error.message],
        [
          "usage",
          `Cannot read line at column ${column}: ${problem}\n  ${text}\n  ${
            " ".repeat(column - 1)
          }^`,
        ],
      );
      return true;
    }, text);
  }
});

Deno.test("readWords() takes quotes and backslashes off", () => {
  const cases = [
    [`a  b`, ["a", "b"]],
    [`"a b" 'c d'`, ["a b", "c d"]],
    [`a"b c"d`, ["ab cd"]],
    [String.raw`"\t\n\u00e4\"\'\\\|\;"`, ["\t\n\u00e4\"'\\|;"]],
    // A pattern needs no doubling, and single quotes keep all.
    [String.raw`"\d+" '\d\n' 'it\'s'`, ["\\d+", "\\d\\n", "it's"]],
    [String.raw`a\|b c\;d e\ f g\d`, ["a|b", "c;d", "e f", "g\\d"]],
    [`x=y,z "" ''`, ["x=y,z", "", ""]],
  ] as const;
  for (const [text, wanted] of cases) {
    deepStrictEqual(readWords(text).map(({ value }) => value), wanted, text);
  }
});

Deno.test("unquote() takes the quotes off one quoted text alone", () => {
  const cases = [
    [`'.a | .b'`, ".a | .b"],
    [`"a" + "b"`, `"a" + "b"`],
    [".a", ".a"],
  ] as const;
  for (const [text, wanted] of cases) deepStrictEqual(unquote(text), wanted);
});

Deno.test("quoteWord() is read back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      deepStrictEqual(
        readWords(quoteWord(text)).map(({ value }) => value),
        [text],
      );
      deepStrictEqual(read(`echo ${quoteWord(text)}`).length, 1);
    }),
    { numRuns: 2_000 },
  );
});

const name = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,6}$/);
const piece = fc.oneof(
  fc.string({ unit: "grapheme" }).map(quoteWord),
  fc.stringMatching(/^[a-z(){}<>=.,:/*+-]{1,8}$/).filter((text) =>
    !/^[a-z_][\w-]*=/.test(text)
  ),
  fc.constantFrom("`a|b`", "'x;y'", '"a\\"|b"', "\\|", "\\;"),
);
const stage = fc.tuple(name, fc.array(piece, { maxLength: 4 })).map((
  [first, more],
) => [first, ...more].join(" "));

Deno.test("parseLines() reads back what printLine() writes", () => {
  const line: fc.Arbitrary<PrintableLine> = fc.record({
    environment: fc.array(fc.tuple(name, fc.string({ unit: "grapheme" })), {
      maxLength: 3,
    }),
    stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
  }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
      deepStrictEqual(read(lines.map(printLine).join("; ")), lines);
    }),
    { numRuns: 1_000 },
  );
});
