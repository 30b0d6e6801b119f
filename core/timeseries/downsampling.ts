/**
 * Which points of a time series become one.
 *
 * @module
 */

/** From which age on values are kept how closely. */
export interface DownsamplingBucket {
  /** Age, in milliseconds. */
  readonly afterMs: number;
  /** Length of what one point then stands for, in milliseconds. */
  readonly lengthMs: number;
}

/** When a point is of. */
export interface PointTime {
  /** Its snapshot, or the begin of the stretch that it stands for. */
  readonly at: number;
  /** Length of that stretch in milliseconds; 0 for a snapshot. */
  readonly span: number;
}

/** Points that become one. */
export interface DueBucket<Point extends PointTime> extends PointTime {
  readonly points: readonly Point[];
}

/** The length that counts for a bucket that begins then, or undefined. */
function lengthFor(
  at: number,
  nowMs: number,
  buckets: readonly DownsamplingBucket[],
): DownsamplingBucket | undefined {
  return buckets
    .filter(({ afterMs, lengthMs }) => {
      const end = Math.floor(at / lengthMs) * lengthMs + lengthMs;
      // Only what is over: nothing comes into it any more.
      return end <= nowMs - afterMs;
    })
    .toSorted((one, two) => two.lengthMs - one.lengthMs)[0];
}

/**
 * The points that become one, in order. A point that stands for as long as it
 * should, or longer, stays as it is.
 */
export function dueBuckets<Point extends PointTime>(
  points: readonly Point[],
  buckets: readonly DownsamplingBucket[],
  nowMs: number,
): readonly DueBucket<Point>[] {
  const found = new Map<string, { at: number; span: number; of: Point[] }>();
  for (const point of points) {
    const length = lengthFor(point.at, nowMs, buckets)?.lengthMs;
    if (length === undefined || point.span > length) continue;
    const at = Math.floor(point.at / length) * length;
    // Of a length that was configured before, and does not fit into this one.
    if (point.at + point.span > at + length) continue;
    const key = `${at}/${length}`;
    const due = found.get(key) ?? { at, span: length, of: [] };
    due.of.push(point);
    found.set(key, due);
  }
  return [...found.values()]
    .filter(({ span, of }) => of.some((point) => point.span < span))
    .map(({ at, span, of }) => ({
      at,
      span,
      points: of.toSorted((one, two) => one.at - two.at),
    }))
    .sort((one, two) => one.at - two.at);
}
