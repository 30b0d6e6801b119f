/**
 * Rows of an aggregation in an order.
 *
 * @module
 */

import type { CliNote } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import type { Aggregate, Path, SortKey } from "../query/ast.ts";
import { functionName, groupName } from "../search/compile_aggregate.ts";
import { Batch, type Batches } from "./batch.ts";
import { readProperty } from "./read_property.ts";

/** Rows that are held to be sorted at most. */
const MAX_ROWS = 1_000_000;
/** Rows that leave together. */
const BATCH = 1_000;

/** How rows are sorted. */
export interface SortRowsOptions {
  /** What the rows are of. */
  readonly aggregate: Aggregate | undefined;
  /** The order; empty for the functions, then the groups. */
  readonly keys: readonly SortKey[];
  /** Tells that there are too many. */
  readonly note: (note: CliNote) => void;
  /** Default: a million. */
  readonly maxRows?: number;
}

function field(...keys: readonly string[]): SortKey {
  const path: Path = {
    type: "path",
    absolute: true,
    items: keys.map((key) => ({ key })),
  };
  return { path, direction: "asc" };
}

function defaultOrder(aggregate: Aggregate | undefined): readonly SortKey[] {
  return [
    ...(aggregate?.functions ?? []).map((each) => field(functionName(each))),
    ...(aggregate?.groups ?? []).map((each) => field("group", groupName(each))),
  ];
}

/** Nothing, truth values, numbers, texts, then the rest. */
function rank(value: Json): number {
  switch (typeof value) {
    case "boolean":
      return 1;
    case "number":
      return 2;
    case "string":
      return 3;
    default:
      return value === null ? 0 : 4;
  }
}

/** Which of two values comes first. */
export function compareValues(one: Json, two: Json): number {
  const ranks = rank(one) - rank(two);
  if (ranks !== 0) return ranks;
  const [left, right] = rank(one) === 4
    ? [JSON.stringify(one), JSON.stringify(two)]
    : [one ?? 0, two ?? 0];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The rows in an order. They are held meanwhile; of more than a million the order
 * is left out with a warning, or is an error if it was asked for.
 */
export async function* sortRows(
  rows: Batches,
  { aggregate, keys, note, maxRows = MAX_ROWS }: SortRowsOptions,
): AsyncGenerator<Batch> {
  const wanted = keys.length > 0;
  const order = [...keys, ...defaultOrder(aggregate)];
  const held: { readonly text: string; readonly key: readonly Json[] }[] = [];
  let isOver = false;
  for await (const batch of rows) {
    if (isOver) {
      yield batch;
      continue;
    }
    const { texts, values } = batch;
    for (const [at, value] of values.entries()) {
      const key = order.map(({ path }) =>
        readProperty(value, path, "")[0] ?? null
      );
      held.push({ text: texts[at] ?? "", key });
    }
    if (held.length <= maxRows) continue;
    const problem = `there are more than ${maxRows} rows`;
    if (wanted) {
      throw new SkymapError(
        "query_too_large",
        `Cannot sort: ${problem}, wanted fewer groups`,
      );
    }
    note({
      type: "message",
      level: "warning",
      text: `The rows are in no order: ${problem}`,
    });
    isOver = true;
    yield Batch.ofTexts(held.splice(0).map(({ text }) => text));
  }
  held.sort((one, two) => {
    for (const [at, { direction }] of order.entries()) {
      const found = compareValues(one.key[at] ?? null, two.key[at] ?? null);
      if (found !== 0) return direction === "asc" ? found : -found;
    }
    return 0;
  });
  for (let at = 0; at < held.length; at += BATCH) {
    yield Batch.ofTexts(
      held.slice(at, at + BATCH).map(({ text }) => text),
    );
  }
}
