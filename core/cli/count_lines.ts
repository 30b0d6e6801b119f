/**
 * Counts as lines: `running: 12`, then how many have no value.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import { Batch, type Batches } from "./batch.ts";

/** Lines that leave together. */
const BATCH = 1_000;

function nameOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The lines of counts by value; null counts what has none. */
export function* countedLines(
  counts: Iterable<readonly [value: Json, count: number]>,
): Generator<Batch> {
  let matched = 0;
  let unmatched = 0;
  const named: (readonly [string, number])[] = [];
  for (const [value, count] of counts) {
    if (value === null) {
      unmatched += count;
      continue;
    }
    matched += count;
    named.push([nameOf(value), count]);
  }
  named.sort(([one, few], [two, many]) => few - many || (one < two ? -1 : 1));
  for (let at = 0; at < named.length; at += BATCH) {
    yield Batch.ofValues(
      named.slice(at, at + BATCH).map(([name, count]) => `${name}: ${count}`),
    );
  }
  yield Batch.ofValues([
    `total matched: ${matched}`,
    `total unmatched: ${unmatched}`,
  ]);
}

/** The lines of rows `{group: {name}, count}`; without a group, of their sum. */
export async function* countLines(rows: Batches): AsyncGenerator<Batch> {
  const counts: (readonly [Json, number])[] = [];
  let total: number | undefined;
  for await (const { values } of rows) {
    for (const row of values) {
      if (!isObject(row)) continue;
      const group = row["group"];
      const count = Number(row["count"]);
      if (isObject(group)) {
        counts.push([(group["name"] ?? null) as Json, count]);
      } else total = (total ?? 0) + count;
    }
  }
  if (total === undefined) yield* countedLines(counts);
  else {
    yield Batch.ofValues([`total matched: ${total}`, "total unmatched: 0"]);
  }
}
