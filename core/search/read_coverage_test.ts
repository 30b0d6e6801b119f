import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readCoverage } from "./read_coverage.ts";

const NO_PLACE = [null, null, null, null];

Deno.test("readCoverage() counts the scopes that an answer rests on, and knows what was listed besides", () => {
  deepStrictEqual(
    readCoverage([
      [7, true, "a", "complete", 3, 2_500, ...NO_PLACE],
      [7, false, "b", "failed", 2, 500, ...NO_PLACE],
      [7, true, "a", "stale", 1, 1_000, "x", "2", "", null],
      [7, true, "a", "failed", 1, null, "x", "1", "r", "no"],
    ], false),
    {
      scopes: 5,
      complete: 3,
      failed: 1,
      oldest: "1970-01-01T00:00:01Z",
      reached: 7,
      problems: [
        {
          cloud: "x",
          account: "1",
          region: "r",
          kind: "a",
          status: "failed",
          reason: "no",
          since: null,
        },
        {
          cloud: "x",
          account: "2",
          region: "",
          kind: "a",
          status: "stale",
          reason: "stale",
          since: "1970-01-01T00:00:01Z",
        },
      ],
      listed: ["a", "b"],
    },
  );
});

Deno.test("readCoverage() takes the oldest time of a past state from what was not complete", () => {
  const complete = [7, true, "a", "complete", 3, 2_500, ...NO_PLACE];
  strictEqual(readCoverage([complete], true).oldest, undefined);
  strictEqual(
    readCoverage([
      complete,
      [7, true, "a", "failed", 1, 9_000, "x", "1", "r", "no"],
    ], true).oldest,
    "1970-01-01T00:00:09Z",
  );
});

Deno.test("readCoverage() rests on nothing where nothing was listed", () => {
  const row = [7, null, null, null, null, null, ...NO_PLACE];
  deepStrictEqual(readCoverage([row], false), {
    scopes: 0,
    complete: 0,
    failed: 0,
    reached: 7,
    problems: [],
    listed: [],
  });
});

Deno.test("readCoverage() names a hundred scopes that are not complete", () => {
  const rows = Array.from({ length: 120 }, (_, at) => [
    7,
    true,
    "a",
    "failed",
    1,
    0,
    "x",
    String(at).padStart(3, "0"),
    "",
    "no",
  ]);
  const { problems, scopes } = readCoverage(rows, false);
  strictEqual(scopes, 120);
  strictEqual(problems.length, 100);
  strictEqual(problems.at(-1)?.account, "099");
});
