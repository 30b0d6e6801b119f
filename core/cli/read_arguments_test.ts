import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { SkymapError } from "@skymap/lib/errors";
import { SourceText } from "../query/source_text.ts";
import type { Form, Parameter } from "./command.ts";
import { readArguments, usageOf } from "./read_arguments.ts";

function form(...parameters: readonly Parameter[]): Form {
  const prepare = () => {
    throw new TypeError("is not prepared here");
  };
  return { brief: "Does something", parameters, prepare };
}

const FORM = form(
  { name: "--all", short: "-a", help: "All" },
  { name: "--wait", type: "duration", help: "How long" },
  { name: "--count", short: "-c", type: "number", help: "How many" },
  { name: "--of", type: ["nodes", "edges"], help: "Of what" },
  { name: "--tag", type: "text", isRepeated: true, help: "Tags" },
  { name: "id", type: "text", isRequired: true, help: "Which one" },
  { name: "line", type: "line", isRest: true, help: "What to run" },
);

function read(text: string, of: Form = FORM) {
  // As behind a command of a longer line.
  const line = SourceText.of(`x; do ${text}`);
  return readArguments(of, { name: "do", source: line.slice(6) });
}

Deno.test("readArguments() reads options, arguments and the rest", () => {
  const args = read(
    `--all --wait 1m30s -c=3 --of nodes --tag a "the id" --tag 'b c' --tag=d ` +
      `search "x" --all | list`,
  );
  deepStrictEqual(
    [
      args.has("--all"),
      args.duration("--wait"),
      args.number("--count"),
      args.get("--of"),
      args.all("--tag"),
      args.must("id"),
      args.get("line"),
      args.get("nothing"),
    ],
    [
      true,
      90_000,
      3,
      "nodes",
      ["a", "b c", "d"],
      "the id",
      'search "x" --all | list',
      undefined,
    ],
  );
  strictEqual(args.offsetOf("id"), 49);
});

Deno.test("readArguments() takes the protection off what is left", () => {
  const text = String.raw`x a\|b "c\|d" \; \d`;
  strictEqual(read(text).get("line"), String.raw`a|b "c\|d" ; \d`);
});

Deno.test("readArguments() takes single quotes off a whole search", () => {
  const query = form({
    name: "query",
    type: "search",
    isRest: true,
    help: "The search",
  });
  const cases = [
    [`'name = "a|b"'`, `name = "a|b"`],
    [String.raw`'name = "it\'s"'`, `name = "it's"`],
    [`'a' and 'b'`, `'a' and 'b'`],
    [`"a b"`, `"a b"`],
  ] as const;
  for (const [text, wanted] of cases) {
    strictEqual(read(text, query).get("query"), wanted);
  }
  strictEqual(read(`'is(a)'`, query).offsetOf("query"), 7);
});

Deno.test("readArguments() takes no arrow or number for an option", () => {
  const rest = form({ name: "query", isRest: true, help: "The search" });
  for (const text of ["--> is(a)", "-[0:]->", "-delete-> all", "-3", "-3d"]) {
    strictEqual(read(text, rest).get("query"), text);
  }
  strictEqual(read("-- --all", FORM).get("id"), "--all");
  strictEqual(read('"--all"', FORM).get("id"), "--all");
});

Deno.test("readArguments() shows where an argument is wrong", () => {
  const usage = usageOf("do", FORM);
  const cases = [
    ["", 7, `ID is missing (which one), wanted ${usage}`],
    [
      "--al x",
      7,
      /there is no option "--al", wanted --all, .* did you mean "--all"\?/,
    ],
    ["-z x", 7, /there is no option "-z"/],
    ["--all=1 x", 7, `"--all" takes no value`],
    ["x --wait", 15, `"--wait" lacks its value, wanted ${usage}`],
    ["--wait", 13, `"--wait" lacks its value, wanted ${usage}`],
    [
      "--wait soon x",
      14,
      `"--wait": it is "soon", wanted a duration such as 10s or 3d`,
    ],
    ["--count=many x", 15, `"--count": it is "many", wanted a number`],
    [
      "--of node x",
      12,
      `"--of": it is "node", wanted nodes, edges; did you mean "nodes"?`,
    ],
    ["--all --all x", 13, `"--all" is given twice, wanted once`],
  ] as const;
  for (const [text, column, wanted] of cases) {
    throws(() => read(text), (error: SkymapError) => {
      const [first = "", ...frame] = error.message.split("\n");
      const head = `Cannot run "do" at column ${column}: `;
      strictEqual(error.code, "usage");
      strictEqual(first.slice(0, head.length), head, text);
      const problem = first.slice(head.length);
      if (typeof wanted === "string") strictEqual(problem, wanted);
      else strictEqual(wanted.test(problem), true, problem);
      deepStrictEqual(frame, [
        `  x; do ${text}`,
        `  ${" ".repeat(column - 1)}^`,
      ]);
      return true;
    }, text);
  }
});

Deno.test("readArguments() says what is too much", () => {
  throws(
    () => read("a b", form({ name: "id", help: "Which one" })),
    /column 9: "b" is more than it takes, wanted do \[ID\]/,
  );
  throws(
    () => read("--a", form()),
    /it takes no options, and "--a" is one; put it in quotes, or "--" in front/,
  );
});

Deno.test("Arguments.fault() points to the argument that is named", () => {
  const args = read("the-id rest");
  const column = (error: SkymapError) => error.details["column"];
  strictEqual(column(args.fault("is wrong", "line")), 14);
  strictEqual(column(args.fault("is wrong", "id")), 7);
  strictEqual(column(args.fault("is wrong")), 7);
  strictEqual(column(args.fault("is missing", "--of")), 18);
});
