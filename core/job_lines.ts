/**
 * The command line as jobs use it.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { CommandLine } from "./cli/command_line.ts";
import type { CoreServices } from "./cli/core_services.ts";
import { checkEnvironment, meaningOf } from "./cli/environment.ts";
import type { PreparedLine } from "./cli/prepared_line.ts";
import type { CheckLine, RunLine } from "./workflow/run_line.ts";

/** How jobs run lines, and how lines are looked at before they are kept. */
export interface JobLines {
  /** Runs the lines of a job, as the operator that made it. */
  readonly runLine: RunLine;
  /** Refuses lines that cannot run, or that need somebody in front of them. */
  readonly checkLine: CheckLine;
}

const ROLE = "operator";

/** Time that a search has to be planned. */
const PLAN_MS = 10_000;

/** Finds kinds and properties that a search names and the graph does not know. */
async function planSearch(
  { search, environment }: PreparedLine,
  services: Pick<CoreServices, "graph">,
): Promise<void> {
  if (search === undefined) return;
  const { graph, section } = meaningOf(environment);
  const { text, read } = search;
  const signal = AbortSignal.timeout(PLAN_MS);
  const request = { text, read, section, signal };
  const service = services.graph(graph);
  if (search.history !== undefined) await service.historyCoverage(request);
  else await service.explain({ ...request, analyze: false });
}

/** Lines of jobs; none runs before `opened`, for what lines need is opened last. */
export function jobLines({ commandLine, services, opened }: {
  readonly commandLine: CommandLine;
  readonly services: Pick<CoreServices, "graph">;
  readonly opened: Promise<void>;
}): JobLines {
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
      for await (const event of await commandLine.execute(line, request)) {
        if (event.type === "text") yield event.text;
        else if (event.type === "note") note(event.note);
        else if (event.type === "failed") throw event.error;
      }
    },
    async checkLine(line, environment) {
      checkEnvironment(environment);
      const caller = { subject: "job", role: ROLE } as const;
      const lines = await commandLine.prepare(line, { caller, environment });
      for (const line of lines) {
        await planSearch(line, services);
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
