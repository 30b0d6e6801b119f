/**
 * How long a search goes on in the engine when nobody wants it any more.
 *
 * @module
 */

import { isSkymapError } from "@skymap/lib/errors";
import type { IndexReader } from "../core/index/reader.ts";
import { Searcher } from "../core/search/searcher.ts";
import type { KindRegistry } from "../core/model/kind_registry.ts";
import { median } from "./report.ts";

/** How often each is stopped. */
const ROUNDS = 5;

/** Milliseconds that a search has run when it is stopped. */
const RUN_MS = 200;

/** Each sub search takes long by itself. */
function many(search: string): string {
  const all = Array.from({ length: 12 }, (_, at) => `x${at}[]: ${search}`);
  return `all {${all.join(", ")}}`;
}

/** Searches that run far longer than that. */
export const ENDLESS: readonly (readonly [string, string])[] = [
  ["twelve answers for each node", many("<-[0:12]->")],
  ["neighbours of all neighbours, counted", "all with(count > 9, <-[0:12]->)"],
  ["patterns over all texts", '/flat =~ "[0-9a-f].{14}qq"'],
];

/**
 * The median of the milliseconds until the engine was idle again; undefined when
 * the search ended before it was stopped, as it may on a small cloud.
 */
export async function timeToStop(
  reader: IndexReader,
  registry: KindRegistry,
  search: string,
): Promise<number | undefined> {
  const searcher = new Searcher({ reader, registry });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const controller = new AbortController();
    const running = searcher.count(search, { signal: controller.signal });
    let stoppedAt = Number.NaN;
    const timer = setTimeout(() => {
      stoppedAt = performance.now();
      controller.abort();
    }, RUN_MS);
    try {
      await running;
      return undefined;
    } catch (error) {
      if (!isSkymapError(error, "query_interrupted")) throw error;
      // The connection answers again: what it ran has ended.
      await reader.rows({ sql: "select 1", parameters: [] });
    } finally {
      clearTimeout(timer);
    }
    times.push(performance.now() - stoppedAt);
  }
  return median(times);
}
