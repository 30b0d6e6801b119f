import { deepStrictEqual } from "node:assert/strict";
import { CLUSTER_SNAPSHOT } from "./cluster_snapshot.ts";
import { SNAPSHOT } from "./snapshot.ts";

for (const { details, kind } of [CLUSTER_SNAPSHOT, SNAPSHOT]) {
  Deno.test(`whom it is shared with is asked of ${kind} made by hand`, () => {
    const $region = "eu-west-1";
    deepStrictEqual(
      ["manual", "automated", "awsbackup"].map((SnapshotType) =>
        details?.[0]?.region?.({ $region, SnapshotType })
      ),
      [$region, undefined, undefined],
    );
  });
}
