import { deepStrictEqual } from "node:assert/strict";
import { dueBuckets } from "./downsampling.ts";

const HOUR_MS = 3_600_000;

/** Points as `at`, or `at+span`, in hours. */
function points(...hours: (number | readonly [number, number])[]) {
  return hours.map((each) => {
    const [at, span] = typeof each === "number" ? [each, 0] : each;
    return { at: at * HOUR_MS, span: span * HOUR_MS };
  });
}

const BUCKETS = [
  { afterMs: 10 * HOUR_MS, lengthMs: 4 * HOUR_MS },
  { afterMs: 40 * HOUR_MS, lengthMs: 8 * HOUR_MS },
];

function due(
  nowHours: number,
  all: ReturnType<typeof points>,
): (readonly number[])[] {
  return dueBuckets(all, BUCKETS, nowHours * HOUR_MS).map((bucket) => [
    bucket.at / HOUR_MS,
    bucket.span / HOUR_MS,
    bucket.points.length,
  ]);
}

Deno.test("dueBuckets() takes whole buckets that are old enough", () => {
  const all = points(0, 1, 2, 3.9, 4, 5);
  deepStrictEqual(due(13.9, all), []);
  deepStrictEqual(due(14, all), [[0, 4, 4]]);
  deepStrictEqual(due(18, all), [[0, 4, 4], [4, 4, 2]]);
  deepStrictEqual(due(48, all), [[0, 8, 6]]);
});

Deno.test("dueBuckets() leaves what is done, and takes what came late", () => {
  deepStrictEqual(due(18, points([0, 4], [4, 4])), []);
  deepStrictEqual(due(18, points([0, 4], 1)), [[0, 4, 2]]);
  deepStrictEqual(due(48, points([0, 4], [4, 4])), [[0, 8, 2]]);
  // Of more than it should be, as after a change of the configuration.
  deepStrictEqual(due(48, points([0, 16])), []);
  // Nor what lies in two buckets, after another one.
  deepStrictEqual(
    dueBuckets(
      points([0, 4], [4, 4]),
      [{ afterMs: 0, lengthMs: 6 * HOUR_MS }],
      48 * HOUR_MS,
    ).map(({ points }) => points.length),
    [1],
  );
  // A single snapshot stands for its bucket too.
  deepStrictEqual(due(18, points(1)), [[0, 4, 1]]);
});
