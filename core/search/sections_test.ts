import { deepStrictEqual, rejects } from "node:assert/strict";
import { memoryIndex, type MemoryNode } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { zooRegistry } from "./_random_search.ts";
import { Searcher } from "./searcher.ts";

const registry = zooRegistry();

function node(
  id: string,
  kind: string,
  rest: Partial<MemoryNode> = {},
): MemoryNode {
  return {
    id,
    kinds: registry.kindsOf(kind),
    reported: { kind, id: `r-${id}` },
    cloud: "zoo",
    account: "dev",
    region: "eu",
    ...rest,
  };
}

Deno.test("refs are the node ids of the containers", async () => {
  await using index = await memoryIndex();
  await index.add({
    nodes: [
      node("acc1", "zoo_account"),
      node("acc2", "zoo_account"),
      node("reg1", "zoo_region"),
      node("a", "zoo_animal"),
      node("b", "zoo_animal"),
      node("c", "zoo_animal"),
    ],
    edges: [
      { from: "acc1", to: "reg1", type: "default" },
      { from: "reg1", to: "a", type: "default" },
      { from: "acc2", to: "b", type: "default" },
    ],
  });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry });
  const ids = async (text: string, section?: string) =>
    (await Array.fromAsync(
      searcher.list(text, section === undefined ? {} : { section }),
    )).map(({ id }) => id);
  const animals = "is(zoo_animal) and";
  deepStrictEqual(await ids(`${animals} /refs.account_id = acc1`), ["a"]);
  deepStrictEqual(await ids(`${animals} refs.account_id = acc2`, ""), ["b"]);
  deepStrictEqual(await ids(`${animals} account_id = acc2`, "refs"), ["b"]);
  deepStrictEqual(await ids(`${animals} /refs.region_id = reg1`), ["a"]);
  deepStrictEqual(await ids(`${animals} /refs.account_id = null`), ["c"]);
  const rows = await Array.fromAsync(searcher.aggregate(
    "aggregate(/refs.account_id as account: sum(1) as count): is(zoo_animal)",
  ));
  deepStrictEqual(
    new Set(rows.map((row) => JSON.stringify(row))),
    new Set(
      [null, "acc1", "acc2"].map((account) =>
        JSON.stringify({ group: { account }, count: 1 })
      ),
    ),
  );
  await rejects(
    ids("/refs.acount_id = x"),
    /column 1: "\/refs.acount_id" is no reference.*did you mean "account_id"\?/,
  );
});

Deno.test("usage and security are missing on every node", async () => {
  await using index = await memoryIndex();
  await index.add({ nodes: [node("a", "zoo_animal")] });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry });
  const count = (text: string) => searcher.count(text);
  deepStrictEqual(
    await Promise.all([
      "usage.cpu.max > 3",
      "usage.cpu.max = null",
      "/security.has_issues = true",
      "/security.has_issues != true",
      "with_usage(3w, cpu) is(zoo_animal)",
    ].map(count)),
    [0, 1, 0, 1, 1],
  );
});
