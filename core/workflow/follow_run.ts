/**
 * A run as those see it who follow it.
 *
 * @module
 */

import type { RunFrame, RunJson, RunLogJson } from "@skymap/lib/client";
import type { Clock } from "../events/clock.ts";

/** What {@linkcode followRun} needs. */
export interface FollowRunOptions {
  /** The run as it is now. */
  readonly run: () => Promise<RunJson>;
  /** Its log from a line on. */
  readonly log: (from: number) => Promise<readonly RunLogJson[]>;
  /** Calls whenever the run is stored. */
  readonly onChange: (callback: () => void) => Disposable;
  /** What time it is. */
  readonly clock: Clock;
  /** Ends the following. */
  readonly signal: AbortSignal;
}

/** Nobody tells of progress: it is looked for. */
const LOOK_MS = 1_000;

/** Tells the run and its log, then each change of them, until it has ended. */
export async function* followRun(
  options: FollowRunOptions,
): AsyncGenerator<RunFrame> {
  const { clock, signal } = options;
  let wake = Promise.withResolvers<void>();
  const call = () => wake.resolve();
  using _changes = options.onChange(call);
  using _looks = clock.every(LOOK_MS, call);
  signal.addEventListener("abort", call);
  try {
    let shown: string | undefined;
    let lines = 0;
    for (;;) {
      signal.throwIfAborted();
      // First the run, then its log: that of an ended run is whole.
      const run = await options.run();
      const text = JSON.stringify(run);
      if (text !== shown) {
        shown = text;
        yield { type: "run", run };
      }
      const log = await options.log(lines);
      lines += log.length;
      for (const line of log) yield { type: "log", line };
      if (run.ended_at !== undefined) return;
      await wake.promise;
      wake = Promise.withResolvers();
    }
  } finally {
    signal.removeEventListener("abort", call);
  }
}
