import { deepStrictEqual, ok } from "node:assert/strict";
import { ELASTICACHE_TAGS } from "./elasticache_tagging.ts";

Deno.test("only what is being made has no tags yet", () => {
  const $region = "eu-west-1";
  deepStrictEqual(
    [
      { CacheClusterStatus: "creating" },
      { Status: "creating" },
      { Status: "modifying" },
      { CacheClusterStatus: "available" },
    ].map((item) => ELASTICACHE_TAGS.region?.({ ...item, $region })),
    [undefined, undefined, $region, $region],
  );
});

Deno.test("that tags are not told is not taken for none", () => {
  ok(!ELASTICACHE_TAGS.none?.includes("InvalidReplicationGroupStateFault"));
});
