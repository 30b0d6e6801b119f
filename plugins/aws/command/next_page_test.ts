import { strictEqual } from "node:assert/strict";
import { nextPageOf } from "./next_page.ts";

Deno.test("nextPageOf() finds what leads on, and nothing else", () => {
  const answers = [
    [{ Volumes: [], NextToken: "a" }, "NextToken"],
    [{ Users: [], IsTruncated: true, Marker: "a" }, "Marker"],
    [{ Contents: [], IsTruncated: false, Marker: "a" }, undefined],
    [{ Contents: [], IsTruncated: true }, "IsTruncated"],
    [{ DistributionList: { NextMarker: "a", Items: [] } }, "NextMarker"],
    [{ Items: [], LastEvaluatedKey: { id: 1 } }, "LastEvaluatedKey"],
    [{ events: [], nextForwardToken: "a", nextBackwardToken: "b" }, undefined],
    [{ Volumes: [], NextToken: "" }, undefined],
    [{ Volume: { Tokens: ["NextToken"] } }, undefined],
    [[], undefined],
  ] as const;
  for (const [answer, next] of answers) {
    strictEqual(nextPageOf(answer as never), next, JSON.stringify(answer));
  }
});
