import assert from "node:assert/strict";
import fc from "fast-check";
import type { TimeSeriesAggregation } from "@skymap/lib/client";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { BUCKETS, DAY_MS, HOUR_MS, openToySeries } from "./_toy_series.ts";
import type { TimeSeries } from "./time_series.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const START_MS = Date.UTC(2026, 0, 1);
const AGGREGATIONS = ["avg", "sum", "min", "max"] as const;

type Row = readonly [region: string, type: string, v: number];

interface Instant {
  readonly at: number;
  readonly rows: readonly Row[];
}

interface Question {
  readonly from: number;
  readonly to: number;
  readonly lengthMs: number;
  readonly group: readonly ("region" | "type")[];
  readonly only: string | undefined;
  readonly aggregation: TimeSeriesAggregation;
}

/** The answer, computed from all that was ever snapshotted. */
function naive(instants: readonly Instant[], question: Question): string[] {
  const { from, to, lengthMs, group, only, aggregation } = question;
  const found = new Map<string, number[]>();
  for (const { at, rows } of instants) {
    if (at < from || at >= to) continue;
    const sums = new Map<string, number>();
    for (const [region, type, v] of rows) {
      if (only !== undefined && region !== only) continue;
      const key = group.map((label) => label === "region" ? region : type)
        .join("/");
      sums.set(key, (sums.get(key) ?? 0) + v);
    }
    const bucket = Math.floor(at / lengthMs) * lengthMs;
    for (const [key, sum] of sums) {
      const place = `${new Date(bucket).toISOString()} ${key}`;
      found.set(place, [...found.get(place) ?? [], sum]);
    }
  }
  return [...found].map(([place, values]) => {
    const sum = values.reduce((one, two) => one + two, 0);
    const value = {
      sum,
      avg: sum / values.length,
      min: Math.min(...values),
      max: Math.max(...values),
    }[aggregation];
    return `${place}: ${value}`;
  }).sort();
}

async function asked(
  series: TimeSeries,
  { from, to, lengthMs, group, only, aggregation }: Question,
): Promise<string[]> {
  const { points } = await series.get("boxes", {
    start: new Date(from).toISOString(),
    end: new Date(to).toISOString(),
    granularity: `${lengthMs / HOUR_MS}h`,
    group,
    aggregation,
    ...(only !== undefined && { filter: [`region == "${only}"`] }),
  }, new AbortController().signal);
  return (await Array.fromAsync(points)).flat()
    .map(({ at, v, group }) => `${at} ${Object.values(group).join("/")}: ${v}`)
    .sort();
}

const row = fc.tuple(
  fc.constantFrom("eu", "us", ""),
  fc.constantFrom("a", "b", "c"),
  fc.integer({ min: -50, max: 1_000 }),
);

const snapshot = fc.record({
  gapMs: fc.integer({ min: 1, max: 30 * HOUR_MS }),
  rows: fc.uniqueArray(row, {
    maxLength: 6,
    selector: ([region, type]) => `${region}/${type}`,
  }),
  /** Days that pass and are downsampled then. */
  restDays: fc.constantFrom(0, 0, 0, 0, 3, 35, 190),
});

const question = fc.record({
  group: fc.constantFrom<("region" | "type")[]>(
    ["region", "type"],
    ["type", "region"],
    ["region"],
    [],
  ),
  only: fc.constantFrom(undefined, "eu"),
  aggregation: fc.constantFrom(...AGGREGATIONS),
  /** Times three days. */
  lengths: fc.integer({ min: 1, max: 3 }),
  skipped: fc.integer({ min: 0, max: 4 }),
});

Deno.test("get() answers the same before and after any downsampling", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(snapshot, { minLength: 1, maxLength: 25 }),
      fc.array(question, { minLength: 1, maxLength: 6 }),
      async (snapshots, questions) => {
        const toy = await openToySeries(database, START_MS);
        const { series, clock } = toy;
        const instants: Instant[] = [];
        for (const { gapMs, rows, restDays } of snapshots) {
          clock.advance(gapMs);
          instants.push({ at: clock.now(), rows });
          await toy.take("boxes", rows);
          if (restDays === 0) continue;
          clock.advance(restDays * DAY_MS);
          await series.downsample({ buckets: BUCKETS });
        }
        for (const each of questions) {
          const { group, only, aggregation, lengths, skipped } = each;
          const isPart = group.length < 2;
          const lengthMs = lengths * 3 * DAY_MS;
          const first = Math.floor(START_MS / lengthMs) + skipped;
          const asking = {
            from: first * lengthMs,
            to: (Math.floor(clock.now() / lengthMs) + 1) * lengthMs,
            lengthMs,
            group,
            only,
            aggregation: isPart && aggregation !== "avg" ? "sum" : aggregation,
          };
          if (asking.from >= asking.to) continue;
          if ((await series.list())[0]?.labels.length === 0) continue;
          assert.deepEqual(
            await asked(series, asking),
            naive(instants, asking),
          );
        }
      },
    ),
    { numRuns: 40 },
  );
});
