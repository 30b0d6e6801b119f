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
}

async function makeCall(
  { client, clock, signal }: WorkTools,
  call: WriteCall,
  region: string,
  input: Parameters<typeof client.call>[2],
  { done, later, until }: CallAnswers,
): Promise<void> {
  for (const pause of growingPauses()) {
    try {
      await client.call(region, call, input);
      return;
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const { code } = error;
      if (done.includes(code) || call.done?.includes(code)) return;
      const left = until - clock.now();
      if (!later.includes(code) || left <= 0) throw error;
      await clock.sleep(Math.min(pause, left), signal);
    }
  }
}

/**
 * Makes calls that change a resource, one after the other.
 *
 * @throws {AwsCallError} If one fails; those behind it are not made.
 */
export async function makeCalls(
  tools: WorkTools,
  calls: readonly WriteCall[],
  { item, target }: Looked,
  answers: CallAnswers,
): Promise<void> {
  for (const call of calls) {
    const inputs = [call.input(item, target) ?? []].flat();
    for (const input of inputs) {
      await makeCall(tools, call, target.region, input, answers);
    }
  }
}
