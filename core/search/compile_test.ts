import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseQuery } from "../query/parse.ts";
import { search, zooRegistry } from "./_random_search.ts";
import { compileSearch, type SearchForm } from "./compile.ts";
import { PropertyModel } from "./property_model.ts";
import { isSkymapError } from "@skymap/lib/errors";
import { printQuery } from "../query/print.ts";
import type { Statement } from "./statement.ts";

const model = new PropertyModel(zooRegistry());

function compile(text: string, form: SearchForm = "list"): Statement {
  return compileSearch(parseQuery(text), form, { text, model, nowMs: 0 });
}

Deno.test("compileSearch() never lets what people write into a statement", () => {
  const evil = [
    "x'; drop table node; --",
    'x") or 1=1 --',
    "$1",
    "`a",
    "\\",
    "{{x}}",
    "/* */",
    "' union all select null --",
  ];
  const shapes: readonly ((text: string) => string)[] = [
    (text) => `str = ${JSON.stringify(text)}`,
    (text) => `free in [${JSON.stringify(text)}, 1]`,
    (text) =>
      `str =~ ${JSON.stringify(text.replaceAll(/[\\$(){}*]/g, "\\$&"))}`,
    (text) => `id(${JSON.stringify(text)})`,
    (text) => JSON.stringify(`b ${text}`),
    (text) => `tags.\`${text.replaceAll("`", "")}\` = 1`,
    (text) => `free.\`${text.replaceAll("`", "")}\`[*].x any = 1`,
    (text) => `has_key(tags, ${JSON.stringify(text)})`,
    (text) => `free == {${JSON.stringify(text)}: 1}`,
    (text) => `all sort tags.\`${text.replaceAll("`", "")}\``,
    (text) => `all {\`${text.replaceAll("`", "")}\`: -->}`,
    (text) =>
      `all -{\`${text.replaceAll("`", "")}\` = ${JSON.stringify(text)}}->`,
  ];
  for (const shape of shapes) {
    const plain = compile(shape("harmless"));
    for (const text of evil) {
      const search = shape(text);
      const { sql } = compile(search);
      strictEqual(sql, plain.sql, search);
      ok(!sql.includes("drop table"), search);
    }
  }
});

Deno.test("compileSearch() binds kinds, ids, tags and values", () => {
  const { sql, parameters } = compile(
    "is(zoo_volume) and id(x1) and volume_size > 3 #crimson sort str limit 2, 3",
  );
  for (const value of ["zoo_volume", "x1", 3, "crimson", "/str", 2]) {
    ok(parameters.includes(value), String(value));
  }
  for (const text of ["zoo_volume", "x1", "crimson"]) {
    ok(!sql.includes(text), sql);
  }
});

Deno.test("compileSearch() uses columns where the index has them", () => {
  const where = (text: string) =>
    /where (.*)\) i /s.exec(compile(text).sql)?.[1];
  deepStrictEqual(
    [
      'kind = "x"',
      "name = x",
      "volume_size > 3",
      "tags.owner = x",
      "account = x",
      "account.id = x",
      "age > 3d",
      "str = x",
    ].map((text) => where(text)?.replace(/^n.valid_to is null and /, "")),
    [
      "n.kind = $1",
      "n.name = $1",
      "list_contains([$1, $2, $3, $4], n.kind) and n.volume_size > $5::double",
      "n.rowid in (select n.rowid from node n where n.valid_to is null and n.tags[$1] = $2)",
      "nullif(n.account_name, '') = $1",
      "nullif(n.account, '') = $1",
      "n.ctime < $1::timestamptz",
      "list_contains([$1, $2, $3], n.kind) and json_extract_string(n.reported, $4) = $5",
    ],
  );
});

Deno.test("compileSearch() uses every place that it binds", () => {
  fc.assert(
    fc.property(
      search,
      fc.constantFrom<SearchForm>("list", "graph", "count", "ids"),
      (query, form) => {
        const text = printQuery(query);
        let statement: Statement;
        try {
          statement = compile(text, form);
        } catch (error) {
          if (isSkymapError(error, "query_invalid", "query_too_large")) return;
          throw error;
        }
        const places = new Set(statement.sql.match(/\$\d+/g) ?? []);
        strictEqual(places.size, statement.parameters.length, text);
      },
    ),
    { numRuns: 500 },
  );
});
