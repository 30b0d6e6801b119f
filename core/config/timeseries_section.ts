/**
 * What the configuration says of time series: what is kept, how closely and for
 * how long.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import { z } from "zod";

/** The least length of a bucket: an hour. */
const HOUR_MS = 3_600_000;

/** Of this age and older, one value is kept for this long. */
export interface TimeSeriesBucket {
  /** The age, as a duration. */
  readonly after: string;
  /** The length, as a duration. */
  readonly length: string;
}

function durationOf(leastMs: number, example: string) {
  return z.string().refine(
    (text) => isDuration(text) && parseDuration(text) >= leastMs,
    { message: `wanted a duration such as ${example}` },
  );
}

const BUCKET = z.strictObject({
  after: durationOf(1, "2d").describe("Age of what is downsampled, such as 2d"),
  length: durationOf(HOUR_MS, "4h").describe(
    "Length of what one value then stands for, such as 4h: at least 1h, and a multiple of that of the bucket before",
  ),
});

/** Tells buckets that cannot be made of those before. */
function checkBuckets(
  buckets: readonly TimeSeriesBucket[],
  context: z.RefinementCtx,
): void {
  const read = (text: string) => isDuration(text) ? parseDuration(text) : 0;
  for (const [at, { after, length }] of buckets.entries()) {
    const before = buckets[at - 1];
    if (before === undefined) continue;
    const tell = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [at, name], message });
    if (read(after) <= read(before.after)) {
      tell("after", `wanted more than ${before.after}, that of the one before`);
    }
    if (
      read(length) <= read(before.length) ||
      read(length) % read(before.length) !== 0
    ) {
      tell(
        "length",
        `wanted a multiple of ${before.length}, that of the one before`,
      );
    }
  }
}

/** The schema of section `core.timeseries` of the document `skymap.core`. */
export const TIMESERIES_SECTION = z.strictObject({
  enabled: z.boolean().default(true).describe(
    "Whether each collect ends with a snapshot of every metric of skymap.metrics that has a history",
  ),
  keep: z.string().default("730d").refine(
    (text) => text === "none" || isDuration(text) && parseDuration(text) > 0,
    {
      message: "wanted a duration such as 730d, or none to keep them for ever",
    },
  ).describe("How long values are kept, such as 730d; none: for ever"),
  series_limit: z.int().min(1).max(1_000_000).default(10_000).describe(
    "Most groups of a snapshot that is taken by hand; metrics have limits of their own",
  ),
  buckets: z.array(BUCKET).superRefine(checkBuckets).default([
    { after: "2d", length: "4h" },
    { after: "30d", length: "1d" },
    { after: "180d", length: "3d" },
  ]).describe("How closely older values are kept"),
});

/** What time series are configured with. */
export type TimeSeriesConfig = z.infer<typeof TIMESERIES_SECTION>;

/** How series are downsampled by a configuration, in milliseconds. */
export function downsamplingOf({ buckets, keep }: TimeSeriesConfig): {
  readonly buckets: readonly {
    readonly afterMs: number;
    readonly lengthMs: number;
  }[];
  readonly keepMs?: number;
} {
  return {
    buckets: buckets.map(({ after, length }) => ({
      afterMs: parseDuration(after),
      lengthMs: parseDuration(length),
    })),
    ...(keep !== "none" && { keepMs: parseDuration(keep) }),
  };
}
