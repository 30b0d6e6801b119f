/**
 * Time as it is handed to whatever waits, so that tests need not wait.
 *
 * @module
 */

/** What time it is, and a call again and again. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls until it is disposed of; the first time after one interval. */
  every(intervalMs: number, callback: () => void): Disposable;
}

/** The clock of the machine. Its timers do not keep the process alive. */
export const SYSTEM_CLOCK: Clock = Object.freeze({
  now: () => Date.now(),
  every(intervalMs: number, callback: () => void): Disposable {
    const timer = setInterval(callback, intervalMs);
    Deno.unrefTimer(timer);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
});
