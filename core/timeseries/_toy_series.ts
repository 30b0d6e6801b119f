/**
 * Time series over a made-up search, for tests.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { FakeClock } from "@skymap/lib/testing";
import type { TestDatabase } from "../db/test_database.ts";
import { LockedTurns } from "../graph/oldest.ts";
import type { DownsamplingBucket } from "./downsampling.ts";
import { TimeSeries, type TimeSeriesOptions } from "./time_series.ts";

/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;

/** Milliseconds of a day. */
export const DAY_MS: number = 24 * HOUR_MS;

/** The buckets that count when nothing is configured. */
export const BUCKETS: readonly DownsamplingBucket[] = [
  { afterMs: 2 * DAY_MS, lengthMs: 4 * HOUR_MS },
  { afterMs: 30 * DAY_MS, lengthMs: DAY_MS },
  { afterMs: 180 * DAY_MS, lengthMs: 3 * DAY_MS },
];

/** A row of a made-up answer. */
export interface ToyRow {
  readonly group: Readonly<Record<string, unknown>>;
  readonly v: unknown;
}

/** How complete a made-up answer is. */
export const TOY_COVERAGE: CoverageJson = {
  type: "coverage",
  scopes: 10,
  complete: 10,
  stale: 0,
  failed: 0,
  sequence: 1,
  problems: [],
  problems_total: 0,
  gaps: [],
  warnings: [],
};

/** The search that the rows answer. */
export const TOY_SEARCH =
  "aggregate(region as region, type as type: sum(1) as v): all";

/** Time series of a database of their own. */
export interface ToySeries {
  readonly series: TimeSeries;
  readonly session: DbSession;
  readonly clock: FakeClock;
  /** What is answered. */
  rows: readonly ToyRow[];
  coverage: CoverageJson;
  /** The same over another way to the database. */
  over(session: DbSession): TimeSeries;
  /** Takes a snapshot of rows that are given by their labels and their value. */
  take(
    name: string,
    rows: readonly (readonly [region: string, type: string, v: number])[],
  ): Promise<void>;
}

let databases = 0;

/** Opens series that are empty. */
export async function openToySeries(
  database: TestDatabase,
  startMs?: number,
): Promise<ToySeries> {
  return toySeries(await database.db.graph(`series${++databases}`), startMs);
}

/** Series of a graph, whose search is made up. */
export function toySeries(session: DbSession, startMs?: number): ToySeries {
  const clock = new FakeClock(startMs);
  const turns = new LockedTurns();
  const searcher: TimeSeriesOptions["searcher"] = {
    expand: (text) => text,
    coverage: () => Promise.resolve(toy.coverage),
    async *lines() {
      yield await Promise.resolve(toy.rows.map((row) => JSON.stringify(row)));
    },
  };
  const over = (session: DbSession) =>
    new TimeSeries({
      session,
      searcher,
      findMatches: (pattern, values) =>
        Promise.resolve(
          new Set(values.filter((value) => RegExp(pattern, "i").test(value))),
        ),
      snapshots: {
        list: () =>
          Promise.resolve([{
            label: "noon",
            sequence: 1,
            at: "2026-01-01T12:00:00Z",
            createdAt: "2026-01-01T12:00:00Z",
          }]),
      },
      now: () => new Date(clock.now()),
      whileKept: (work) => turns.take(work),
    });
  const toy: ToySeries = {
    series: over(session),
    session,
    clock,
    rows: [],
    coverage: TOY_COVERAGE,
    over,
    async take(name, rows) {
      toy.rows = rows.map(([region, type, v]) => ({
        group: { region, type },
        v,
      }));
      const { signal } = new AbortController();
      await toy.series.snapshot(name, TOY_SEARCH, { signal });
    },
  };
  return toy;
}
