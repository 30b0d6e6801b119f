/**
 * Which points answer a question about a time series, and in which buckets.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";
import { formatDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import type { SeriesQuery } from "./read_query.ts";
import { isAdditive } from "./is_additive.ts";
import type { Series, SeriesPoint, SnapshotCoverage } from "./series_record.ts";

/** Points that one value of each group is made of. */
export interface AnswerBucket {
  /** Its begin, in milliseconds. */
  readonly at: number;
  readonly points: readonly SeriesPoint[];
}

/** How a question is answered. */
export interface AnswerPlan {
  readonly buckets: readonly AnswerBucket[];
  /** How complete what the snapshots hold was. */
  readonly coverage: CoverageJson;
}

function divisor(one: number, two: number): number {
  return two === 0 ? one : divisor(two, one % two);
}

/** The least length that is a multiple of all of these. */
function commonMultiple(spans: Iterable<number>): number {
  let common = 1;
  for (const span of spans) common = common / divisor(common, span) * span;
  return common;
}

/** Points within whole buckets, and the length that these have. */
function fitBuckets(
  points: readonly SeriesPoint[],
  { start, end, granularityMs }: SeriesQuery,
): { readonly lengthMs: number; readonly points: readonly SeriesPoint[] } {
  for (let lengthMs = granularityMs;;) {
    const from = Math.floor(start / lengthMs) * lengthMs;
    const to = Math.ceil(end / lengthMs) * lengthMs;
    const some = points.filter(({ at, span }) =>
      at < to && (span === 0 ? at >= from : at + span > from)
    );
    const common = commonMultiple(
      new Set(some.map(({ span }) => span).filter((span) => span > 0)),
    );
    // No point lies in two buckets then.
    const fitting = Math.ceil(lengthMs / common) * common;
    if (fitting === lengthMs) return { lengthMs, points: some };
    lengthMs = fitting;
  }
}

const DAY_MS = 24 * 3_600_000;

function isLeftOut(
  point: SeriesPoint,
  { labels }: SeriesQuery,
): boolean {
  return point.labels.some((label) => !labels.includes(label));
}

function refused(name: string, problem: string): SkymapError {
  return new SkymapError(
    "query_invalid",
    `Cannot read time series "${name}": ${problem}`,
  );
}

/** Refuses values of groups together that are not known. */
function checkTogether(
  name: string,
  points: readonly SeriesPoint[],
  query: SeriesQuery,
  lengthMs: number,
): void {
  const some = points.filter((point) => isLeftOut(point, query));
  const other = some.findLast((point) => !isAdditive(point));
  if (other !== undefined) {
    throw refused(
      name,
      `its values are the ${other.function} of each group, that of groups ` +
        "together cannot be told from them, wanted all labels " +
        `(${other.labels.join(", ")})`,
    );
  }
  const { aggregation, isExact, granularityMs } = query;
  if (aggregation !== "min" && aggregation !== "max") return;
  const unknown = some.findLast(({ snapshots }) => snapshots > 1);
  if (unknown === undefined) return;
  const until = unknown.at + unknown.span;
  // A bucket that the start lies in is given whole: it has to begin there.
  const step = commonMultiple(
    isExact ? [lengthMs, granularityMs] : [lengthMs, DAY_MS],
  );
  const start = new Date(Math.ceil(until / step) * step).toISOString();
  throw refused(
    name,
    `snapshots before ${new Date(until).toISOString()} were downsampled, the ` +
      `${aggregation} of each group was kept and not that of groups together; ` +
      "wanted aggregation avg or sum, all labels " +
      `(${unknown.labels.join(", ")}) or start ${start}`,
  );
}

/** Whether one answer rests on less than another. */
export function isWorse(
  one: SnapshotCoverage,
  other: SnapshotCoverage,
): boolean {
  const share = ({ complete, scopes }: SnapshotCoverage) =>
    scopes === 0 ? 1 : complete / scopes;
  return share(one) - share(other) < 0 ||
    share(one) === share(other) && one.gaps > other.gaps;
}

function coverageOf(
  points: readonly SeriesPoint[],
  warnings: readonly string[],
): CoverageJson {
  let worst: SnapshotCoverage | undefined;
  let snapshots = 0;
  let incomplete = 0;
  for (const point of points) {
    snapshots += point.snapshots;
    incomplete += point.incomplete;
    // Of those that are alike the newest is told.
    if (worst === undefined || !isWorse(worst, point.coverage)) {
      worst = point.coverage;
    }
  }
  const { scopes, complete, stale, failed, gaps, named_gaps, sequence, at } =
    worst ??
      {
        scopes: 0,
        complete: 0,
        stale: 0,
        failed: 0,
        gaps: 0,
        named_gaps: [],
        sequence: 0,
        at: 0,
      };
  const unnamed = gaps - named_gaps.length;
  return {
    type: "coverage",
    scopes,
    complete,
    stale,
    failed,
    sequence,
    problems: [],
    problems_total: 0,
    gaps: unnamed > 0
      ? [...named_gaps, `${unnamed} more kinds were never listed`]
      : named_gaps,
    warnings: [
      ...(incomplete === 0 ? [] : [
        `${incomplete} of ${snapshots} snapshots rest on an answer that was ` +
        `not complete; the one of ${new Date(at).toISOString()} rests on the ` +
        `least: ${complete} of ${scopes} scopes were up to date` +
        (gaps === 0 ? "" : `, ${gaps} kinds were never listed`),
      ]),
      ...warnings,
    ],
  };
}

/**
 * Puts points into whole buckets, and says what the answer rests on.
 *
 * @throws {SkymapError} `query_invalid` for values of groups together that are
 * not known.
 */
export function planAnswer(
  { name, oldest, newest, search_since: since }: Series,
  all: readonly SeriesPoint[],
  query: SeriesQuery,
): AnswerPlan {
  const { lengthMs, points } = fitBuckets(all, query);
  checkTogether(name, points, query, lengthMs);
  const buckets = new Map<number, SeriesPoint[]>();
  for (const point of points) {
    const at = Math.floor(point.at / lengthMs) * lengthMs;
    const bucket = buckets.get(at);
    if (bucket === undefined) buckets.set(at, [point]);
    else bucket.push(point);
  }
  const warnings: string[] = [];
  if (query.isExact && lengthMs !== query.granularityMs) {
    warnings.push(
      `Values are of ${formatDuration(lengthMs)} each, and not of ` +
        `${formatDuration(query.granularityMs)}: snapshots of this time were ` +
        "downsampled",
    );
  }
  if (points.length === 0) {
    warnings.push(
      "There are no snapshots of this time: the oldest begins at " +
        `${new Date(oldest).toISOString()}, the newest is of ` +
        new Date(newest).toISOString(),
    );
  }
  if (points.some(({ at }) => since !== undefined && at < since)) {
    warnings.push(
      `Values before ${new Date(since ?? 0).toISOString()} are of another ` +
        "search",
    );
  }
  return {
    buckets: [...buckets].map(([at, points]) => ({ at, points }))
      .sort((one, two) => one.at - two.at),
    coverage: coverageOf(points, warnings),
  };
}
