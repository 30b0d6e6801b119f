/**
 * How long a search goes on in the engine when nobody wants it any more.
 *
 * @module
 */

import type { IndexReader } from "../core/index/reader.ts";
import { Searcher } from "../core/search/searcher.ts";
import type { KindRegistry } from "../core/model/kind_registry.ts";
import { median } from "./report.ts";

/** How often each is stopped. */
const ROUNDS = 5;

/** Milliseconds that a search has run when it is stopped. */
const RUN_MS = 300;

/** Searches that would run for minutes. */
export const ENDLESS: readonly (readonly [string, string])[] = [
  [
    "walks of 9 steps, both ways, from everywhere",
    "all with(count > 3, <-[0:9]-> is(volume))",
  ],
  ["a pattern over all texts", '/flat =~ "(a.*){20}(b.*){20}c"'],
  ["pairs of everything below everything", "all {below[]: -[1:]->}"],
];

/** The median of the milliseconds until the engine was idle again. */
export async function timeToStop(
  reader: IndexReader,
  registry: KindRegistry,
  search: string,
): Promise<number> {
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
    } catch {
      // The connection answers again: what it ran has ended.
      await reader.rows({ sql: "select 1", parameters: [] });
    } finally {
      clearTimeout(timer);
    }
    times.push(performance.now() - stoppedAt);
  }
  return median(times);
}
