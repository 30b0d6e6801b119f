/**
 * The person's pager as a process.
 *
 * @module
 */

import type { PagerProcess } from "./text_output.ts";

const encoder = new TextEncoder();

/** Starts a pager; undefined when it cannot be started. */
export function startPager(
  [program, ...args]: readonly string[],
  env: (name: string) => string | undefined,
): PagerProcess | undefined {
  if (program === undefined) return;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      stdin: "piped",
      stdout: "inherit",
      stderr: "inherit",
      // As git has it: a pager that shows colours, unless the person says more.
      env: { LESS: env("LESS") ?? "R", LV: env("LV") ?? "-c" },
    }).spawn();
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable
    ) return;
    throw error;
  }
  const input = child.stdin.getWriter();
  let isLeft = false;
  const left = child.status.then(() => isLeft = true);
  return {
    write: async (text) => {
      if (isLeft) return false;
      // A pager that was left takes no more, and may not say so at once.
      const taken = input.write(encoder.encode(text))
        .then(() => true, () => false);
      return await Promise.race([taken, left.then(() => false)]);
    },
    end: async () => {
      await Promise.race([input.close().catch(() => {}), left]);
      await child.status;
    },
  };
}
