/**
 * Rows of an aggregation as samples of a metric.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import {
  labelProblem,
  labelValue,
  type MetricDefinition,
  SERIES_LIMIT,
  SeriesCount,
} from "@skymap/lib/metrics";

/** One sample. */
export interface Sample {
  /** Values of the labels by name; a missing group is the empty text. */
  readonly labels: Readonly<Record<string, string>>;
  /** The value. */
  readonly value: number;
}

/** Every sample of a metric, with the names of its labels in order. */
export interface SampleSet {
  /** The metric. */
  readonly metric: MetricDefinition;
  /** Names of the labels. */
  readonly labelNames: readonly string[];
  /** Rows that the search gave: more than samples where a value is not known. */
  readonly rows: number;
  /** The samples. */
  readonly samples: readonly Sample[];
}

/** A row of an aggregation. */
type Row = Readonly<Record<string, unknown>>;

/**
 * Turns `{group: {…}, name: value}` rows into samples. A row whose value is null
 * is left out: nothing is known of it, and 0 would say otherwise. Groups that
 * become the same labels, as null and the empty text do, are added up.
 *
 * @throws {SkymapError} `query_invalid`, if a row has not exactly one number, a
 * group is no label, there are more series than the metric may have, or groups
 * cannot be added up.
 */
export function toSamples(
  metric: MetricDefinition,
  rows: readonly Row[],
): SampleSet {
  const labelNames = new Set<string>();
  const found = new Map<string, Sample>();
  for (const row of rows) {
    const group = isObject(row["group"]) ? row["group"] : {};
    for (const name of Object.keys(group)) {
      if (!labelNames.has(name)) checkLabel(metric, name);
      labelNames.add(name);
    }
    const value = valueOf(metric, row);
    if (value === null) continue;
    const labels = Object.fromEntries(
      Object.entries(group).map(([name, each]) => [name, labelValue(each)]),
    );
    const key = JSON.stringify(labels);
    const before = found.get(key);
    if (before !== undefined && !isAdditive(metric.search)) {
      throw refusal(
        metric,
        `two groups have the labels ${key}, and only sum(…) and count(…) can ` +
          "be added up",
      );
    }
    found.set(key, { labels, value: (before?.value ?? 0) + value });
  }
  const samples = [...found.values()];
  checkCount(metric, samples);
  return { metric, labelNames: [...labelNames], rows: rows.length, samples };
}

function refusal({ name }: MetricDefinition, why: string): SkymapError {
  return new SkymapError(
    "query_invalid",
    `Cannot export metric "${name}": ${why}`,
  );
}

function checkLabel(metric: MetricDefinition, name: string): void {
  const problem = labelProblem(name);
  if (problem === undefined) return;
  throw refusal(metric, `its search groups by "${name}", which ${problem}`);
}

/** The only value of a row; null where nothing is known. */
function valueOf(metric: MetricDefinition, row: Row): number | null {
  const values = Object.entries(row).filter(([name]) => name !== "group");
  const [[, value] = []] = values;
  if (values.length !== 1) {
    throw refusal(
      metric,
      `its search gives ${values.length} values a row, exactly one is needed`,
    );
  }
  if (value === null) return null;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw refusal(
    metric,
    `its search gives ${JSON.stringify(value)}, wanted a number`,
  );
}

/** Whether the search sums or counts; names in quotes are no functions. */
function isAdditive(search: string): boolean {
  const plain = search.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
  return /^\s*aggregate\s*\((?:[^:]*:)?\s*(?:sum|count)\s*\(/.test(plain);
}

function checkCount(
  metric: MetricDefinition,
  samples: readonly Sample[],
): void {
  const series = new SeriesCount();
  for (const { labels } of samples) series.add(labels);
  const problem = series.problem(metric.seriesLimit ?? SERIES_LIMIT);
  if (problem !== undefined) throw refusal(metric, `it ${problem}`);
}
