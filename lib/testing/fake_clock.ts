/**
 * A clock that goes on only when it is told to.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

interface Timer {
  readonly intervalMs: number;
  readonly callback: () => void;
  due: number;
}

/** Time of a test: stands still until {@linkcode FakeClock.advance}. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers: Set<Timer> = new Set();

  /** Starts at a time. Default: 2026-01-01T00:00:00Z. */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#now = startMs;
  }

  /** How many timers run. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#now;
  }

  /** Calls until it is disposed of; the first time after one interval. */
  every(intervalMs: number, callback: () => void): Disposable {
    if (!(intervalMs > 0)) {
      throw new RangeError(
        `Cannot call every ${intervalMs} ms: want more than 0`,
      );
    }
    const timer = { intervalMs, callback, due: this.#now + intervalMs };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** Lets time pass unnoticed, as when the machine sleeps. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
    for (const timer of this.#timers) timer.due += milliseconds;
  }

  /** Lets time pass; whatever is due meanwhile is called, in its order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) {
        if (timer.due <= end && (next === undefined || timer.due < next.due)) {
          next = timer;
        }
      }
      if (next === undefined) break;
      this.#now = next.due;
      next.due += next.intervalMs;
      next.callback();
    }
    this.#now = end;
  }
}
