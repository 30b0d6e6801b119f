/**
 * Time series in the record of their graph.
 *
 * A series has a row of its own that says what it holds, a row for each point,
 * and the values of a point in blocks. What belongs together is written in one
 * transaction.
 *
 * @module
 */

import {
  BoundExcluded,
  BoundIncluded,
  type DbSession,
  RecordId,
  RecordIdRange,
} from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import type { AggregateName } from "../query/ast.ts";
import type { PointTime } from "./downsampling.ts";

/** How complete the answer was that a snapshot holds. */
export interface SnapshotCoverage {
  /** Time of the snapshot, in milliseconds. */
  readonly at: number;
  readonly scopes: number;
  readonly complete: number;
  readonly stale: number;
  readonly failed: number;
  /** How many kinds were never listed. */
  readonly gaps: number;
  /** The first of them, in words. */
  readonly named_gaps: readonly string[];
  readonly sequence: number;
}

/** What is known of a series. */
export interface Series {
  readonly name: string;
  /** Labels that any of its snapshots had. */
  readonly labels: readonly string[];
  /** Begin of its oldest point, in milliseconds. */
  readonly oldest: number;
  /** Its newest snapshot, in milliseconds. */
  readonly newest: number;
  readonly points: number;
  readonly values: number;
  /** Runs of workflows that took the last snapshots. */
  readonly runs: readonly string[];
  /** The search of the last snapshot, as it was written. */
  readonly search?: string;
  /** Its first snapshot with that search, if there were others before. */
  readonly search_since?: number;
}

/** A snapshot, or what snapshots of a stretch of time became. */
export interface SeriesPoint extends PointTime {
  /** How many snapshots it stands for. */
  readonly snapshots: number;
  /** What its values are of their groups. Default: `sum`. */
  readonly function?: AggregateName;
  readonly labels: readonly string[];
  readonly groups: number;
  /** Blocks that hold its values. */
  readonly blocks: number;
  /** Bytes of these. */
  readonly bytes: number;
  /** Of its snapshot that rests on the least. */
  readonly coverage: SnapshotCoverage;
  /** How many of its snapshots rest on an answer that was not complete. */
  readonly incomplete: number;
}

/** A change of a series that is written whole or not at all. */
export interface SeriesChange {
  /** What is known of it afterwards; undefined when nothing is left. */
  readonly series: Series | undefined;
  readonly name: string;
  /** Points that go. */
  readonly gone: readonly SeriesPoint[];
  /** The point that comes, with its blocks. */
  readonly added?: {
    readonly point: SeriesPoint;
    readonly blocks: readonly Uint8Array[];
  };
}

/** Bytes of blocks that are read together, about. */
export const PAGE_BYTES = 2_000_000;

/** Which points are read. */
export interface PointRange {
  /** Those that begin from this time on. Default: all. */
  readonly from?: number;
  /** Those that begin before this time. Default: all. */
  readonly to?: number;
  /** So many, the first ones. Default: all. */
  readonly limit?: number;
}

const LAST_MS = 8_640_000_000_000_000;

const MOST_POINTS = 1_000_000_000;

function seriesId(name: string): RecordId {
  return new RecordId("timeseries", name);
}

function pointId(name: string, at: number): RecordId {
  return new RecordId("timeseries_point", [name, at]);
}

function blockIds(
  name: string,
  { at, blocks }: Pick<SeriesPoint, "at" | "blocks">,
): RecordId[] {
  return Array.from(
    { length: blocks },
    (_, part) => new RecordId("timeseries_block", [name, at, part]),
  );
}

function seriesOf(row: Omit<Series, "name"> & { id: RecordId }): Series {
  const { id, ...rest } = row;
  return { name: String(id.id), ...rest };
}

/** Every series, by name. */
export async function readAllSeries(session: DbSession): Promise<Series[]> {
  const [rows] = await session.query<
    [(Omit<Series, "name"> & { id: RecordId })[]]
  >("SELECT * FROM timeseries");
  return rows.map(seriesOf).sort((one, two) => one.name < two.name ? -1 : 1);
}

/** One series, or undefined. */
export async function readSeries(
  session: DbSession,
  name: string,
): Promise<Series | undefined> {
  const [[row]] = await session.query<
    [(Omit<Series, "name"> & { id: RecordId })[]]
  >("SELECT * FROM $id", { id: seriesId(name) });
  return row === undefined ? undefined : seriesOf(row);
}

/** Points of a series, in order. */
export async function readPoints(
  session: DbSession,
  name: string,
  { from = -LAST_MS, to = LAST_MS, limit = MOST_POINTS }: PointRange = {},
): Promise<SeriesPoint[]> {
  const [rows] = await session.query<[(SeriesPoint & { id: RecordId })[]]>(
    "SELECT * FROM $range LIMIT $limit",
    {
      limit,
      range: new RecordIdRange(
        "timeseries_point",
        new BoundIncluded([name, from]),
        new BoundExcluded([name, to]),
      ),
    },
  );
  return rows.map(({ id: _, ...point }) => point)
    .sort((one, two) => one.at - two.at);
}

/**
 * The blocks of points, in their order.
 *
 * @throws {SkymapError} `conflict`, if the points are no more what they were.
 */
export async function readBlocks(
  session: DbSession,
  name: string,
  points: readonly SeriesPoint[],
): Promise<readonly (readonly Uint8Array[])[]> {
  const ids = points.flatMap((point) => blockIds(name, point));
  const [rows] = ids.length === 0 ? [[]] : await session.query<
    [{ id: RecordId; snapshots: number; data: Uint8Array }[]]
  >("SELECT * FROM $ids", { ids });
  const found = new Map(rows.map((row) => [row.id.toString(), row]));
  return points.map((point) =>
    blockIds(name, point).map((id) => {
      const row = found.get(id.toString());
      if (row !== undefined && row.snapshots === point.snapshots) {
        return new Uint8Array(row.data);
      }
      throw new SkymapError(
        "conflict",
        `Cannot read time series "${name}": it was downsampled or deleted ` +
          "meanwhile, ask again",
      );
    })
  );
}

/** Writes a change in one transaction. */
export async function writeChange(
  session: DbSession,
  { name, series, gone, added }: SeriesChange,
): Promise<void> {
  const statements = ["BEGIN;"];
  const bindings: Record<string, unknown> = { series: seriesId(name) };
  if (gone.length > 0) {
    statements.push("DELETE $gone RETURN NONE;");
    bindings.gone = gone.flatMap((point) => [
      pointId(name, point.at),
      ...blockIds(name, point),
    ]);
  }
  if (added !== undefined) {
    const { point, blocks } = added;
    statements.push("CREATE $id CONTENT $point RETURN NONE;");
    bindings.id = pointId(name, point.at);
    bindings.point = point;
    if (blocks.length > 0) {
      statements.push("INSERT INTO timeseries_block $blocks RETURN NONE;");
      const ids = blockIds(name, point);
      bindings.blocks = blocks.map((data, part) => ({
        id: ids[part],
        snapshots: point.snapshots,
        data,
      }));
    }
  }
  if (series === undefined) {
    statements.push("DELETE $series RETURN NONE;");
  } else {
    const { name: _, ...row } = series;
    statements.push("UPSERT $series CONTENT $row RETURN NONE;");
    bindings.row = row;
  }
  await session.query([...statements, "COMMIT;"].join("\n"), bindings);
}

const DOWNSAMPLED = new RecordId("meta", "downsampled");

/** ISO time when all series were downsampled last; undefined when never. */
export async function readDownsampledAt(
  session: DbSession,
): Promise<string | undefined> {
  const [[row]] = await session.query<[{ at: string }[]]>(
    "SELECT at FROM $id",
    { id: DOWNSAMPLED },
  );
  return row?.at;
}

/** Remembers when all series were downsampled. */
export async function writeDownsampledAt(
  session: DbSession,
  at: string,
): Promise<void> {
  await session.query("UPSERT $id CONTENT $row RETURN NONE", {
    id: DOWNSAMPLED,
    row: { at },
  });
}
