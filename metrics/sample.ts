/**
 * Rows of an aggregation as samples of a metric.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import type { MetricDefinition } from "@skymap/lib/metrics";

/** What Prometheus takes for the name of a label. */
const LABEL = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

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
  /** The samples. */
  readonly samples: readonly Sample[];
}

/**
 * Turns `{group: {…}, name: value}` rows into samples.
 *
 * @throws {SkymapError} `query_invalid`, if a row has not exactly one value.
 */
export function toSamples(
  metric: MetricDefinition,
  rows: readonly Readonly<Record<string, unknown>>[],
): SampleSet {
  const labelNames = new Set<string>();
  const samples = rows.map((row) => {
    const group = isObject(row["group"]) ? row["group"] : {};
    const values = Object.entries(row).filter(([name]) => name !== "group");
    const [value] = values;
    if (value === undefined || values.length !== 1) {
      throw new SkymapError(
        "query_invalid",
        `Cannot export metric "${metric.name}": its search gives ` +
          `${values.length} values a row, exactly one is needed`,
      );
    }
    for (const name of Object.keys(group)) {
      if (!LABEL.test(name)) {
        throw new SkymapError(
          "query_invalid",
          `Cannot export metric "${metric.name}": its search groups by ` +
            `"${name}", which is no name of a label, wanted "… as name"`,
        );
      }
      labelNames.add(name);
    }
    return {
      labels: Object.fromEntries(
        Object.entries(group).map(([name, each]) => [name, labelValue(each)]),
      ),
      value: Number(value[1] ?? 0),
    };
  });
  return { metric, labelNames: [...labelNames], samples };
}

function labelValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
