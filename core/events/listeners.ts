/**
 * Functions that want to be told.
 *
 * @module
 */

import { logger } from "@skymap/lib/log";

/** A list of callbacks; one that throws does not keep the others from it. */
export class Listeners<T> {
  readonly #callbacks: Set<(event: T) => void> = new Set();

  /** Adds a callback until the answer is disposed of. */
  add(callback: (event: T) => void): Disposable {
    this.#callbacks.add(callback);
    return { [Symbol.dispose]: () => void this.#callbacks.delete(callback) };
  }

  /** Tells everybody, in the order in which they were added. */
  tell(event: T): void {
    for (const callback of this.#callbacks) {
      try {
        callback(event);
      } catch (error) {
        logger("core/events").error("A listener failed: {error}", { error });
      }
    }
  }
}
