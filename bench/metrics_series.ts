/**
 * Time series of the record against tables of DuckDB, written by hand.
 *
 * @module
 */

import { DuckDBInstance } from "@duckdb/node-api";
import { openTestDatabase } from "../core/db/test_database.ts";
import {
  BUCKETS,
  HOUR_MS,
  openToySeries,
} from "../core/timeseries/_toy_series.ts";
import { median, report } from "./report.ts";

const bench = "metrics";
const DAYS = 90;
const GROUPS = 100;
const WIDE_GROUPS = 10_000;
const ROUNDS = 3;

/** A value of two labels. */
type Row = readonly [region: string, type: string, v: number];

function rowsAt(hour: number, groups: number): readonly Row[] {
  return Array.from(
    { length: groups },
    (_, at) => [`region-${at % 10}`, `type-${at}`, (at * 7 + hour) % 1_000],
  );
}

async function timed<T>(
  work: () => Promise<T>,
): Promise<readonly [milliseconds: number, result: T]> {
  const startedAt = performance.now();
  const result = await work();
  return [performance.now() - startedAt, result];
}

/** The same as a table with one row for each value. */
async function openTable(path: string) {
  const instance = await DuckDBInstance.create(path, { threads: "2" });
  const connection = await instance.connect();
  await connection.run(
    "create table points(ts varchar, ms bigint, region varchar, type varchar, v double)",
  );
  return {
    async take(ts: string, at: number, rows: readonly Row[]): Promise<void> {
      const appender = await connection.createAppender("points");
      for (const [region, type, v] of rows) {
        appender.appendVarchar(ts);
        appender.appendBigInt(BigInt(at));
        appender.appendVarchar(region);
        appender.appendVarchar(type);
        appender.appendDouble(v);
        appender.endRow();
      }
      appender.closeSync();
    },
    async get(ts: string, lengthMs: number) {
      const result = await connection.runAndReadAll(
        `select (ms // $1) * $1 as bucket, region, type, avg(v) as v from points
        where ts = $2 group by all order by all`,
        [lengthMs, ts],
      );
      return result.getRowsJS().map(([at, region, type, v]) => ({
        ts,
        at: new Date(Number(at)).toISOString(),
        v: Number(v),
        group: { region, type },
      }));
    },
    async downsample(ts: string, nowMs: number): Promise<void> {
      for (const { afterMs, lengthMs } of BUCKETS) {
        await connection.run(
          `begin; create temp table b as select ts, (ms // ${lengthMs}) * ${lengthMs} as ms,
            region, type, avg(v) as v from points
            where ts = '${ts}' and ms < ${nowMs - afterMs} group by all;
          delete from points where ts = '${ts}' and ms < ${nowMs - afterMs};
          insert into points select * from b; drop table b; commit`,
        );
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Snapshots, answers and downsampling of made-up searches. */
export async function measureSeries(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "skymap-bench-" });
  const database = await openTestDatabase();
  const table = await openTable(`${folder}/points.duckdb`);
  try {
    const { series, take, clock } = await openToySeries(database);
    const { signal } = new AbortController();
    const against = "a table of DuckDB";
    const wide: number[] = [];
    const wideTable: number[] = [];
    for (let hour = 0; hour < ROUNDS; hour++) {
      const rows = rowsAt(hour, WIDE_GROUPS);
      wide.push((await timed(() => take("wide", rows)))[0]);
      wideTable.push(
        (await timed(() => table.take("wide", clock.now(), rows)))[0],
      );
      clock.advance(HOUR_MS);
    }
    const hours = DAYS * 24;
    let ours = 0;
    let theirs = 0;
    for (let hour = 0; hour < hours; hour++) {
      const rows = rowsAt(hour, GROUPS);
      ours += (await timed(() => take("boxes", rows)))[0];
      theirs += (await timed(() => table.take("boxes", clock.now(), rows)))[0];
      clock.advance(HOUR_MS);
    }
    const get = async () => {
      const { points } = await series.get("boxes", {
        start: `${DAYS}d`,
        granularity: "1h",
      }, signal);
      return (await Array.fromAsync(points)).flat();
    };
    const gets: number[] = [];
    const theirGets: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [mine, points] = await timed(get);
      const [other, rows] = await timed(() => table.get("boxes", HOUR_MS));
      if (points.length !== rows.length || points.length !== hours * GROUPS) {
        throw new Error(`${points.length} values, by hand ${rows.length}`);
      }
      gets.push(mine);
      theirGets.push(other);
    }
    const [down] = await timed(() =>
      series.downsample({ name: "boxes", buckets: BUCKETS })
    );
    const [theirDown] = await timed(() =>
      table.downsample("boxes", clock.now())
    );
    const row = (what: string, value: number, other: number) =>
      report({
        bench,
        what,
        value,
        unit: "ms",
        against,
        other,
        ratio: value / other,
      });
    const days = `${DAYS} days of ${GROUPS} groups, hourly`;
    row(
      `snapshot of ${WIDE_GROUPS.toLocaleString("en")} groups`,
      median(wide),
      median(wideTable),
    );
    row(`snapshot of ${GROUPS} groups`, ours / hours, theirs / hours);
    row(
      `${days}: get of ${(hours * GROUPS).toLocaleString("en")} values`,
      median(gets),
      median(theirGets),
    );
    row(`${days}: downsampled`, down, theirDown);
  } finally {
    table.close();
    await database[Symbol.asyncDispose]();
    await Deno.remove(folder, { recursive: true });
  }
}
