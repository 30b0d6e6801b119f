/**
 * A look at the begin of elements.
 *
 * @module
 */

import type { Batch, Batches } from "./batch.ts";

/** Elements whose first ones were looked at. */
export interface Peeked {
  /** The first batch that is not empty; none if there is none. */
  readonly first: Batch | undefined;
  /** All of them, the first ones too; to be read once, to their end or broken off. */
  readonly batches: Batches;
}

/** Waits for the first elements. Whoever asks must read or return `batches`. */
export async function peek(batches: Batches): Promise<Peeked> {
  const iterator = batches[Symbol.asyncIterator]();
  let first: Batch | undefined;
  do {
    const { done, value } = await iterator.next();
    first = done === true ? undefined : value;
  } while (first?.length === 0);
  return {
    first,
    batches: {
      async *[Symbol.asyncIterator]() {
        try {
          if (first === undefined) return;
          yield first;
          for (;;) {
            const { done, value } = await iterator.next();
            if (done === true) return;
            yield value;
          }
        } finally {
          await iterator.return?.();
        }
      },
    },
  };
}
