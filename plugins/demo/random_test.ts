import { ok, strictEqual } from "node:assert/strict";
import { fraction, hash, hashName, hexId, pick } from "./random.ts";

Deno.test("hash() spreads neighbours over its whole range", () => {
  const buckets = new Array<number>(16).fill(0);
  for (let at = 0; at < 16_000; at++) {
    const bucket = Math.floor(fraction(1, 2, at) * 16);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const count of buckets) ok(count > 850 && count < 1_150, `${count}`);
});

Deno.test("hexId() is unique over many resources", () => {
  const ids = new Set<string>();
  for (let at = 0; at < 100_000; at++) ids.add(hexId("i", 7, at));
  strictEqual(ids.size, 100_000);
  ok(/^i-[0-9a-f]{16}$/.test(hexId("i", 1)));
});

Deno.test("hash() depends on the order and the number of its parts", () => {
  const values = [hash(1, 2), hash(2, 1), hash(1, 2, 0), hash(1), hash()];
  strictEqual(new Set(values).size, values.length);
  ok(hashName("eu-west") !== hashName("eu-north"));
  strictEqual(pick(["only"], 1, 2, 3), "only");
});
