/**
 * Making less of a time series: points that are older become one, or go.
 *
 * @module
 */

import type { TimeSeriesDownsampleJson } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { slices } from "../graph/slices.ts";
import {
  type DownsamplingBucket,
  type DueBucket,
  dueBuckets,
} from "./downsampling.ts";
import { findSeries } from "./find_series.ts";
import { isAdditive } from "./is_additive.ts";
import { PointMerger } from "./merge_points.ts";
import type { NamedTurns } from "./named_turns.ts";
import { isWorse } from "./plan_answer.ts";
import { groupsOf, packBlocks, unpackBlock } from "./series_block.ts";
import {
  PAGE_BYTES,
  readBlocks,
  readPoints,
  type SeriesPoint,
  writeChange,
} from "./series_record.ts";

/** Where a series is changed. */
export interface SeriesPlace {
  readonly session: DbSession;
  /** What is known of a series is read and written in one turn. */
  readonly turns: NamedTurns;
}

/** How a series is thinned out. */
export interface ThinOptions extends SeriesPlace {
  /** From which age on values are kept how closely. */
  readonly buckets: readonly DownsamplingBucket[];
  /** Age from which on values are deleted. Default: never. */
  readonly keepMs: number | undefined;
  readonly nowMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Points that are deleted together. */
const MAX_GONE = 200;

function valuesOf(points: readonly SeriesPoint[]): number {
  return points.reduce((sum, { groups }) => sum + groups, 0);
}

/** Deletes points, and what is known of the series with its last one. */
export async function deletePoints(
  name: string,
  points: readonly SeriesPoint[],
  { session, turns, signal }: SeriesPlace & {
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  for (let from = 0; from < points.length; from += MAX_GONE) {
    signal?.throwIfAborted();
    const gone = points.slice(from, from + MAX_GONE);
    await turns.take(name, async () => {
      const series = await findSeries(session, name);
      const going = new Set(gone.map(({ at }) => at));
      const first = await readPoints(session, name, { limit: gone.length + 1 });
      const oldest = first.find(({ at }) => !going.has(at))?.at;
      await writeChange(session, {
        name,
        gone,
        series: oldest === undefined ? undefined : {
          ...series,
          oldest,
          points: series.points - gone.length,
          values: series.values - valuesOf(gone),
        },
      });
    });
  }
}

/** Makes one of the points of a bucket, in one transaction. */
async function mergePoints(
  name: string,
  { at, span, points }: DueBucket<SeriesPoint>,
  { session, turns }: SeriesPlace,
): Promise<void> {
  const merger = new PointMerger();
  for (const some of slices(points, ({ bytes }) => bytes, PAGE_BYTES)) {
    const found = await readBlocks(session, name, some);
    for (const [place, { snapshots, labels }] of some.entries()) {
      const blocks = (found[place] ?? []).map(unpackBlock);
      const groups = blocks.flatMap((block) => [...groupsOf(block, snapshots)]);
      merger.add({ snapshots, labels, groups });
    }
  }
  const { snapshots, labels, groups } = merger.merged();
  const blocks = packBlocks(labels, groups);
  const coverage = points.map((each) => each.coverage)
    .reduce((worst, each) => isWorse(each, worst) ? each : worst);
  const of = points.find((each) => !isAdditive(each)) ?? points.at(-1);
  await turns.take(name, async () => {
    const series = await findSeries(session, name);
    await writeChange(session, {
      name,
      gone: points,
      series: {
        ...series,
        oldest: Math.min(series.oldest, at),
        points: series.points - points.length + 1,
        values: series.values - valuesOf(points) + groups.length,
      },
      added: {
        blocks,
        point: {
          at,
          span,
          snapshots,
          ...(of?.function !== undefined && { function: of.function }),
          labels,
          groups: groups.length,
          blocks: blocks.length,
          bytes: blocks.reduce((sum, { length }) => sum + length, 0),
          coverage,
          incomplete: points.reduce((sum, each) => sum + each.incomplete, 0),
        },
      },
    });
  });
}

/**
 * Makes one of points that are older, and deletes what is too old. What was cut
 * in its midst has changed nothing, or all of a bucket.
 */
export async function thinSeries(
  name: string,
  { buckets, keepMs, nowMs, ...place }: ThinOptions,
): Promise<TimeSeriesDownsampleJson> {
  const { session, signal } = place;
  const points = await readPoints(session, name);
  const isOld = ({ at, span }: SeriesPoint) =>
    keepMs !== undefined && at + span <= nowMs - keepMs;
  const old = points.filter(isOld);
  const kept = points.filter((point) => !isOld(point));
  await deletePoints(name, old, place);
  const due = dueBuckets(kept, buckets, nowMs);
  for (const bucket of due) {
    signal?.throwIfAborted();
    await mergePoints(name, bucket, place);
  }
  const merged = due.reduce((sum, { points }) => sum + points.length, 0);
  return {
    name,
    snapshots: points.length,
    left: kept.length - merged + due.length,
    deleted: old.length,
  };
}
