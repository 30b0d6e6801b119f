/**
 * The command line as jobs use it.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { CommandLine } from "./cli/command_line.ts";
import { checkEnvironment } from "./cli/environment.ts";
import type { CheckLine, RunLine } from "./workflow/run_line.ts";

/** How jobs run lines, and how lines are looked at before they are kept. */
export interface JobLines {
  /** Runs the lines of a job, as the operator that made it. */
  readonly runLine: RunLine;
  /** Refuses lines that cannot run, or that need somebody in front of them. */
  readonly checkLine: CheckLine;
}

const ROLE = "operator";

/** Lines of jobs; none runs before `opened`, for what lines need is opened last. */
export function jobLines(
  commandLine: CommandLine,
  opened: Promise<void>,
): JobLines {
  return {
    async *runLine(line, { environment, subject, note, signal }) {
      signal.throwIfAborted();
      const stopped = Promise.withResolvers<never>();
      stopped.promise.catch(() => {});
      const stop = () => stopped.reject(signal.reason);
      signal.addEventListener("abort", stop);
      try {
        await Promise.race([opened, stopped.promise]);
      } finally {
        signal.removeEventListener("abort", stop);
      }
      const caller = { subject, role: ROLE } as const;
      const request = { caller, environment, signal };
      yield* commandLine.textOf(line, request, note);
    },
    async checkLine(line, environment) {
      checkEnvironment(environment);
      const caller = { subject: "job", role: ROLE } as const;
      const lines = await commandLine.prepare(line, { caller, environment });
      for (const line of lines) {
        commandLine.checkSearch(line);
        const { text, output, files } = line;
        if (output !== "file" && files.length === 0) continue;
        throw new SkymapError(
          "job_invalid",
          `Cannot run "${text}" in a job: it ${
            output === "file" ? "gives a file" : "reads a file"
          } of the one who sends it, and a job has none`,
        );
      }
    },
  };
}
