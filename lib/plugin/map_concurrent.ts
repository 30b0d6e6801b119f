/** How many calls run side by side, and what ends them. */
export interface ConcurrencyOptions {
  /** Calls at the same time. Default: 10. */
  readonly limit?: number;
  /** Starts no further call once it aborts; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Calls for each item, a bounded number at a time, and gives the results in
 * the order of the items. After the first failure no further call is started;
 * it is thrown when the running ones have ended, so none is left behind.
 *
 * @example
 * ```ts
 * import { mapConcurrent } from "@skymap/lib/plugin";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const squares = await mapConcurrent([1, 2, 3], async (n) => n * n);
 * deepStrictEqual(squares, [1, 4, 9]);
 * ```
 */
export async function mapConcurrent<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  call: (item: T, index: number) => Promise<R>,
  { limit = 10, signal }: ConcurrencyOptions = {},
): Promise<R[]> {
  if (!(limit >= 1)) throw new RangeError(`Cannot run ${limit} side by side`);
  const results: R[] = [];
  const running = new Set<Promise<void>>();
  let failure: { readonly reason: unknown } | undefined;
  let index = 0;
  try {
    for await (const item of items) {
      signal?.throwIfAborted();
      const at = index++;
      const one = call(item, at)
        .then((result) => {
          results[at] = result;
        })
        .catch((reason: unknown) => {
          failure ??= { reason };
        })
        .finally(() => running.delete(one));
      running.add(one);
      if (running.size >= limit) await Promise.race(running);
      if (failure !== undefined) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failure !== undefined) throw failure.reason;
  return results;
}
