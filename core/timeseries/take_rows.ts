/**
 * Rows of an aggregation as the values of a snapshot.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import type { AggregateName } from "../query/ast.ts";
import type { AskedSearch } from "./read_asked.ts";
import type { GroupValues } from "./series_block.ts";

/** Values of an answer. */
export interface TakenRows {
  readonly groups: readonly GroupValues[];
  /** Groups that have no value: what is summed up there is no number. */
  readonly withoutValue: number;
}

/** How rows are taken. */
export interface TakeOptions {
  /** Name of the time series. */
  readonly name: string;
  readonly asked: Pick<AskedSearch, "aggregate" | "labels">;
  /** Most groups. */
  readonly limit: number;
}

/** Largest value: sums of as many as there may be are numbers still. */
const MOST_VALUE = 1e280;

/** Rows that are looked at to say how many there are. */
const COUNTED = 1_000_000;

/** Values of a label that are counted at most. */
const MOST_DIFFERENT = 100_000;

function refused(name: string, problem: string): SkymapError {
  return new SkymapError(
    "query_invalid",
    `Cannot take a snapshot of time series "${name}": ${problem}`,
  );
}

function labelValue(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What two rows become that differ in nothing a label can tell. */
function together(
  function_: AggregateName,
): ((one: number, two: number) => number) | undefined {
  switch (function_) {
    case "sum":
    case "count":
      return (one, two) => one + two;
    case "min":
      return Math.min;
    case "max":
      return Math.max;
    default:
      return undefined;
  }
}

/** Counts different values of labels, as far as it matters. */
class LabelCounts {
  readonly #seen = new Map<string, Set<string>>();

  add(group: JsonObject): void {
    for (const [label, value] of Object.entries(group)) {
      const seen = this.#seen.get(label) ?? new Set();
      this.#seen.set(label, seen);
      if (seen.size < MOST_DIFFERENT) seen.add(labelValue(value));
    }
  }

  /** The label with the most values, in words. */
  largest(): string {
    const [first] = [...this.#seen]
      .sort(([, one], [, two]) => two.size - one.size);
    if (first === undefined) return "";
    const [label, { size }] = first;
    const many = size < MOST_DIFFERENT ? `${size}` : `more than ${size - 1}`;
    return `; "${label}" has most values, ${many}`;
  }
}

/**
 * Takes the rows of an `aggregate(…)` with one function.
 *
 * @throws {SkymapError} `query_invalid`, if there are too many.
 */
export async function takeRows(
  lines: AsyncIterable<readonly string[]>,
  { name, asked: { aggregate, labels }, limit }: TakeOptions,
): Promise<TakenRows> {
  const [function_] = aggregate.functions;
  const join = function_ === undefined ? undefined : together(function_.name);
  const values = new Map<string, { key: readonly string[]; value: number }>();
  const counts = new LabelCounts();
  let rows = 0;
  let withoutValue = 0;
  for await (const some of lines) {
    for (const line of some) {
      const { group: found, ...functions }: JsonObject = JSON.parse(line);
      const group = isObject(found) ? found as JsonObject : {};
      rows++;
      counts.add(group);
      if (rows > limit) {
        values.clear();
        continue;
      }
      const [value] = Object.values(functions);
      if (typeof value !== "number" || !Number.isFinite(value)) {
        withoutValue++;
        continue;
      }
      const key = labels.map((label) => labelValue(group[label]));
      const id = JSON.stringify(key);
      if (Math.abs(value) > MOST_VALUE) {
        throw refused(
          name,
          `its value for ${id} is ${value}, wanted at most ${MOST_VALUE}`,
        );
      }
      const known = values.get(id);
      if (known === undefined) values.set(id, { key, value });
      else if (join !== undefined) known.value = join(known.value, value);
      else {
        throw refused(
          name,
          `it has two values for ${id}: labels are texts, and these are the ` +
            "same as texts",
        );
      }
    }
    if (rows > COUNTED) break;
  }
  if (rows > limit) {
    const many = rows > COUNTED ? `more than ${COUNTED}` : `${rows}`;
    throw refused(
      name,
      `its search gives ${many} groups, at most ${limit} are taken` +
        counts.largest(),
    );
  }
  return {
    groups: [...values.values()].map(({ key, value }) => ({
      key,
      sum: value,
      min: value,
      max: value,
      presence: "1",
    })),
    withoutValue,
  };
}
