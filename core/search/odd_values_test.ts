import { deepStrictEqual, rejects } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { NOW_MS, zooRegistry } from "./_random_search.ts";
import { Searcher } from "./searcher.ts";

const registry = zooRegistry();

/** Ids of the nodes with these properties that each search finds. */
async function check(
  nodes: Readonly<Record<string, JsonObject>>,
  searches: readonly (readonly [string, string])[],
): Promise<void> {
  await using index = await memoryIndex();
  await index.add({
    nodes: Object.entries(nodes).map(([id, reported]) => ({
      id,
      kinds: registry.kindsOf(String(reported.kind ?? "zoo_animal")),
      reported: { kind: "zoo_animal", id: `r-${id}`, ...reported },
      cloud: "zoo",
      account: "dev",
      region: "eu",
    })),
  });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry, nowMs: () => NOW_MS });
  for (const [text, wanted] of searches) {
    const found = await Array.fromAsync(searcher.list(text));
    deepStrictEqual(found.map(({ id }) => id).sort().join(" "), wanted, text);
  }
}

Deno.test("Searcher tells a key that is a number from the index of an element", async () => {
  await check({
    a: { free: { "0": 5 } },
    b: { free: [5, 6] },
    c: { parts: [{ free: { "1": 3 } }, { free: [1, 3] }] },
  }, [
    ["free[0] = 5", "b"],
    ["free.`0` = 5", "a"],
    ["parts[*].free.`1` = 3", "c"],
    ["parts[0].free[1] = 3", ""],
    ["parts[1].free[1] = 3", "c"],
    ['has_key(free, "0")', "a"],
  ]);
});

Deno.test('Searcher takes the key "*" for itself and not for every key', async () => {
  await check({
    a: { free: { "*": 7, x: 1 } },
    b: { free: { x: 7 } },
    c: { free: { "*": [1, 2], x: [3] } },
    d: { parts: [{ free: { "*": [4], y: [5] } }] },
  }, [
    ["free.`*` = 7", "a"],
    ["free.`*`[1] = 2", "c"],
    ["free.`*`[*] = 2", "c"],
    ["free.`*`[*] = 3", ""],
    ["free.`*` any = 3", ""],
    ["parts[*].free.`*`[*] = 4", "d"],
    ["parts[*].free.`*`[*] = 5", ""],
    ['has_key(free, "*")', "a c"],
  ]);
});

Deno.test("has_key() finds the empty key", async () => {
  await check({
    a: { free: { "": 7 } },
    b: { free: { x: 7 } },
    c: { parts: [{ free: { "": [4] } }, { free: { "": { y: 5 } } }] },
  }, [
    ['has_key(free, "")', "a"],
    ['has_key(parts[0].free, "")', "c"],
    ['has_key(parts[1].free, "")', "c"],
    ['has_key(parts[2].free, "")', ""],
  ]);
});

Deno.test("Searcher matches the text of a number as it was reported", async () => {
  await check({
    a: { kind: "zoo_volume", volume_size: 10 },
    b: { kind: "zoo_volume", volume_size: -2 },
    c: { kind: "zoo_volume", volume_size: 0.5 },
  }, [
    ['volume_size =~ "^10$"', "a"],
    ['volume_size =~ "^-2$"', "b"],
    ['volume_size =~ "^0.5$"', "c"],
    ['volume_size !~ "^.{2}$"', "c"],
  ]);
});

Deno.test("Searcher compares numbers that fill no 64 bits", async () => {
  await check({
    a: { free: 1e21, num: -1e300 },
    b: { free: { n: [1e21, 1e-7, "\u0001\u001f"] } },
  }, [
    ["free = 1e+21", "a"],
    ["free in [1, 1e+21]", "a"],
    ["free.n[0] = 1e+21", "b"],
    ["num < -1e+299", "a"],
    ['free.n == [1e+21, 1e-7, "\u0001\u001f"]', "b"],
    ['free == {n: [1e+21, 1e-7, "\u0001\u001f"]}', "b"],
  ]);
});

Deno.test("Searcher compares with times beyond the calendar", async () => {
  await check({ a: { ctime: "2025-01-01T00:00:00Z" } }, [
    ["age > 3000y", ""],
    ["age < 3000y", "a"],
    ["age < 30000y", "a"],
    ["ctime > -3000y", "a"],
    ["ctime < 9000y", "a"],
    ["ctime > 0000-01-01", "a"],
  ]);
});

Deno.test("Searcher finds no elements in what has no parts", async () => {
  await check({ a: { name: "x" } }, [
    ["/id any = a", ""],
    ["/id none = a", "a"],
    ["/flat all = x", ""],
    ["/usage.cpu any = 1", ""],
    ["/security.checks[*].{id = 1}", ""],
    ["/ancestors.account.reported.name any = dev", ""],
    ["name any = x", ""],
    ["name none = x", "a"],
  ]);
});

Deno.test("Searcher says when numbers are too large to compute with", async () => {
  await using index = await memoryIndex();
  await index.add({
    nodes: [1e308, -1e308].map((num, at) => ({
      id: `n${at}`,
      kinds: registry.kindsOf("zoo_animal"),
      reported: { kind: "zoo_animal", id: `r${at}`, num },
    })),
  });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry });
  await rejects(
    Array.fromAsync(searcher.aggregate("aggregate(variance(num)): all")),
    (error) =>
      isSkymapError(error, "query_invalid") && /too large/.test(error.message),
  );
});

Deno.test("Searcher compares with lists of any length", async () => {
  const list = (each: (at: number) => string) =>
    Array.from({ length: 3_000 }, (_, at) => each(at)).join(", ");
  await check({
    a: { free: 2_999, str: "q7", words: ["q2999"], num: 12 },
    b: { free: "2999", str: "q3000", when: "2026-01-01T00:00:09Z" },
  }, [
    [`free in [${list(String)}]`, "a"],
    [`free not in [${list(String)}]`, "b"],
    [`free in [null, ${list((at) => `"${at}"`)}]`, "b"],
    [`num in [${list(String)}]`, "a"],
    [`str in [${list((at) => `q${at}`)}]`, "a"],
    [`words[*] in [${list((at) => `q${at}`)}]`, "a"],
    [`words any in [${list((at) => `q${at}`)}]`, "a"],
    [`id(${list((at) => `n${at}`)}, b)`, "b"],
  ]);
});

Deno.test("aggregate() writes a number into a template as it was reported", async () => {
  await using index = await memoryIndex();
  await index.add({
    nodes: [10, 0.5].map((size) => ({
      id: `v${size}`,
      kinds: registry.kindsOf("zoo_volume"),
      reported: { kind: "zoo_volume", id: `v${size}`, volume_size: size },
      cloud: "zoo",
      account: "dev",
      region: "eu",
    })),
  });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry, nowMs: () => NOW_MS });
  const rows = await Array.fromAsync(searcher.aggregate(
    'aggregate("{volume_size} GiB" as size: sum(1) as n): is(zoo_volume)',
  ));
  deepStrictEqual(
    rows.map(({ group }) => (group as JsonObject).size).sort(),
    ["0.5 GiB", "10 GiB"],
  );
});
