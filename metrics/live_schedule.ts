/**
 * When metrics follow what changes.
 *
 * @module
 */

import type { Clock } from "@skymap/lib/clock";

/** What a {@linkcode LiveSchedule} is made with. */
export interface LiveScheduleOptions {
  /** The time. */
  readonly clock: Clock;
  /** Serves all that was heard of by now; gives how many ms that took. */
  readonly serve: () => Promise<number>;
}

/** How long words are gathered. */
const DELAY_MS = 1_000;

/**
 * Serves a word a second after the first that was not served, however many come
 * meanwhile; one serving at a time, and a pause behind each that is as long as
 * it took, so that a graph that changes all the time costs core half of it.
 */
export class LiveSchedule implements Disposable {
  readonly #clock: Clock;
  readonly #serve: () => Promise<number>;
  #heardAt: number | undefined;
  #notBefore = 0;
  #pauseMs = 0;
  #timer: Disposable | undefined;
  #isServing = false;
  #isOver = false;

  /** Waits for words. */
  constructor({ clock, serve }: LiveScheduleOptions) {
    this.#clock = clock;
    this.#serve = serve;
  }

  /** There is a word to serve. */
  wake(): void {
    this.#heardAt ??= this.#clock.now();
    this.#arm();
  }

  /** What was heard of so far is being served by somebody. */
  clear(): void {
    this.#heardAt = undefined;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(): void {
    if (this.#heardAt === undefined || this.#isServing || this.#isOver) return;
    if (this.#timer !== undefined) return;
    const due = Math.max(this.#heardAt + DELAY_MS, this.#notBefore);
    // Not longer than it ever has to be: a clock may be set back meanwhile.
    const longest = Math.max(DELAY_MS, this.#pauseMs);
    const wait = Math.min(due - this.#clock.now(), longest);
    this.#timer = this.#clock.every(Math.max(1, wait), () => {
      this.clear();
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isServing = true;
    try {
      this.#pauseMs = await this.#serve();
      this.#notBefore = this.#clock.now() + this.#pauseMs;
    } finally {
      this.#isServing = false;
      this.#arm();
    }
  }

  /** Serves nothing any more. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    this.clear();
  }
}
