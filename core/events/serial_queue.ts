/**
 * One thing at a time, in the order it was asked for.
 *
 * @module
 */

/** Runs functions one after the other; a failed one does not stop the rest. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** How many functions run or wait. */
  get size(): number {
    return this.#waiting;
  }

  /** Runs a function after all that were given before. */
  run<T>(call: () => Promise<T> | T): Promise<T> {
    this.#waiting++;
    const result = this.#last.then(call);
    this.#last = result.catch(() => {}).then(() => {
      this.#waiting--;
    });
    return result;
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    while (this.#waiting > 0) await this.#last;
  }
}
