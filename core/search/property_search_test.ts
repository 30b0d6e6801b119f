import { deepStrictEqual, rejects } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import type { PropertyOptions } from "./property_search.ts";
import { zooNode, type ZooSearch, zooSearch } from "./_zoo_search.ts";

const PAGE = { limit: 100, skip: 0 };

async function zoo(): Promise<ZooSearch> {
  return await zooSearch({
    nodes: [
      zooNode("a", {
        kind: "zoo_cat",
        str: "x",
        int: 4,
        tags: { owner: "me", "odd key": "1" },
        words: ["p", "q"],
      }),
      zooNode("b", { kind: "zoo_cat", str: "y", tags: { owner: "you" } }),
      zooNode("c", { kind: "zoo_cat", str: "y", words: ["q"] }, { to: 5 }),
      zooNode("d", { kind: "zoo_volume", tags: { Owner: "me" } }),
    ],
  });
}

async function rows(
  texts: AsyncIterable<readonly string[]>,
  key: "key" | "value",
): Promise<unknown[]> {
  const found = (await Array.fromAsync(texts)).flat();
  return found.map((text) => JSON.parse(text))
    .map((row) => [row[key], row.count]);
}

async function values(
  { properties }: ZooSearch,
  property: string,
  options: Partial<PropertyOptions> = {},
): Promise<unknown[]> {
  const texts = properties.values(property, { page: PAGE, ...options });
  return await rows(texts, "value");
}

async function keys(
  { properties }: ZooSearch,
  property: string,
  options: Partial<PropertyOptions> = {},
): Promise<unknown[]> {
  const texts = properties.attributes(property, { page: PAGE, ...options });
  return await rows(texts, "key");
}

Deno.test("PropertySearch.values() counts values, the most frequent first", async () => {
  await using search = await zoo();
  deepStrictEqual(await values(search, "tags.owner"), [["me", 1], ["you", 1]]);
  deepStrictEqual(await values(search, "int"), [[4, 1]]);
  deepStrictEqual(await values(search, "words[*]"), [["p", 1], ["q", 1]]);
  deepStrictEqual(await values(search, "kind"), [
    ["zoo_cat", 2],
    ["zoo_volume", 1],
  ]);
  deepStrictEqual(await values(search, "str", { sequence: 4 }), [
    ["y", 2],
    ["x", 1],
  ]);
  deepStrictEqual(await values(search, "cloud"), [["zoo", 3]]);
});

Deno.test("PropertySearch.values() takes a comparison, a search, kinds and a stretch", async () => {
  await using search = await zoo();
  deepStrictEqual(await values(search, 'tags.owner =~ "^M"'), [["me", 1]]);
  deepStrictEqual(await values(search, "tags.owner != me"), [["you", 1]]);
  deepStrictEqual(await values(search, "tags.owner in [you, us]"), [
    ["you", 1],
  ]);
  deepStrictEqual(await values(search, "kind", { text: "str = x" }), [
    ["zoo_cat", 1],
  ]);
  deepStrictEqual(await values(search, "kind", { kinds: ["volume"] }), [
    ["zoo_volume", 1],
  ]);
  deepStrictEqual(
    await values(search, "kind", { page: { limit: 1, skip: 1 } }),
    [["zoo_volume", 1]],
  );
  deepStrictEqual(await values(search, 'str = "\'; drop table node; --"'), []);
});

Deno.test("PropertySearch.attributes() counts the keys of an object", async () => {
  await using search = await zoo();
  deepStrictEqual(await keys(search, "tags"), [
    ["owner", 2],
    ["Owner", 1],
    ["odd key", 1],
  ]);
  deepStrictEqual(await keys(search, 'tags =~ "^o"'), [
    ["owner", 2],
    ["Owner", 1],
    ["odd key", 1],
  ]);
  deepStrictEqual(await keys(search, "tags = owner"), [["owner", 2]]);
  deepStrictEqual(await keys(search, "tags", { kinds: ["zoo_volume"] }), [
    ["Owner", 1],
  ]);
  deepStrictEqual(
    await keys(search, "/reported", { text: "id(d)" }),
    [["id", 1], ["kind", 1], ["tags", 1]],
  );
  deepStrictEqual(await keys(search, "words", { sequence: 4 }), []);
});

Deno.test("PropertySearch blames the property and not a place of the search", async () => {
  await using search = await zoo();
  for (const ask of [values, keys]) {
    await rejects(ask(search, "tags_", { text: "is(zoo_cat)" }), {
      message:
        'Cannot search: no kind of resource has the property "tags_"; did you mean "tags"?',
    });
  }
});

Deno.test("PropertySearch refuses what is no property", async () => {
  await using search = await zoo();
  const cases: readonly (() => Promise<unknown>)[] = [
    () => values(search, "a or b"),
    () => values(search, "is(zoo_cat)"),
    () => values(search, "int > 3"),
    () => values(search, "strr"),
    () => values(search, ""),
    () => values(search, 'str =~ "("'),
    () => values(search, "str", { text: "aggregate(sum(1)): all" }),
    () => keys(search, "cloud"),
    () => keys(search, "parts[*]"),
    () => keys(search, "tags", { kinds: ["nope"] }),
  ];
  for (const [at, ask] of cases.entries()) {
    await rejects(
      ask(),
      (error) => isSkymapError(error, "query_invalid"),
      `case ${at}`,
    );
  }
});

Deno.test("PropertySearch.completePath() knows the model and what nodes have", async () => {
  await using search = await zoo();
  const complete = async (
    begin: string,
    options: Partial<PropertyOptions> = {},
  ) =>
    (await search.properties.completePath(begin, { page: PAGE, ...options }))
      .map(({ path, kind, source }) => [path, kind, source]);
  deepStrictEqual(await complete("volume_s"), [
    ["volume_size", "int64", "model"],
    ["volume_status", "volume_status", "model"],
  ]);
  deepStrictEqual(await complete("volume_s", { kinds: ["zoo_cat"] }), []);
  deepStrictEqual(await complete("tags.o"), [
    ["tags.owner", "any", "observed"],
    ["tags.Owner", "any", "observed"],
    ["tags.`odd key`", "any", "observed"],
  ]);
  deepStrictEqual(await complete("part.in"), [
    ["part.inner", "zoo_inner[]", "model"],
  ]);
  deepStrictEqual(await complete("parts[*].in"), [
    ["parts[*].inner", "zoo_inner[]", "model"],
  ]);
  deepStrictEqual(await complete("/re"), [["/reported", "object", "model"]]);
  deepStrictEqual(await complete("/reported.volume_si"), [
    ["/reported.volume_size", "int64", "model"],
  ]);
  deepStrictEqual(
    (await complete("", { page: { limit: 2, skip: 0 } })).length,
    2,
  );
  await rejects(
    complete("", { kinds: ["nope"] }),
    (error) => isSkymapError(error, "query_invalid"),
  );
});
