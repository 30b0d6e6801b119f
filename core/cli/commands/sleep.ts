/**
 * The command `sleep`.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { LineContext } from "../line_context.ts";

const DAY_MS = 86_400_000;

function timeOf(args: Arguments): number {
  const text = args.must("time");
  const ms = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : isDuration(text)
    ? parseDuration(text)
    : Number.NaN;
  if (ms >= 0 && ms <= DAY_MS) return ms;
  throw args.fault(
    `TIME is "${text}", wanted seconds or a duration such as 5min, a day at most`,
    "time",
  );
}

/** Resolves when so much time has passed; throws as soon as the line is stopped. */
async function pass(
  ms: number,
  { clock, signal }: Pick<LineContext, "clock" | "signal">,
): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  using _timer = clock.every(ms, resolve);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function* nothing(
  ms: number,
  context: LineContext,
): AsyncGenerator<string> {
  await pass(ms, context);
  yield "";
}

/** Waits. */
export const SLEEP: Command = {
  name: "sleep",
  group: "flow",
  brief: "Waits",
  description: "Gives nothing. Ctrl-C and the time-out of a job end it.",
  position: "source",
  forms: [{
    brief: "Waits",
    parameters: [{
      name: "time",
      type: "text",
      isRequired: true,
      help: "Seconds, or a duration such as 5min",
    }],
    prepare: (args) => {
      const ms = timeOf(args);
      return {
        output: "text",
        run: (_input, context) => ({
          type: "text",
          chunks: nothing(ms, context),
        }),
      };
    },
  }],
  examples: [{ line: "sleep 0.1", says: "Waits for a tenth of a second" }, {
    line: "echo before; sleep 0.1; echo after",
    says: "Waits between two lines",
  }],
};
