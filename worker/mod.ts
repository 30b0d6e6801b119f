/**
 * The worker: takes actions from core and collects clouds through plugins, each
 * in a sandboxed process of its own.
 *
 * ```ts
 * import { run } from "@skymap/worker";
 *
 * Deno.exit(await run(["--verbose"]));
 * ```
 *
 * @module
 */

import { untilStopped } from "@skymap/lib/lifecycle";
import { configureLog } from "@skymap/lib/log";
import { runWorker } from "./app.ts";
import { readWorkerSettings } from "./settings.ts";

/** Runs until it is stopped; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const settings = readWorkerSettings(args);
  await configureLog(settings);
  // A supervisor holds the other end of standard input while it lives.
  const supervised = Deno.env.get("SKYMAP_SUPERVISED") === "true";
  const signal = untilStopped({ stopWithStdin: supervised });
  try {
    await runWorker(settings, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 0;
}
