/**
 * A bounded queue between one side that makes and one that takes.
 *
 * @module
 */

/** Hands values on in order; a full queue makes the maker wait. */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  #values: T[] = [];
  #ended = false;
  #error: { readonly reason: unknown } | undefined;
  #wakeTaker: (() => void) | undefined;
  #wakeMakers: (() => void)[] = [];

  /** Makes a queue of at most `limit` waiting values. Default: 256. */
  constructor(limit: number = 256) {
    this.#limit = limit;
  }

  /** How many values wait. */
  get size(): number {
    return this.#values.length;
  }

  /**
   * Adds a value; resolves when there is room for another. After
   * {@linkcode end} or {@linkcode fail} values are thrown away.
   */
  push(value: T): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#values.push(value);
    this.#wake();
    if (this.#values.length < this.#limit) return Promise.resolve();
    return new Promise((resolve) => this.#wakeMakers.push(resolve));
  }

  /** No value follows; what waits is still handed out. */
  end(): void {
    this.#ended = true;
    this.#wake();
    this.#wakeAll();
  }

  /** The taker's loop throws the reason after the values that wait. */
  fail(reason: unknown): void {
    this.#error ??= { reason };
    this.end();
  }

  #wake(): void {
    const wake = this.#wakeTaker;
    this.#wakeTaker = undefined;
    wake?.();
  }

  #wakeAll(): void {
    const waiting = this.#wakeMakers;
    this.#wakeMakers = [];
    for (const wake of waiting) wake();
  }

  /** Takes values until the end; one loop at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        if (this.#values.length > 0) {
          const batch = this.#values;
          this.#values = [];
          for (const value of batch) yield value;
          this.#wakeAll();
          continue;
        }
        if (this.#error !== undefined) throw this.#error.reason;
        if (this.#ended) return;
        await new Promise<void>((resolve) => this.#wakeTaker = resolve);
      }
    } finally {
      // Whoever stops taking must not leave makers waiting for ever.
      this.#values = [];
      this.end();
    }
  }
}
