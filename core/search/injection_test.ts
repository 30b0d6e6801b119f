import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { EdgeType } from "@skymap/lib/plugin";
import { canonicalJson, type Json } from "@skymap/lib/json";
import { memoryIndex, type MemoryNode } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import type { Filter, Part, Path, Query } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { printQuery } from "../query/print.ts";
import { compileSearch, type SearchForm } from "./compile.ts";
import { NaiveSearch } from "./_naive.ts";
import { NOW_MS, zooRegistry } from "./_random_graph.ts";
import { PropertyModel } from "./property_model.ts";
import { Resolver } from "./resolver.ts";
import { Searcher } from "./searcher.ts";
import type { Statement } from "./statement.ts";

const registry = zooRegistry();
const model = new PropertyModel(registry);

/** Texts that would do harm in a statement. None is a number or a lone "*". */
const EVIL: readonly string[] = [
  "x'; drop table node; --",
  'x") or 1=1 --',
  "' union all select null --",
  "$1",
  "$1::varchar",
  "\\",
  "\\'",
  '\\"',
  '"',
  "'",
  "''",
  "/* */",
  "--",
  ";",
  "\0",
  "a\0b",
  "\n-- x\n",
  "{{x}}",
  "{name}",
  '{"a":1}',
  '"}, "id": "evil", "x": {"a":"',
  "$.a[*]",
  "/a/~1",
  "[*]",
  "a.b",
  "%_%",
  "null",
  "true",
  "\u2028",
  "\u202e",
  "😀",
  "ı",
  "__proto__",
  "$$ drop $$",
  "e'\\x41'",
  "?",
  ":x",
  ")",
  "lambda x: x",
];

/**
 * Nasty texts: known ones, alone and put together, and any others but for words
 * that stand in these searches already: equal values share a place.
 */
const nasty = fc.oneof(
  fc.constantFrom(...EVIL),
  fc.array(fc.constantFrom(...EVIL), { minLength: 2, maxLength: 3 })
    .map((texts) => texts.join("")),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
).filter((text) => text.isWellFormed() && !/^(?:\w{1,8}|\*)$/.test(text));

/** What can stand between backticks. */
const nastyKey = nasty.filter((text) => !text.includes("`"));
const nastyTag = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_]{0,8}$/)
  .filter((tag) => !/^(?:asc|desc|node|text)$/i.test(tag));

const PLAIN = "harmless";

function path(...keys: readonly string[]): Path {
  return { type: "path", absolute: false, items: keys.map((key) => ({ key })) };
}

function each(start: string, ...keys: readonly string[]): Path {
  return {
    type: "path",
    absolute: false,
    items: [{ key: start }, { index: "*" }, ...keys.map((key) => ({ key }))],
  };
}

function compare(
  where: Path,
  value: Json,
  operator: "==" | "!=" | "<" | "in" | "not in" | "=~" = "==",
): Filter {
  return { type: "predicate", path: where, operator, value };
}

function part(filter: Filter, more: Partial<Part> = {}): Part {
  return { type: "part", filter, sort: [], reversed: false, ...more };
}

function query(...parts: readonly Part[]): Query {
  return { type: "query", parts };
}

const ALL: Filter = { type: "all" };
const OUT = {
  type: "navigation" as const,
  direction: "out" as const,
  types: ["default"] as readonly EdgeType[],
  from: 1,
  to: 1,
};

/** Where a value can stand. */
const VALUE_PLACES: Readonly<Record<string, (text: string) => Query>> = {
  "typed value": (text) => query(part(compare(path("str"), text))),
  "free value": (text) => query(part(compare(path("free"), text))),
  "unequal value": (text) => query(part(compare(path("str"), text, "!="))),
  "ordered value": (text) => query(part(compare(path("free"), text, "<"))),
  "tag value": (text) => query(part(compare(path("tags", "x"), text))),
  "column": (text) => query(part(compare(path("name"), text))),
  "container": (text) => query(part(compare(path("account"), text))),
  "list": (text) => query(part(compare(path("free"), [text, 1], "in"))),
  "list of texts": (text) =>
    query(part(compare(path("str"), [text, "b"], "not in"))),
  "element": (text) => query(part(compare(each("words"), text))),
  "quantified": (text) =>
    query(part({
      type: "predicate",
      path: path("words"),
      quantifier: "any",
      operator: "==",
      value: text,
    })),
  "value of an object": (text) =>
    query(part(compare(path("free"), { k: text }))),
  "key of an object": (text) =>
    query(part(compare(path("free"), { [text]: 1 }))),
  "id": (text) => query(part({ type: "id", ids: [text, "n1"] })),
  "text": (text) => query(part({ type: "text", text: `b ${text}` })),
  "argument": (text) =>
    query(part({
      type: "call",
      name: "has_key",
      path: path("tags"),
      args: [text],
    })),
  "argument of JSON": (text) =>
    query(part({
      type: "call",
      name: "has_key",
      path: path("free"),
      args: [[text, "k"]],
    })),
  "block": (text) =>
    query(part({
      type: "block",
      path: each("parts"),
      filter: compare(path("y"), text),
    })),
  "edge": (text) =>
    query(
      part(ALL, { navigation: { ...OUT, filter: compare(path("l"), text) } }),
    ),
  "with": (text) =>
    query(part(ALL, {
      with: {
        type: "with",
        form: "any",
        count: { operator: ">", value: 0 },
        navigation: OUT,
        filter: compare(path("str"), text),
      },
    })),
  "merge": (text) =>
    query(part(ALL, {
      merge: {
        type: "merge",
        queries: [{
          name: ["x"],
          list: false,
          query: query(
            part(ALL, { navigation: OUT }),
            part(compare(path("str"), text)),
          ),
        }],
        after: compare(path("x", "str"), text, "!="),
      },
    })),
};

/** Where a key can stand. */
const KEY_PLACES: Readonly<Record<string, (key: string) => Query>> = {
  "tag": (key) => query(part(compare(path("tags", key), "v"))),
  "key": (key) => query(part(compare(path("free", key), 1))),
  "key in front of elements": (key) =>
    query(part(compare(
      {
        ...path("free", key),
        items: [{ key: "free" }, { key }, { index: "*" }, { key }],
      },
      1,
    ))),
  "key of an element": (key) =>
    query(part(compare(each("parts", "free", key), 1))),
  "key in a block": (key) =>
    query(part({
      type: "block",
      path: each("parts"),
      filter: compare(path("free", key), 1),
    })),
  "key of another section": (key) =>
    query(part({
      ...compare(path("desired", key), 1),
      path: { ...path("desired", key), absolute: true },
    } as Filter)),
  "key of an edge": (key) =>
    query(part(ALL, { navigation: { ...OUT, filter: compare(path(key), 1) } })),
  "order": (key) =>
    query(part(ALL, { sort: [{ path: path("tags", key), direction: "asc" }] })),
  "order of JSON": (key) =>
    query(
      part(ALL, { sort: [{ path: path("free", key), direction: "desc" }] }),
    ),
  "desired": (key) =>
    query(part({
      type: "call",
      name: "has_desired_change",
      path: path(key),
      args: [],
    })),
  "group": (key) => ({
    type: "query",
    aggregate: {
      type: "aggregate",
      groups: [{ value: path("tags", key), as: "g" }],
      functions: [{ name: "sum", value: 1, operations: [], as: "s" }],
    },
    parts: [part(ALL)],
  }),
  "name of a group": (key) => ({
    type: "query",
    aggregate: {
      type: "aggregate",
      groups: [{ value: path("free", key) }],
      functions: [{ name: "max", value: path("free", key), operations: [] }],
    },
    parts: [part(ALL)],
  }),
  "template": (key) => ({
    type: "query",
    aggregate: {
      type: "aggregate",
      groups: [{
        value: {
          type: "template",
          parts: [key.replaceAll(/[{}]/g, ""), path("str"), "'; --"]
            .filter((piece) => piece !== ""),
        },
        as: "g",
      }],
      functions: [{ name: "sum", value: 1, operations: [], as: "s" }],
    },
    parts: [part(ALL)],
  }),
  "name of a merge": (key) =>
    query(part(ALL, {
      merge: {
        type: "merge",
        queries: [{
          name: ["m", key],
          list: false,
          query: query(part(ALL, { navigation: OUT }), part(ALL)),
        }],
      },
    })),
};

/** Where only a plain word can stand. */
const WORD_PLACES: Readonly<Record<string, (word: string) => Query>> = {
  "tag of a part": (word) => query(part(ALL, { tag: word })),
  "name of a function": (word) => ({
    type: "query",
    aggregate: {
      type: "aggregate",
      groups: [{ value: path("str"), as: word }],
      functions: [{ name: "sum", value: 1, operations: [], as: word }],
    },
    parts: [part(ALL)],
  }),
};

const FORMS: readonly SearchForm[] = ["list", "graph", "count", "ids"];

function compile(text: string, form: SearchForm): Statement {
  return compileSearch(parseQuery(text), form, { text, model, nowMs: NOW_MS });
}

/** Whether a text stands in a value that is bound, maybe as a part of a path. */
function isBound({ parameters }: Statement, text: string): boolean {
  const forms = [
    text,
    text.replaceAll("~", "~0").replaceAll("/", "~1"),
    text.replaceAll("\\", "\\\\").replaceAll('"', '\\"'),
    JSON.stringify(text).slice(1, -1),
    text.toLowerCase().replace(/[\s_\-@:/.]+/g, " ").trim(),
    text.replaceAll(/[{}]/g, ""),
    text.replaceAll(/\W/g, "_"),
  ];
  return parameters.flat().some((value) =>
    typeof value === "string" && forms.some((form) => value.includes(form))
  );
}

function checkPlaces(
  places: Readonly<Record<string, (text: string) => Query>>,
  texts: fc.Arbitrary<string>,
): void {
  const names = Object.keys(places);
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom(...names),
      fc.constantFrom(...FORMS),
      (text, name, form) => {
        const make = places[name];
        if (make === undefined) return;
        const printed = printQuery(make(text));
        const statement = compile(printed, form);
        const plain = compile(printQuery(make(PLAIN)), form);
        strictEqual(statement.sql, plain.sql, `${name}: ${printed}`);
        strictEqual(statement.parameters.length, plain.parameters.length, name);
        if (isBound(plain, PLAIN)) {
          ok(isBound(statement, text), `${name}: ${printed}`);
        }
      },
    ),
    { numRuns: 1_500, endOnFailure: true },
  );
}

Deno.test("compileSearch() makes one statement of all values in a place", () => {
  checkPlaces(VALUE_PLACES, nasty);
});

Deno.test("compileSearch() makes one statement of all keys in a place", () => {
  checkPlaces(KEY_PLACES, nastyKey);
});

Deno.test("compileSearch() makes one statement of all words in a place", () => {
  checkPlaces(WORD_PLACES, nastyTag);
});

Deno.test("compileSearch() writes no pattern, network or section into a statement", () => {
  const pairs: readonly [string, string][] = [
    ['str =~ "x"', `str =~ "'; drop table node; --$1"`],
    ['in_subnet(ip, "10.0.0.0/8")', 'in_subnet(ip, "0.0.0.0/0")'],
    ["all limit 1, 2", "all limit 7, 8"],
    ["num > 1", "num > 1e+300"],
    ["ctime > 2026-01-01", "ctime > 2020-02-02"],
    ["aggregate(sum(num * 2)): all", "aggregate(sum(num * 3.5)): all"],
    ["all with(count > 2, -->)", "all with(count > 99, -->)"],
    ["all -[2:3]->", "all -[4:5]->"],
  ];
  for (const [plain, other] of pairs) {
    strictEqual(compile(other, "list").sql, compile(plain, "list").sql, other);
  }
});

Deno.test("Searcher finds nasty texts and keys as a plain loop does", async () => {
  const texts = fc.sample(nastyKey, { numRuns: 60, seed: 9 }).concat(
    EVIL.filter((text) => !text.includes("`")),
  );
  const nodes = texts.map((text, at): MemoryNode => ({
    id: at % 4 === 0 ? text : `n${at}`,
    kinds: registry.kindsOf("zoo_animal"),
    reported: {
      kind: "zoo_animal",
      id: `r${at}`,
      str: text,
      name: text,
      words: [text],
      free: at % 3 === 0 ? text : { [text]: 1, k: text },
      tags: { [text]: "v", x: text },
      parts: [{ y: text, free: { [text]: 1 } }],
    },
    desired: { [text]: 1 },
    account: at % 2 === 0 ? "dev" : text,
  })).filter(({ id }, at, all) => all.findIndex((one) => one.id === id) === at);
  const [first] = nodes;
  ok(first !== undefined);
  const edges = nodes.map((node, at) => {
    const text = String(node.reported.str);
    return {
      from: node.id,
      to: nodes[(at + 1) % nodes.length]?.id ?? "",
      type: "default",
      reported: { l: text, [text]: 1 },
    };
  });
  await using index = await memoryIndex();
  await index.run("set global threads = 1");
  await index.add({ nodes, edges });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry, nowMs: () => NOW_MS });
  let found = 0;
  let asked = 0;
  for (const [at, node] of nodes.entries()) {
    const text = String(node.reported.str);
    const places = Object.values({ ...VALUE_PLACES, ...KEY_PLACES });
    // Each text in a few places, so that each place sees many texts.
    for (const make of places.filter((_, place) => (place + at) % 4 === 0)) {
      const printed = printQuery(make(text));
      const tree = parseQuery(printed);
      const resolver = new Resolver(model, { text: printed, nowMs: NOW_MS });
      const naive = new NaiveSearch(nodes, edges, resolver);
      const form = tree.aggregate === undefined ? "list" : "aggregate";
      const rows: Json[] = [];
      for await (const lines of searcher.lines(printed, form)) {
        for (const line of lines) rows.push(JSON.parse(line));
      }
      const isMerge = tree.parts[0]?.merge?.queries[0]?.name.length === 2;
      if (isMerge) strictEqual(rows.length, nodes.length, printed);
      else {
        deepStrictEqual(
          rows.map(canonicalJson).sort(),
          naive[form](tree).map(canonicalJson).sort(),
          printed,
        );
      }
      asked++;
      if (rows.length > 0) found++;
    }
  }
  ok(found > asked * 0.7, `${found} of ${asked} found something`);
});
