import { AwsCallError } from "../aws_error.ts";
import type { WriteCall } from "../declaration.ts";
import type { Looked } from "./look_at.ts";
import { growingPauses } from "./work_clock.ts";
import type { WorkTools } from "./work_tools.ts";

/** How errors of calls are taken. */
export interface CallAnswers {
  /** Codes that say that it is done already. */
  readonly done: readonly string[];
  /** Codes that say "not yet". */
  readonly later: readonly string[];
  /** Time, by the clock, until which calls are made again. */
  readonly until: number;
  /**
   * Looks at the resource anew before the calls are made again; undefined when
   * there is nothing left to do.
   */
  readonly again: () => Promise<Looked | undefined>;
}

async function makeRound(
  { client }: WorkTools,
  calls: readonly WriteCall[],
  { item, target }: Looked,
  done: readonly string[],
): Promise<void> {
  for (const call of calls) {
    const inputs = [call.input(item, target) ?? []].flat();
    for (const input of inputs) {
      try {
        await client.call(target.region, call, input);
      } catch (error) {
        const isDone = error instanceof AwsCallError &&
          (done.includes(error.code) || call.done?.includes(error.code));
        if (!isDone) throw error;
      }
    }
  }
}

/**
 * Makes calls that change a resource, one after the other; all of them again, with
 * growing pauses, when one says "not yet".
 *
 * @throws {AwsCallError} If one fails; those behind it are not made.
 */
export async function makeCalls(
  tools: WorkTools,
  calls: readonly WriteCall[],
  looked: Looked,
  { again, done, later, until }: CallAnswers,
): Promise<void> {
  const { clock, signal } = tools;
  let current: Looked | undefined = looked;
  for (const pause of growingPauses()) {
    if (current === undefined) return;
    try {
      return await makeRound(tools, calls, current, done);
    } catch (error) {
      const left = until - clock.now();
      const isLater = error instanceof AwsCallError &&
        later.includes(error.code);
      if (!isLater || left <= 0) throw error;
      await clock.sleep(Math.min(pause, left), signal);
    }
    current = await again();
  }
}
