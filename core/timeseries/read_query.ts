/**
 * What a time series is asked for, read and checked.
 *
 * @module
 */

import type {
  TimeSeriesAggregation,
  TimeSeriesQueryJson,
} from "@skymap/lib/client";
import { isDuration, parseDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import { nearestNames } from "../model/nearest_names.ts";
import {
  checkLabels,
  type LabelFilter,
  readLabelFilter,
} from "./label_filter.ts";
import type { Series } from "./series_record.ts";

/** A question that can be answered. */
export interface SeriesQuery {
  /** From this time on, in milliseconds. */
  readonly start: number;
  /** Before this time. */
  readonly end: number;
  /** Labels that stay. */
  readonly labels: readonly string[];
  /** What holds for the labels. */
  readonly filters: readonly LabelFilter[];
  /** Length of a bucket in milliseconds, as it is wanted. */
  readonly granularityMs: number;
  /** Whether it was asked for as a duration. */
  readonly isExact: boolean;
  readonly aggregation: TimeSeriesAggregation;
}

/** What a question is read with. */
export interface ReadQueryOptions {
  /** The present, in milliseconds. */
  readonly nowMs: number;
  /** The time that a text means; throws `query_invalid`. */
  readonly timeOf: (text: string) => Promise<number>;
}

const HOUR_MS = 3_600_000;

/** How far back an answer goes when nothing is said. */
const RANGE_MS = 7 * 24 * HOUR_MS;

/** Hours that buckets have, so that they begin when people expect them to. */
const PARTS_OF_DAY = [1, 2, 3, 4, 6, 8, 12, 24];

/** Points that are aimed at when nothing is said. */
const POINTS = 20;

function refused(name: string, problem: string): SkymapError {
  return new SkymapError(
    "query_invalid",
    `Cannot read time series "${name}": ${problem}`,
  );
}

/** Length of a bucket; `isExact` if it was written so. */
function readGranularity(
  name: string,
  granularity: string | number | undefined,
  rangeMs: number,
): Pick<SeriesQuery, "granularityMs" | "isExact"> {
  const wanted = "wanted a duration of at least 1h, or a number of points";
  const count = typeof granularity === "string" && /^\d+$/.test(granularity)
    ? Number(granularity)
    : granularity ?? POINTS;
  if (typeof count === "string") {
    const lengthMs = isDuration(count) ? parseDuration(count) : 0;
    if (lengthMs < HOUR_MS) {
      throw refused(name, `granularity is ${JSON.stringify(count)}, ${wanted}`);
    }
    return { granularityMs: lengthMs, isExact: true };
  }
  if (!Number.isInteger(count) || count < 1) {
    throw refused(name, `granularity is ${count}, ${wanted}`);
  }
  const hours = rangeMs / count / HOUR_MS;
  const rounded = PARTS_OF_DAY.find((part) => part >= hours) ??
    Math.ceil(hours / 24) * 24;
  return { granularityMs: rounded * HOUR_MS, isExact: false };
}

/** Refuses labels that the series does not have. */
function readLabels(
  { name, labels }: Series,
  group: readonly string[] | undefined,
): readonly string[] {
  if (group === undefined) return labels;
  for (const label of group) {
    if (labels.includes(label)) continue;
    const [guess] = nearestNames(label, labels);
    throw refused(
      name,
      `there is no label ${JSON.stringify(label)}, ` +
        (guess === undefined
          ? `there is ${labels.join(", ") || "none"}`
          : `did you mean "${guess}"?`),
    );
  }
  return [...new Set(group)];
}

/**
 * Reads what is asked of a series.
 *
 * @throws {SkymapError} `query_syntax` or `query_invalid`
 */
export async function readSeriesQuery(
  series: Series,
  query: TimeSeriesQueryJson,
  { nowMs, timeOf }: ReadQueryOptions,
): Promise<SeriesQuery> {
  const { name } = series;
  // What was just now is part of it.
  const end = query.end === undefined ? nowMs + 1 : await timeOf(query.end);
  const start = query.start === undefined
    ? end - RANGE_MS
    : await timeOf(query.start);
  if (start >= end) {
    throw refused(
      name,
      `it begins at ${new Date(start).toISOString()} and ends at ` +
        `${new Date(end).toISOString()}, wanted a start before its end`,
    );
  }
  const filters = (query.filter ?? []).map(readLabelFilter);
  for (const filter of filters) checkLabels(filter, series.labels);
  return {
    start,
    end,
    labels: readLabels(series, query.group),
    filters,
    ...readGranularity(name, query.granularity, end - start),
    aggregation: query.aggregation ?? "avg",
  };
}
