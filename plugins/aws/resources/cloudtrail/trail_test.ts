import { deepStrictEqual } from "node:assert/strict";
import { TRAIL } from "./trail.ts";

Deno.test("tags of a trail are asked of the account that it belongs to", () => {
  const tags = TRAIL.details?.find(({ as }) => as === "$tags");
  const asked = ["111111111111", "222222222222"].map((owner) =>
    tags?.region?.({
      TrailARN: `arn:aws:cloudtrail:eu-west-1:${owner}:trail/all`,
      $account: "111111111111",
      $region: "eu-west-1",
    })
  );
  deepStrictEqual(asked, ["eu-west-1", undefined]);
});
