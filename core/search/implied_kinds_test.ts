import { deepStrictEqual } from "node:assert/strict";
import { memoryIndex, type MemoryNode } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import type { KindRegistry } from "../model/kind_registry.ts";
import { Searcher } from "./searcher.ts";
import { zooRegistry } from "./_random_search.ts";

function node(
  registry: KindRegistry,
  id: string,
  kind: string,
  reported: MemoryNode["reported"] = {},
): MemoryNode {
  return {
    id,
    kinds: registry.kindsOf(kind),
    reported: { kind, id: `r-${id}`, ...reported },
    cloud: "zoo",
    account: "dev",
    region: "eu",
  };
}

async function idsOf(
  registry: KindRegistry,
  searches: readonly string[],
  extra: readonly MemoryNode[] = [],
): Promise<readonly string[]> {
  await using index = await memoryIndex();
  await index.add({
    nodes: [
      node(registry, "acc", "zoo_account", { name: "dev" }),
      node(registry, "cat", "zoo_cat", { num: 3 }),
      node(registry, "vol", "zoo_volume", { volume_size: 3, str: "x" }),
      node(registry, "big", "zoo_volume", { volume_size: 30 }),
      ...extra,
    ],
    edges: ["cat", "vol", "big"].map((to) => ({
      from: "acc",
      to,
      type: "default",
    })),
  });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry });
  return await Promise.all(searches.map(async (search) => {
    const nodes = await Array.fromAsync(searcher.list(search));
    return nodes.map(({ id }) => id).sort().join(" ");
  }));
}

Deno.test("a search without is() is about the kinds that have its properties", async () => {
  const cases: readonly [string, string][] = [
    ["volume_size != 4", "big vol"],
    ["not(volume_size = 30)", "vol"],
    ["volume_size = null", ""],
    ["str = null", "big cat"],
    ["str = null and volume_size != 4", "big"],
    ["volume_size = 3 or num = 3", "cat vol"],
    ["volume_size != 4 and account.id = dev", "big vol"],
    ["volume_size != 4 and /refs.account_id = acc", "big vol"],
    [
      "volume_size != 4 and /ancestors.zoo_account.reported.name = dev",
      "big vol",
    ],
    [
      "volume_size != 4 or /ancestors.zoo_account.reported.name = dev",
      "acc big cat vol",
    ],
    ["volume_size != 30 {up: <--} up.name = dev", "vol"],
    ["all {up: <--} up.name = dev", "big cat vol"],
    ["num != 4 {up: <--} up.name != null", "cat"],
    ["is(resource) and volume_size != 3", "acc big cat"],
    ["name = dev --> volume_size != 3", "big"],
  ];
  deepStrictEqual(
    await idsOf(zooRegistry(), cases.map(([search]) => search)),
    cases.map(([, wanted]) => wanted),
  );
});

Deno.test("a kind that takes any property is never left out", async () => {
  const registry = zooRegistry();
  deepStrictEqual(
    registry.update({
      name: "open",
      version: "1.0.0",
      cloud: "open",
      containers: { account: "open_account", region: "open_region" },
      kinds: [
        { name: "open_account", bases: ["account"] },
        { name: "open_region", bases: ["region"] },
        { name: "open_thing", bases: ["resource"], allowUnknown: true },
      ],
    }),
    [],
  );
  deepStrictEqual(
    await idsOf(
      registry,
      ["volume_size > 3", "state = flying", "nobody_declared = 1"],
      [node(registry, "any", "open_thing", {
        volume_size: 9,
        state: "flying",
        nobody_declared: 1,
      })],
    ),
    ["any big", "any", "any"],
  );
});
