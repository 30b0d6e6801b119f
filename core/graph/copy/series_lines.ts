/**
 * Time series of a graph as lines.
 *
 * Rows are passed on as they are stored: what they mean is known above graphs.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { slices } from "../slices.ts";
import type { SeriesLine, SeriesPointLine } from "./graph_lines.ts";

/** A row of a point, as far as it is looked into here. */
type PointRow = JsonObject & {
  readonly blocks: number;
  readonly bytes: number;
};

/** A point whose blocks are still to be read. */
interface FramedPoint {
  readonly name: string;
  readonly at: number;
  readonly row: PointRow;
}

/** The time series of a graph as they were at one moment. */
export interface SeriesFrame {
  readonly series: readonly SeriesLine[];
  readonly points: readonly FramedPoint[];
}

/** Bytes of blocks that are read together, about. */
const PAGE_BYTES = 1_000_000;

function blockIds({ name, at, row }: FramedPoint): RecordId[] {
  return Array.from(
    { length: row.blocks },
    (_, part) => new RecordId("timeseries_block", [name, at, part]),
  );
}

/** Reads what there is at one moment; blocks are read later. */
export async function readSeriesFrame(
  session: DbSession,
): Promise<SeriesFrame> {
  // One transaction: series and points fit together.
  const [, series = [], points = []] = await session.query<
    [
      unknown,
      (JsonObject & { id: RecordId })[]?,
      (PointRow & { id: RecordId })[]?,
    ]
  >(`BEGIN;
     SELECT * FROM timeseries ORDER BY id;
     SELECT * FROM timeseries_point ORDER BY id;
     COMMIT;`);
  return {
    series: series.map(({ id, ...row }) => ({
      type: "timeseries",
      name: String(id.id),
      row: row as JsonObject,
    })),
    points: points.map(({ id, ...row }) => {
      const [name, at] = id.id as [string, number];
      return { name, at, row: row as PointRow };
    }),
  };
}

/** The points of a frame with their blocks. */
export async function* readSeriesPoints(
  session: DbSession,
  { points }: SeriesFrame,
): AsyncGenerator<SeriesPointLine> {
  for (const some of slices(points, ({ row }) => row.bytes + 500, PAGE_BYTES)) {
    const ids = some.flatMap(blockIds);
    // Of a list of ids the engine reads whole rows only.
    const [rows] = ids.length === 0
      ? [[]]
      : await session.query<[{ id: RecordId; data: Uint8Array }[]]>(
        "SELECT * FROM $ids",
        { ids },
      );
    const found = new Map(rows.map(({ id, data }) => [id.toString(), data]));
    for (const point of some) {
      yield {
        type: "timeseries_point",
        ...point,
        blocks: blockIds(point).map((id) => {
          const data = found.get(id.toString());
          if (data !== undefined) return new Uint8Array(data).toBase64();
          throw new SkymapError(
            "database_corrupt",
            `Cannot export time series "${point.name}": a block of its values ` +
              "is not there",
          );
        }),
      };
    }
  }
}

/** The rows of the blocks of a point. */
export function blockRows(
  { name, at, row, blocks }: SeriesPointLine,
): { readonly id: RecordId; readonly snapshots: unknown; data: Uint8Array }[] {
  return blocks.map((block, part) => ({
    id: new RecordId("timeseries_block", [name, at, part]),
    snapshots: row.snapshots,
    data: Uint8Array.fromBase64(block),
  }));
}
