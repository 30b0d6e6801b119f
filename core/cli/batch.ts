/**
 * Elements on their way through a pipeline, some at a time.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";

/**
 * Some elements, as JSON texts, as values or as both. What a stage does not ask
 * for is not made: nodes that are only passed on are never parsed.
 */
export class Batch {
  #texts: readonly string[] | undefined;
  #values: readonly Json[] | undefined;

  private constructor(
    texts: readonly string[] | undefined,
    values: readonly Json[] | undefined,
  ) {
    this.#texts = texts;
    this.#values = values;
  }

  /** Elements given as JSON texts, one line each. */
  static ofTexts(texts: readonly string[]): Batch {
    return new Batch(texts, undefined);
  }

  /** Elements given as values. */
  static ofValues(values: readonly Json[]): Batch {
    return new Batch(undefined, values);
  }

  /** How many elements it has. */
  get length(): number {
    return (this.#texts ?? this.#values ?? []).length;
  }

  /** The elements as JSON texts, one line each. */
  get texts(): readonly string[] {
    return this.#texts ??= (this.#values ?? []).map((value) =>
      JSON.stringify(value)
    );
  }

  /** The elements as values. Nobody may change them. */
  get values(): readonly Json[] {
    return this.#values ??= (this.#texts ?? []).map((text) => JSON.parse(text));
  }

  /** A stretch of it. */
  slice(start: number, end?: number): Batch {
    return new Batch(
      this.#texts?.slice(start, end),
      this.#values?.slice(start, end),
    );
  }
}

/** Batches, one after the other; the next is made when it is asked for. */
export type Batches = AsyncIterable<Batch>;
