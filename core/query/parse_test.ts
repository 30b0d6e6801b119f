import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { EXAMPLES } from "./_examples.ts";
import { parseQuery } from "./parse.ts";
import { printQuery } from "./print.ts";
import { QuerySyntaxError } from "./syntax_error.ts";

function errorOf(text: string): QuerySyntaxError {
  try {
    parseQuery(text);
  } catch (error) {
    ok(error instanceof QuerySyntaxError, `${text}: ${error}`);
    return error;
  }
  throw new Error(`Parsed: ${text}`);
}

Deno.test("parseQuery() reads every example to its canonical form", () => {
  for (const { text, canonical } of EXAMPLES) {
    if (canonical === undefined) {
      throws(() => parseQuery(text), QuerySyntaxError, text);
    } else {
      strictEqual(printQuery(parseQuery(text)), canonical, text);
      strictEqual(printQuery(parseQuery(canonical)), canonical, text);
    }
  }
});

Deno.test("parseQuery() freezes what it returns", () => {
  const tree = parseQuery("is(a) and b in [1, {c: 2}] --> sort x limit 1");
  const open: unknown[] = [tree];
  for (const node of open) {
    if (typeof node !== "object" || node === null) continue;
    ok(Object.isFrozen(node), JSON.stringify(node));
    open.push(...Object.values(node));
  }
});

Deno.test("parseQuery() names line, column, what was expected and a near word", () => {
  const error = errorOf("is(volume)\n  lmit 3");
  deepStrictEqual([error.line, error.column], [2, 3]);
  strictEqual(error.frame, "    lmit 3\n    ^");
  strictEqual(error.details.suggestion, "limit");
  strictEqual(error.code, "query_syntax");
  ok(error.message.includes('"lmit" does not fit here, expected'));
});

Deno.test("parseQuery() keeps words apart that the original ran together", () => {
  const cases: readonly [string, string | undefined][] = [
    ["a=1 order=2", undefined],
    ["order = 2", "order == 2"],
    ["notable = 1", "notable == 1"],
    ["all = 3", "all == 3"],
    ["not = 3", "not == 3"],
    ["limit in [1]", "limit in [1]"],
    ["not all any == 3", "not(all any == 3)"],
    ["all limit 3, 0", "all limit 3, 0"],
    ["all limit 0", "all limit 0"],
    ["all-->", "all -default->"],
    ["a == b--> is(c)", 'a == "b" -default-> is("c")'],
    ["a <-3", "a < -3"],
    ["allow_users_to_change = true", "allow_users_to_change == true"],
    ["account = 012345678901", 'account == "012345678901"'],
    ["id = 123456789012345678901", 'id == "123456789012345678901"'],
    ["a = 12e4", 'a == "12e4"'],
    ["a = 1.50", "a == 1.5"],
    [": is(a)", 'is("a")'],
    ["a ~ x and b = y", '(a =~ "x" and b == "y")'],
    ["all <-[1:]->", "all <-default[1:]->"],
    ["-[1..3]->", "all -default[1:3]->"],
    ["-[1,3]->", "all -default[1:3]->"],
    ["-[3:1]->", undefined],
    ["-other->", undefined],
    ["sort a limit 3 sort b", undefined],
    ["limit 3 sort a", undefined],
    ["is([a, b)", undefined],
    ["is(a, b])", undefined],
    ["(other=delete): all", undefined],
    ["{x: is(a)}", undefined],
    [
      "{x: --> is(a) sort b, y: -->}",
      '{x: all -default-> is("a") sort b asc, y: all -default->}',
    ],
    [
      "{x: --> all limit 3, y: -->}",
      "{x: all -default-> all limit 3, y: all -default->}",
    ],
  ];
  for (const [text, canonical] of cases) {
    let printed: string | undefined;
    try {
      printed = printQuery(parseQuery(text));
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error;
    }
    const wanted = text.startsWith("{") && canonical !== undefined
      ? `all ${canonical}`
      : canonical;
    strictEqual(printed, wanted, text);
  }
});

Deno.test("parseQuery() refuses what is nested or long beyond reason", () => {
  const deep = "(".repeat(50_000);
  ok(errorOf(deep).message.includes("brackets are open"));
  ok(errorOf("not ".repeat(50_000) + "a=1").message.includes("inside"));
  ok(errorOf(`a = ${"[".repeat(50_000)}`).message.includes("too deep"));
  const many = Array.from({ length: 5_000 }, () => "a=1").join(" or ");
  ok(errorOf(many).message.includes("terms"));
  ok(errorOf("x".repeat(2_000_000)).message.includes("characters"));
});

Deno.test("parseQuery() shows a cut line around the column", () => {
  const error = errorOf(
    `${"a = 1 and ".repeat(30)} ? ${"and a = 1".repeat(30)}`,
  );
  const [line = "", caret = ""] = error.frame.split("\n");
  strictEqual(line[caret.indexOf("^")], "?");
  ok(line.length < 90, line);
});
