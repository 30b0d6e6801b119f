/**
 * Deletes history that is older than it is kept, once a day.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { Clock } from "./events/clock.ts";
import type { Graph } from "./graph/mod.ts";

/** Time between two prunes of a graph. */
const DAY_MS = 24 * 3_600_000;

/** Time between two looks at what is due: a core may start at any time of day. */
const LOOK_MS = 10 * 60_000;

const log = logger("core/graph");

/** What {@linkcode DailyPrune} works with. */
export interface DailyPruneOptions {
  /** Gives the graphs whose history is pruned. */
  readonly graphs: () => readonly Pick<Graph, "name" | "prune" | "prunedAt">[];
  /** How long history is kept by now, in milliseconds; undefined for ever. */
  readonly keepMs: () => number | undefined;
  /** What time it is. */
  readonly clock: Clock;
}

/**
 * Prunes each graph a day after the last time. When that was is kept in the
 * record, so that a core which is started each day prunes too.
 */
export class DailyPrune implements AsyncDisposable {
  readonly #options: DailyPruneOptions;
  readonly #stop = new AbortController();
  readonly #beat: Disposable;
  #looking: Promise<void> | undefined;

  /** Begins to look at the clock. */
  constructor(options: DailyPruneOptions) {
    this.#options = options;
    this.#beat = options.clock.every(LOOK_MS, () => {
      this.#looking ??= this.#look().finally(() => this.#looking = undefined);
    });
  }

  /** Resolves when nothing is being pruned. */
  async idle(): Promise<void> {
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { graphs, clock } = this.#options;
    const { signal } = this.#stop;
    const keepMs = this.#options.keepMs();
    if (keepMs === undefined) return;
    for (const graph of graphs()) {
      if (signal.aborted) return;
      try {
        const last = await graph.prunedAt();
        if (last !== undefined && clock.now() - Date.parse(last) < DAY_MS) {
          continue;
        }
        const report = await graph.prune(keepMs, { signal });
        if (report === undefined) continue;
        log.info(
          "Pruned the history of graph {name} up to {at}: {changes} changes, {versions} versions",
          { name: graph.name, ...report },
        );
      } catch (error) {
        if (signal.aborted) return;
        log.warn("Cannot prune the history of graph {name}: {error}", {
          name: graph.name,
          error: messageOf(error),
        });
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
