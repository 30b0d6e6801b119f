/**
 * The values that answer a question about a time series.
 *
 * @module
 */

import type { TimeSeriesPointJson } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { slices } from "../graph/slices.ts";
import { BucketValues } from "./bucket_values.ts";
import { type FindMatches, LabelMatcher } from "./label_filter.ts";
import type { AnswerBucket } from "./plan_answer.ts";
import type { SeriesQuery } from "./read_query.ts";
import { unpackBlock } from "./series_block.ts";
import { PAGE_BYTES, readBlocks } from "./series_record.ts";

/** What is asked, and what answers it. */
export interface SeriesAnswerOptions {
  readonly session: DbSession;
  readonly query: SeriesQuery;
  readonly buckets: readonly AnswerBucket[];
  readonly findMatches: FindMatches;
  readonly signal: AbortSignal;
}

/** Values that leave together. */
const MAX_VALUES = 1_000;

/** Gives the values, a bucket after the other. */
export async function* seriesAnswer(
  name: string,
  { session, query, buckets, findMatches, signal }: SeriesAnswerOptions,
): AsyncGenerator<readonly TimeSeriesPointJson[]> {
  const { labels, aggregation, filters } = query;
  const matcher = new LabelMatcher(filters, findMatches);
  for (const { at, points } of buckets) {
    const folded = new BucketValues(labels);
    for (const some of slices(points, ({ bytes }) => bytes, PAGE_BYTES)) {
      signal.throwIfAborted();
      const found = await readBlocks(session, name, some);
      for (const [place, point] of some.entries()) {
        const blocks = [];
        for (const bytes of found[place] ?? []) {
          const block = unpackBlock(bytes);
          blocks.push({ block, passes: await matcher.matcherOf(block) });
        }
        folded.add(blocks, point.snapshots);
      }
    }
    const values = folded.values(aggregation);
    for (let from = 0; from < values.length; from += MAX_VALUES) {
      signal.throwIfAborted();
      yield values.slice(from, from + MAX_VALUES).map(({ key, value }) => ({
        ts: name,
        at: new Date(at).toISOString(),
        v: value,
        group: Object.fromEntries(
          labels.map((label, place) => [label, key[place] ?? ""]),
        ),
      }));
    }
  }
}
