/**
 * Work that is done for each graph once a day.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { Clock } from "./events/clock.ts";

/** Time between two times that it is done. */
const DAY_MS = 24 * 3_600_000;

/** Time between two looks at what is due: a core may start at any time of day. */
const LOOK_MS = 10 * 60_000;

const log = logger("core/graph");

/** Something that is done for one graph. */
export interface DailyWork {
  /** What it does and to what, as in `Cannot prune the history of graph "main"`. */
  readonly name: string;
  /** ISO time when it was done last, as the record knows it; undefined: never. */
  readonly lastAt: () => Promise<string | undefined>;
  /** Does it; gives what there is to say, if there is anything. */
  readonly run: (signal: AbortSignal) => Promise<string | undefined>;
}

/** What {@linkcode Daily} works with. */
export interface DailyOptions {
  /** Gives what is to be done by now, one after the other. */
  readonly works: () => readonly DailyWork[];
  /** What time it is. */
  readonly clock: Clock;
}

/**
 * Does each work a day after the last time. When that was is kept in the record,
 * so that a core which is started each day does it too.
 */
export class Daily implements AsyncDisposable {
  readonly #options: DailyOptions;
  readonly #stop = new AbortController();
  readonly #beat: Disposable;
  #looking: Promise<void> | undefined;

  /** Begins to look at the clock. */
  constructor(options: DailyOptions) {
    this.#options = options;
    this.#beat = options.clock.every(LOOK_MS, () => {
      this.#looking ??= this.#look().finally(() => this.#looking = undefined);
    });
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { works, clock } = this.#options;
    const { signal } = this.#stop;
    for (const { name, lastAt, run } of works()) {
      if (signal.aborted) return;
      try {
        const last = await lastAt();
        if (last !== undefined) {
          const age = clock.now() - Date.parse(last);
          // A clock that was ahead keeps nothing from being done.
          if (age >= 0 && age < DAY_MS) continue;
        }
        const done = await run(signal);
        if (done !== undefined) log.info("{done}", { done });
      } catch (error) {
        if (signal.aborted) return;
        log.warn("Cannot {name}: {error}", { name, error: messageOf(error) });
      }
    }
  }

  /** Ends at the next safe place. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#beat[Symbol.dispose]();
    this.#stop.abort();
    await this.#looking;
  }
}
