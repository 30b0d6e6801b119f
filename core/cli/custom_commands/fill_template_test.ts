import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import { parseQuery } from "../../query/parse.ts";
import { parseTemplate, TemplateProblem } from "../../search/template_text.ts";
import { parseLines } from "../parse_lines.ts";
import { readTemplate } from "../template.ts";
import { readWords, unquote } from "../words.ts";
import { fillTemplate } from "./fill_template.ts";

const NOW = Date.UTC(2026, 0, 10);

function fill(
  template: string,
  values: Readonly<Record<string, string>> = {},
  args = "",
): string {
  return fillTemplate(parseTemplate(template), {
    values: new Map(Object.entries(values)),
    args,
    nowMs: NOW,
  });
}

/** What follows the command of the one stage that a line has. */
function restOf(line: string): string {
  const [read, ...more] = parseLines(line);
  strictEqual(more.length, 0, line);
  deepStrictEqual(read?.assignments, [], line);
  strictEqual(read.stages.length, 1, line);
  return read.stages[0]?.text.replace(/^\S+\s*/, "") ?? "";
}

const NASTY = [
  "",
  " ",
  "'",
  '"',
  "`",
  "\\",
  "\\\\",
  "'\\",
  "a | b",
  "a; b",
  '" | clean; "',
  "' | clean; '",
  "\\(1)",
  "\n",
  "\u0000",
  "{{x}}",
  "--no-body",
  "a=b",
  "$x",
  "# no",
  "name",
  "true",
  "or",
  "5",
  "🦊",
  "\ud800",
];

/** Texts as people and attackers write them. */
const text = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.array(fc.constantFrom(...NASTY), { maxLength: 5 })
    .map((parts) => parts.join("")),
  fc.string({ unit: "binary" }),
);

Deno.test("fillTemplate() keeps a value one word, or a part of one", () => {
  fc.assert(fc.property(text, (value) => {
    const words = readWords(
      restOf(fill('call {{x}} pre{{x}}post "in {{x}} quotes" end', {
        x: value,
      })),
    );
    deepStrictEqual(words.map(({ value }) => value), [
      value,
      `pre${value}post`,
      `in ${value} quotes`,
      "end",
    ]);
    strictEqual(/^-/.test(value) && words[0]?.isQuoted !== true, false, value);
  }));
});

Deno.test("fillTemplate() keeps a value one word in single quotes, or says why not", () => {
  fc.assert(fc.property(text, (value) => {
    let line: string;
    try {
      line = fill("call 'in {{x}} quotes' end", { x: value });
    } catch (error) {
      strictEqual(error instanceof TemplateProblem, true);
      strictEqual(value.includes("\\"), true, value);
      return;
    }
    deepStrictEqual(
      readWords(restOf(line)).map(({ value }) => value),
      [`in ${value} quotes`, "end"],
    );
  }));
});

Deno.test("fillTemplate() keeps a value one string of a jq program", () => {
  const program = '{"a": {{x}}, "b": "pre {{x}} post", "c": [{{x}}]}';
  fc.assert(fc.property(text, (value) => {
    const wanted = { a: value, b: `pre ${value} post`, c: [value] };
    for (
      const line of [
        `jq '${program}'`,
        `jq --no-rewrite '${program}'`,
        `jq "${program.replaceAll('"', '\\"')}"`,
        `jq ${program}`,
        `json ${program}`,
      ]
    ) {
      const rest = restOf(fill(line, { x: value })).replace(
        "--no-rewrite ",
        "",
      );
      // A program of this form is JSON, so JSON says what it means.
      deepStrictEqual(JSON.parse(unquote(rest)), wanted, line);
    }
  }));
});

Deno.test("fillTemplate() knows code from strings of a jq program, within strings too", () => {
  const value = '"; env';
  const inside = String.raw`\u0022\u003b env`;
  strictEqual(
    fill(String.raw`jq '"a \(.b + {{x}}) {{x}}" # it is' | call {{x}}`, {
      x: value,
    }),
    String.raw`jq '"a \(.b + "${inside}") ${inside}" # it is' | call "\"; env"`,
  );
});

Deno.test("fillTemplate() keeps a value one value of a search", () => {
  fc.assert(fc.property(text, (value) => {
    const { text } = parseLines(
      fill('search name = {{x}} and other = "a {{x}}"', { x: value }),
    )[0]?.stages[0] ?? {};
    const query = JSON.stringify(parseQuery(text?.slice(7) ?? ""));
    const count = (part: string) => query.split(part).length - 1;
    // Two comparisons joined by one "and", whatever the value holds.
    strictEqual(count('"type":"predicate"'), COMPARISONS, query);
    strictEqual(query.includes(JSON.stringify(`a ${value}`)), true, query);
  }));
});

Deno.test("fillTemplate() keeps a value a text of a format", () => {
  fc.assert(fc.property(text, (value) => {
    const rest = restOf(fill('format "{name}: {{x}}"', { x: `{id}${value}` }));
    const pieces = readTemplate(unquote(rest));
    if ("problem" in pieces) throw new Error(pieces.problem);
    deepStrictEqual(pieces[0], { path: "name" });
    strictEqual(pieces.slice(1).join(""), `: {id}${value}`);
  }));
});

/** Comparisons of that search, with harmless values. */
const COMPARISONS = JSON.stringify(parseQuery('name = x and other = "a"'))
  .split('"type":"predicate"').length - 1;

Deno.test("fillTemplate() refuses places where a value cannot stay one", () => {
  for (
    const [template, problem] of [
      ["{{x}} all", /where the name of a command belongs/],
      ["search all | {{x}}", /where the name of a command belongs/],
      ["jobs add 'echo {{x}}'", /in quotes within a line that runs later/],
      ["call \\{{x}}", /a backslash stands before/],
      ["jq '\"\\{{x}}\"'", /a backslash stands before/],
      ["call {{{x}}}", /would put a value in as it is/],
      ["call {{y}}", /"y" is not declared/],
      ["call {{x.y}}", /"y" is unknown, wanted from_now or ago/],
      ["call {{x.ago}}", /wanted a duration such as 3h/],
      ["search tags.{{x}} = 1", /holds more than a name/],
      ["search `{{x}}` = 1", /holds more than a name/],
    ] as const
  ) {
    throws(() => fill(template, { x: "a b" }), (error: Error) => {
      strictEqual(error instanceof TemplateProblem, true, template);
      match(error.message, problem, template);
      return true;
    });
  }
});

Deno.test("fillTemplate() fills sections, times and the words of the call", () => {
  strictEqual(
    fill("call {{#x}}--x {{x}} {{/x}}{{^y}}none{{/y}}", { x: "1", y: "" }),
    "call --x 1 none",
  );
  strictEqual(
    fill("call {{d.from_now}} {{d.ago}}", { d: "3h" }),
    "call 2026-01-10T03:00:00Z 2026-01-09T21:00:00Z",
  );
  strictEqual(
    fill("search {{args}} | count", {}, 'a = "b|c"'),
    'search a = "b|c" | count',
  );
  // Between quotes they are a text: they cannot end what holds them.
  strictEqual(
    fill("call '{{args}}'", {}, "x' | clean 'y"),
    "call 'x\\' | clean \\'y'",
  );
});
