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

/** Every sample of a metric. */
export interface SampleSet {
  /** The metric. */
  readonly metric: MetricDefinition;
  /** Rows that the search gave: more than samples where a value is not known. */
  readonly rows: number;
  /** The samples. */
  readonly samples: readonly Sample[];
}

/** A row of an aggregation; all rows of one have the same groups. */
type Row = Readonly<Record<string, unknown>>;

/**
 * Turns `{group: {…}, name: value}` rows into samples. A row whose value is null
 * is left out: nothing is known of it, and 0 would say otherwise. Groups that
 * become the same labels, as null and the empty text do, become one.
 *
 * @throws {SkymapError} `query_invalid`, if a row has not exactly one number, a
 * group is no label, there are more series than the metric may have, or groups
 * cannot become one.
 */
export function toSamples(
  metric: MetricDefinition,
  rows: readonly Row[],
): SampleSet {
  const [first = {}] = rows;
  const labelNames = Object.keys(groupOf(first));
  for (const name of labelNames) checkLabel(metric, name);
  const found = new Map<string, Sample>();
  for (const row of rows) {
    const value = valueOf(metric, row);
    if (value === null) continue;
    const group = groupOf(row);
    const labels: Record<string, string> = {};
    let key = "";
    for (const name of labelNames) {
      const label = labelValue(group[name]);
      labels[name] = label;
      // With its length no two lists of labels are the same text.
      key += `${label.length}:${label}`;
    }
    const before = found.get(key);
    found.set(key, {
      labels,
      value: before === undefined
        ? value
        : together(metric, labels, before.value, value),
    });
  }
  const samples = [...found.values()];
  checkCount(metric, samples);
  return { metric, rows: rows.length, samples };
}

function groupOf({ group }: Row): Row {
  return isObject(group) ? group : {};
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
  const names = Object.keys(row).filter((name) => name !== "group");
  const [name = ""] = names;
  if (names.length !== 1) {
    throw refusal(
      metric,
      `its search gives ${names.length} values a row, exactly one is needed`,
    );
  }
  const value = row[name];
  if (value === null) return null;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw refusal(
    metric,
    `its search gives ${JSON.stringify(value)}, wanted a number`,
  );
}

/** How values of groups become that of both, by the function that gave them. */
const TOGETHER: ReadonlyMap<string, (one: number, two: number) => number> =
  new Map([
    ["sum", (one, two) => one + two],
    ["count", (one, two) => one + two],
    ["min", Math.min],
    ["max", Math.max],
  ]);

/** The value of two groups that have the same labels. */
function together(
  metric: MetricDefinition,
  labels: Sample["labels"],
  one: number,
  two: number,
): number {
  const of = TOGETHER.get(functionOf(metric.search));
  if (of !== undefined) return of(one, two);
  throw refusal(
    metric,
    `two groups have the labels ${JSON.stringify(labels)}, and only sum(…), ` +
      "count(…), min(…) and max(…) of both can be told",
  );
}

/** Name of the function of a search; names in quotes are no functions. */
function functionOf(search: string): string {
  const plain = search.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
  const [, name = ""] =
    /^\s*aggregate\s*\((?:[^:]*:)?\s*([a-z]+)\s*\(/.exec(plain) ?? [];
  return name;
}

function checkCount(
  metric: MetricDefinition,
  samples: readonly Sample[],
): void {
  const { seriesLimit = SERIES_LIMIT } = metric;
  if (samples.length <= seriesLimit) return;
  const series = new SeriesCount();
  for (const { labels } of samples) series.add(labels);
  throw refusal(metric, `it ${series.problem(seriesLimit)}`);
}
