import { deepStrictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { zooRegistry } from "./_random_graph.ts";
import { Searcher } from "./searcher.ts";

Deno.test("A sub search prefers what is near, unless it has an order", async () => {
  const registry = zooRegistry();
  await using index = await memoryIndex();
  // a → z → b → c, where b and c are of the same name.
  await index.add({
    nodes: ["a", "b", "c", "z"].map((id) => ({
      id,
      kinds: registry.kindsOf("zoo_cat"),
      reported: {
        kind: "zoo_cat",
        id: `r-${id}`,
        ...(id !== "a" && { name: id === "z" ? "x" : "y" }),
      },
    })),
    edges: [["a", "z"], ["z", "c"], ["c", "b"]].map(([from = "", to = ""]) => ({
      from,
      to,
      type: "default",
    })),
  });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry });
  const cases: readonly [string, string][] = [
    ["id(a) {x: -[1:3]-> all}", "z"],
    ["id(a) {x[]: -[1:3]-> all}", "z c b"],
    ["id(a) {x: -[1:]-> name = y}", "c"],
    // Equal in the order, so by their ids and not by how far they are.
    ["id(a) {x: -[1:]-> all sort name desc}", "b"],
    ["id(a) {x[]: -[1:3]-> all sort name desc}", "b c z"],
    ["id(a) {x[]: -[1:]-> all sort name desc limit 1, 5}", "c z"],
  ];
  for (const [text, wanted] of cases) {
    const [row] = await Array.fromAsync(searcher.list(text));
    const { x } = row as unknown as { readonly x: JsonObject };
    const found = Array.isArray(x) ? x : [x];
    deepStrictEqual(found.map(({ id }) => id).join(" "), wanted, text);
  }
});
