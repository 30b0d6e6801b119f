import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isSkymapError, type SkymapError } from "@skymap/lib/errors";
import type { Filter } from "../query/ast.ts";
import { printString } from "../query/json_value.ts";
import { parseQuery } from "../query/parse.ts";
import { readSearch } from "./read_search.ts";
import { expandTemplates, type TemplateLookup } from "./template_expand.ts";

const NOW_MS = Date.UTC(2026, 0, 10);

function lookup(texts: Readonly<Record<string, string>>): TemplateLookup {
  return {
    text: (name) => Object.hasOwn(texts, name) ? texts[name] : undefined,
    names: () => Object.keys(texts),
  };
}

function expand(text: string, texts: Readonly<Record<string, string>>): string {
  return expandTemplates(text, { templates: lookup(texts), nowMs: NOW_MS })
    .text;
}

function errorOf(
  text: string,
  texts: Readonly<Record<string, string>> = {},
): SkymapError {
  try {
    readSearch(text, { templates: lookup(texts), nowMs: NOW_MS });
  } catch (error) {
    if (isSkymapError(error)) return error;
    throw error;
  }
  throw new Error(`Read: ${text}`);
}

Deno.test("expandTemplates() fills gaps as their place needs it", () => {
  const cases: readonly [string, string, string][] = [
    ["is({{k}})", "k=instance", "is(instance)"],
    ["is({{k}})", 'k="instance"', "is(instance)"],
    ["is({{k}})", "k=[a, b]", 'is(["a", "b"])'],
    ["a = {{k}}", "k=3", "a = 3"],
    ["a = {{k}}", 'k="3"', 'a = "3"'],
    ["a = {{k}}", "k=true", "a = true"],
    ["a = {{k}}", 'k="true"', 'a = "true"'],
    ["a = {{k}}", "k=null", "a = null"],
    ["a = {{k}}", "k=2021-12-09", "a = 2021-12-09"],
    ["a = {{k}}", "k=012345678901", 'a = "012345678901"'],
    ["a = {{k}}", 'k="x or b = 1"', 'a = "x or b = 1"'],
    ["a in {{k}}", "k=[1, x]", 'a in [1, "x"]'],
    ["a = {{k}}", "k={b: 1}", 'a = {"b": 1}'],
    ['a = "{{k}}"', 'k="x\\" or b = \\"1"', 'a = "x\\" or b = \\"1"'],
    ['a =~ "^{{k}}$"', 'k="a\\.b"', 'a =~ "^a\\\\.b$"'],
    ["tags.{{k}} = 1", "k=owner", "tags.owner = 1"],
    ["tags.{{k}} = 1", 'k="a b.c"', "tags.`a b.c` = 1"],
    ["tags.`{{k}}` = 1", 'k="a b"', "tags.`a b` = 1"],
    ["{{k}} = 1", "k=/metadata.x", "/metadata.x = 1"],
    ["{{{k}}} and c", 'k="a = 1 or b = 2"', "a = 1 or b = 2 and c"],
    ["{{&k}} and c", 'k="a = 1"', "a = 1 and c"],
    ["a{{! remark }} = 1", "", "a = 1"],
    ["a = {{k.parens}}", "k=3d", 'a = "3d"'],
    ["a < {{k.ago}}", "k=1d", 'a < "2026-01-09T00:00:00Z"'],
    ['a < "{{k.from_now}}"', "k=1d", 'a < "2026-01-11T00:00:00Z"'],
    ["a < @TODAY@", "", "a < 2026-01-10"],
    ["a = 1{{#k}} and b = {{k}}{{/k}}", "", "a = 1"],
    ["a = 1{{#k}} and b = {{k}}{{/k}}", "k=2", "a = 1 and b = 2"],
    ["a = 1{{#k}} and b = {{.}}{{/k}}", "k=x", "a = 1 and b = x"],
    ["a = {{#k}}{{k}}{{/k}}{{^k}}0{{/k}}", "", "a = 0"],
    ["a = {{#k}}{{k}}{{/k}}{{^k}}0{{/k}}", "k=[]", "a = 0"],
    ["a = {{#k}}{{x}}{{/k}}", "k={x: 1}", "a = 1"],
    ["a = {{k.x.y}}", "k={x: {y: 1}}", "a = 1"],
    ["{{#k}}is({{.}}) or {{/k}}is(c)", "k=[a, b]", "is(a) or is(b) or is(c)"],
    [
      "{{#k.with_index}}{{^first}} or {{/first}}a[{{index}}] = {{value}}{{/k.with_index}}",
      "k=[x, y]",
      "a[0] = x or a[1] = y",
    ],
    [
      "{{#k.as_list}}tags.{{key}} = {{value}} and {{/k.as_list}}all",
      'k={"a b": x, c: 1}',
      "tags.`a b` = x and tags.c = 1 and all",
    ],
    ["{{{#k}}--> {{/k}}x}", "", "{x}"],
  ];
  for (const [template, args, wanted] of cases) {
    const call = args === "" ? "expand(t)" : `expand(t, ${args})`;
    strictEqual(expand(call, { t: template }), wanted, template);
  }
});

Deno.test("expandTemplates() replaces each use, and what it uses in turn", () => {
  const texts = {
    a: "(x = {{v}} or expand(b, w={{v}}))",
    b: "y = {{w}}",
  };
  strictEqual(
    expand('expand( a , v = 1 ) and "expand(a)" and expand(b, w=2)', texts),
    '(x = 1 or y = 1) and "expand(a)" and y = 2',
  );
  strictEqual(
    expand("my_expand(a) `expand(a)`", texts),
    "my_expand(a) `expand(a)`",
  );
});

Deno.test("a quoted argument stays one value, whatever it holds", () => {
  const templates = [
    "p = {{v}}",
    'p = "{{v}}"',
    "p in [{{v}}, x]",
    "o = 1 or p = {{v.parens}}",
    "expand(inner, v={{v}})",
    '{{#v}}expand(inner, v="{{.}}"){{/v}}{{^v}}p = ""{{/v}}',
  ];
  const text = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(..."\"\\`'{}()[]=,. a1#-<>"),
      maxLength: 12,
    }),
    fc.constantFrom("and", "true", "3", '" or all or "', "{{v}}", "expand(x)"),
  ).filter((each) => !/\\[\\/"']/.test(each));
  const shape = (filter: Filter): unknown => {
    if (filter.type === "combine") {
      return [filter.operator, shape(filter.left), shape(filter.right)];
    }
    return filter.type === "predicate"
      ? [filter.path.items, filter.operator]
      : filter.type;
  };
  fc.assert(
    fc.property(fc.constantFrom(...templates), text, (template, value) => {
      const texts = { t: template, inner: "p = {{v}}" };
      const call = (v: string) => `expand(t, v=${printString(v)})`;
      const read = (v: string) => {
        const [part] = parseQuery(expand(call(v), texts)).parts;
        return part?.filter ?? { type: "all" as const };
      };
      const filter = read(value);
      deepStrictEqual(shape(filter), shape(read("plain")));
      const values = JSON.stringify(filter);
      ok(values.includes(JSON.stringify(value)), `${values} lacks ${value}`);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("errors of templates point at the expand(…) that was written", () => {
  const texts = {
    volumes: "is({{kind}}) and size > {{size}}",
    outer: "expand(volumes, kind=a)",
    loop: "expand(pool)",
    pool: "expand(loop)",
    bad: "a = = 1",
    nested: "b = 1 and expand(bad)",
    slash: 'a = "\\{{v}}"',
    when: "a < {{v.ago}}",
  };
  const cases: readonly [string, number, string][] = [
    [
      "a = 1 and expand(volume)",
      11,
      'there is no template "volume"; did you mean "volumes"?',
    ],
    [
      "expand(volumes, kind=a)",
      1,
      'template "volumes": the parameter "size" is missing',
    ],
    [
      "a = 1 or expand(outer)",
      10,
      'template "volumes": the parameter "size" is missing',
    ],
    [
      "expand(volumes, kind=a, siz=1)",
      1,
      'template "volumes": there is no parameter "siz", only kind, size; did you mean "size"',
    ],
    [
      "expand(loop)",
      1,
      'the template "loop" expands itself (loop → pool → loop)',
    ],
    ["expand(slash, v=x)", 1, "a backslash stands before {{v}}"],
    ["expand(when, v=x)", 1, '"v.ago" needs a duration such as 3d, not "x"'],
    ["expand(outer", 13, "expand(…) has no end"],
    ["expand()", 8, "expand(…) lacks a name"],
    ["expand(outer, kind)", 19, 'the parameter "kind" has no value'],
    ["expand(outer, a=1, a=2)", 20, '"a" is given twice'],
    ["expand(outer, a=)", 17, "there is no value"],
    ['expand(outer, a="x)', 17, "the string has no end"],
  ];
  for (const [text, column, problem] of cases) {
    const error = errorOf(text, texts);
    strictEqual(error.details.column, column, `${text}: ${error.message}`);
    ok(error.message.includes(problem), error.message);
  }
  strictEqual(
    errorOf("x = 1 and expand(nested)", texts).message.replace(
      /, expected.*/,
      "",
    ),
    'Cannot parse search at column 11: "=" does not fit here\n' +
      "  x = 1 and expand(nested)\n            ^\nwhich stands for\n" +
      "  x = 1 and b = 1 and a = = 1\n                          ^",
  );
});

Deno.test("expandTemplates() is bounded", () => {
  const bomb = Object.fromEntries(
    Array.from({ length: 19 }, (_, at) => [
      `t${at}`,
      `expand(t${at + 1}) or expand(t${at + 1})`,
    ]),
  );
  ok(
    errorOf("expand(t0)", { ...bomb, t19: "a = 1" }).message
      .includes("expands more than 1000 templates"),
  );
  const deep = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`t${at}`, `expand(t${at + 1})`]),
  );
  ok(errorOf("expand(t0)", deep).message.includes("more than 20 templates"));
  const wide = {
    t: `${"{{#a}}".repeat(3)}${"x".repeat(100)}${"{{/a}}".repeat(3)}`,
  };
  const items = Array.from({ length: 50 }, () => 1).join(",");
  ok(errorOf(`expand(t, a=[${items}])`, wide).message.includes("characters"));
  const empty = "{{#a}}".repeat(8) + "{{/a}}".repeat(8);
  ok(
    errorOf(`expand(t, a=[${items}])`, { t: empty }).message
      .includes("steps"),
  );
  const started = performance.now();
  for (const piece of ['"\\"', "`", "expand ", '"expand(', "{{!", "{{a"]) {
    const long = piece.repeat(60_000);
    errorOf(`expand(t) ${long}`, { t: "a = 1" });
    errorOf("expand(t)", { t: `${long}?` });
  }
  ok(performance.now() - started < 5_000);
});
