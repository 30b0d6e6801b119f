import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BucketValues } from "./bucket_values.ts";
import {
  groupsOf,
  type GroupValues,
  packBlocks,
  unpackBlock,
} from "./series_block.ts";

function group(
  key: readonly string[],
  sum: number,
  more: Partial<GroupValues> = {},
): GroupValues {
  return { key, sum, min: sum, max: sum, presence: "1", ...more };
}

/** What comes out of blocks again, by the first label. */
function unpacked(
  blocks: readonly Uint8Array[],
  snapshots: number,
): Map<string, GroupValues> {
  const groups = blocks.flatMap((bytes) => [
    ...groupsOf(unpackBlock(bytes), snapshots),
  ]);
  return new Map(groups.map((each) => [each.key.join("/"), each]));
}

Deno.test("packBlocks() keeps every group, in blocks that stay small", () => {
  const groups = Array.from(
    { length: 10_001 },
    (_, at) => group([`type ${at}`, at % 2 === 0 ? "ü\n" : ""], at / 7),
  );
  const blocks = packBlocks(["type", "odd"], groups);
  strictEqual(blocks.length, 2);
  ok(blocks.every(({ length }) => length < 300_000));
  const found = unpacked(blocks, 1);
  strictEqual(found.size, 10_001);
  for (const each of groups) {
    deepStrictEqual(found.get(each.key.join("/")), each);
  }
  deepStrictEqual(packBlocks(["type"], []), []);
});

Deno.test("packBlocks() keeps extremes and where a group was", () => {
  const groups = [
    group(["a"], 10, { min: -1, max: 8, presence: "111" }),
    group(["b"], 3, { min: 3, max: 3, presence: "010" }),
  ];
  const found = unpacked(packBlocks(["label"], groups), 3);
  deepStrictEqual([...found.values()], groups);
});

Deno.test("BucketValues sums up groups over blocks, whatever labels there are", () => {
  const labels = Array.from({ length: 9 }, (_, at) => `label${at}`);
  const keyOf = (at: number) => labels.map((_, place) => `${at}.${place}`);
  const groups = Array.from(
    { length: 100 },
    (_, at) => group(keyOf(at), at, { presence: at % 2 === 0 ? "10" : "01" }),
  );
  const parts = [groups.slice(0, 70), groups.slice(70)].flatMap((some) =>
    packBlocks(labels, some)
  );
  const valuesOf = (stay: readonly string[], aggregation: "sum" | "avg") => {
    const folded = new BucketValues(stay);
    folded.add(
      parts.map((bytes) => ({
        block: unpackBlock(bytes),
        passes: () => true,
      })),
      2,
    );
    return folded.values(aggregation);
  };
  const all = valuesOf(labels, "sum");
  strictEqual(all.length, 100);
  for (const { key, value } of all) deepStrictEqual(key, keyOf(value));
  deepStrictEqual(valuesOf([], "sum"), [{ key: [], value: 4_950 }]);
  // In each of both snapshots some group was.
  deepStrictEqual(valuesOf([], "avg"), [{ key: [], value: 2_475 }]);
});
