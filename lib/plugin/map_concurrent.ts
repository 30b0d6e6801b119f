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
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new RangeError(`Cannot run ${limit} calls side by side`);
  }
  const iterator = iteratorOf(items);
  const results: R[] = [];
  const failures: unknown[] = [];
  let started = 0;

  /** Takes one item after the other. */
  async function lane(): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const next = await iterator.next();
      if (next.done === true || failures.length > 0) return;
      const at = started++;
      results[at] = await call(next.value, at);
    }
  }

  // No more lanes than there are items, when that is known.
  const count = Array.isArray(items) ? Math.min(limit, items.length) : limit;
  await Promise.all(
    Array.from({ length: count }, () =>
      lane().catch((reason: unknown) => {
        failures.push(reason);
      })),
  );
  if (failures.length === 0) return results;
  await iterator.return?.();
  throw failures[0];
}

function iteratorOf<T>(
  items: Iterable<T> | AsyncIterable<T>,
): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in items
    ? items[Symbol.asyncIterator]()
    : items[Symbol.iterator]();
}
