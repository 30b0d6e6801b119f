import { deepStrictEqual } from "node:assert/strict";
import { parseQuery } from "../query/parse.ts";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { zooRegistry } from "./_random_graph.ts";
import { PropertyModel } from "./property_model.ts";
import { relativeKeys } from "./relative_keys.ts";
import { Resolver } from "./resolver.ts";
import { Searcher } from "./searcher.ts";

const NOW = Date.UTC(2026, 0, 10);
const registry = zooRegistry();

Deno.test("A search finds the nearest container: one step away, or behind others", async () => {
  await using index = await memoryIndex();
  const node = (id: string, kind: string, more = {}) => ({
    id,
    kinds: registry.kindsOf(kind),
    reported: { kind, id: `r-${id}`, name: `n-${id}`, ...more },
  });
  // far → mid → x, near2 → x, near1 → x; far → y → z; nobody contains alone.
  await index.add({
    nodes: [
      node("far", "zoo_cat", { num: 1, ctime: "2026-01-01T00:00:00Z" }),
      node("near1", "zoo_cat", { num: 10, str: "a" }),
      node("near2", "zoo_cat", { num: 100, str: null }),
      ...["mid", "x", "y", "z", "alone"].map((id) => node(id, "zoo_volume")),
    ],
    edges: [
      ["far", "mid"],
      ["mid", "x"],
      ["near2", "x"],
      ["near1", "x"],
      ["far", "y"],
      ["y", "z"],
    ].map(([from = "", to = ""]) => ({ from, to, type: "default" })),
  });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry, nowMs: () => NOW });
  const ids = async (text: string) =>
    (await Array.fromAsync(searcher.list(text))).map(({ id }) => id)
      .sort().join(" ");
  const cases: readonly [string, string][] = [
    ["/ancestors.zoo_cat.reported.num = 10", "x"],
    ["/ancestors.zoo_cat.reported.num = 1", "mid y z"],
    ["/ancestors.zoo_cat.num = 1", "mid y z"],
    ["/ancestors.zoo_cat.reported.num = 100", ""],
    ["is(zoo_volume) and /ancestors.zoo_cat.reported.num = null", "alone"],
    // What is written is read of the whole node as well as of one property.
    ["/ancestors.zoo_cat.id = near1", "x"],
    [
      "/ancestors.zoo_cat.reported.num = 10 and /ancestors.zoo_cat.id = near1",
      "x",
    ],
    [
      "/ancestors.zoo_cat.reported.num = 10 and " +
      "/ancestors.zoo_cat.reported.name = n-near1 and " +
      "/ancestors.zoo_cat.reported.str = a",
      "x",
    ],
    ["/ancestors.zoo_cat.reported.age > 8d", "mid y z"],
    ["/ancestors.zoo_cat.reported.age > 10d", ""],
    ["/descendants.zoo_volume.reported.name = n-x", "mid near1 near2"],
    // Of several that are as near, the first by its id.
    ["/descendants.zoo_volume.reported.name = n-mid", "far"],
    ["/descendants.zoo_volume.reported.name = n-y", ""],
  ];
  for (const [text, wanted] of cases) {
    deepStrictEqual(await ids(text), wanted, text);
  }
  deepStrictEqual(
    await Array.fromAsync(searcher.aggregate(
      "aggregate(/ancestors.zoo_cat.reported.name as cat: " +
        "sum(/ancestors.zoo_cat.reported.num) as n): is(zoo_volume) sort name",
    )).then((rows) => rows.map((row) => JSON.stringify(row)).sort()),
    [
      '{"group":{"cat":"n-far"},"n":3}',
      '{"group":{"cat":"n-near1"},"n":10}',
      '{"group":{"cat":null},"n":0}',
    ],
  );
});

Deno.test("relativeKeys() tells which properties are read, if it is nothing else", () => {
  const cases: readonly [string, readonly string[] | undefined][] = [
    ["/ancestors.zoo_cat.reported.num = 1", ["num"]],
    ["/ancestors.zoo_cat.num = 1", ["num"]],
    ["/ancestors.zoo_cat.reported.tags.owner = x", ["tags"]],
    ["/ancestors.zoo_cat.reported.age > 3d", ["ctime"]],
    [
      "/ancestors.zoo_cat.reported.num = 1 and /ancestors.zoo_cat.str = x",
      ["num", "str"],
    ],
    ["/ancestors.zoo_cat.id = x", undefined],
    [
      "/ancestors.zoo_cat.id = x and /ancestors.zoo_cat.reported.num = 1",
      undefined,
    ],
    [
      "/ancestors.zoo_cat.reported.num = 1 and /ancestors.zoo_cat.id = x",
      undefined,
    ],
  ];
  for (const [text, wanted] of cases) {
    const resolver = new Resolver(new PropertyModel(registry), {
      text,
      nowMs: NOW,
    });
    const [part] = parseQuery(text).parts;
    if (part === undefined) throw new Error(text);
    const [read] = relativeKeys(resolver, part, [], undefined);
    deepStrictEqual(
      read?.properties === undefined ? undefined : [...read.properties].sort(),
      wanted,
      text,
    );
  }
});
