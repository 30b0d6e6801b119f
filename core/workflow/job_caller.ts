/**
 * Tells jobs of events, and runs of how their jobs ended.
 *
 * @module
 */

import { hashText } from "@skymap/lib/ids";
import type { WorkflowDefinition } from "./definition.ts";
import type { JobSource } from "./job_source.ts";
import { awaitedJobs, type JobCall, type Run, waitsFor } from "./run.ts";
import type { JobCandidate, RunInput } from "./run_input.ts";

/** What a run is asked for with. */
export interface RunRequest {
  /** Its id; asked for twice, it is one. */
  readonly id: string;
  /** What starts it. */
  readonly trigger: string;
  /** Whether nobody asks for this id again. Default: perhaps somebody does. */
  readonly isNew?: boolean;
}

/** What a {@linkcode JobCaller} works with; all of it is called in turn. */
export interface JobCallerParts {
  /** What jobs there are. */
  readonly jobs: JobSource | undefined;
  /** Runs that have not ended. */
  readonly running: () => Iterable<Run>;
  /** A run, or undefined. */
  readonly find: (id: string) => Promise<Run | undefined>;
  /** Tells a run something. */
  readonly apply: (id: string, input: RunInput) => Promise<void>;
  /** Makes a run, or gives the one that stands for it. */
  readonly request: (
    definition: WorkflowDefinition,
    request: RunRequest,
  ) => Promise<string>;
}

/** Seconds that the steps of a job have together. */
function secondsOf(
  steps: readonly { readonly timeoutSeconds: number }[],
): number {
  return steps.reduce((sum, each) => sum + each.timeoutSeconds, 0);
}

/** Tells jobs of events. Whatever it is asked to do may be asked twice. */
export class JobCaller {
  readonly #parts: JobCallerParts;

  /** Takes what it works with. */
  constructor(parts: JobCallerParts) {
    this.#parts = parts;
  }

  /** What an event starts, and what waits for it. */
  jobsOf(event: string): readonly JobCandidate[] {
    const started = this.#parts.jobs?.startedBy(event) ?? [];
    const waiting = [...this.#parts.running()].filter((run) =>
      waitsFor(run) === event
    );
    return [
      ...started.map(({ name, steps }) => ({
        workflow: name,
        timeoutSeconds: secondsOf(steps),
      })),
      ...waiting.map(({ id, workflow, steps }) => ({
        workflow,
        run: id,
        timeoutSeconds: secondsOf(steps),
      })),
    ];
  }

  /** Tells of an event that no run is; gives the runs that came of it. */
  async emit(event: string, id: string): Promise<readonly string[]> {
    const { apply, jobs, request } = this.#parts;
    const runs: string[] = [];
    for (const { workflow, run } of this.jobsOf(event)) {
      if (run !== undefined) {
        await apply(run, { type: "event", event });
        runs.push(run);
        continue;
      }
      const definition = jobs?.workflow(workflow);
      if (definition === undefined) continue;
      runs.push(
        await request(definition, {
          id: hashText(`${workflow} on ${event} of ${id}`),
          trigger: `event:${event}`,
          isNew: true,
        }),
      );
    }
    return runs;
  }

  /** Tells a job of an event, and the run whose event it is what came of it. */
  async call(id: string, call: JobCall): Promise<void> {
    const { apply, jobs, request } = this.#parts;
    const { event, workflow, run, how } = call;
    if (how === "wake") {
      await apply(run, { type: "event", event });
      return await apply(id, { type: "job_called", run, as: run });
    }
    const definition = jobs?.workflow(workflow);
    // Deleted in between: nobody waits for it.
    if (definition === undefined) {
      await apply(id, { type: "job_called", run, as: run });
      return await apply(id, {
        type: "job_ended",
        run,
        state: "failed",
        error: "there is no such job any more",
      });
    }
    const trigger = `event:${event} of run ${id}`;
    const as = await request(definition, { id: run, trigger });
    await apply(id, { type: "job_called", run, as });
  }

  /** Tells a run of those of its jobs that have ended without its knowledge. */
  async lookAtJobs(id: string): Promise<void> {
    const { apply, find } = this.#parts;
    const run = await find(id);
    if (run === undefined) return;
    for (const job of awaitedJobs(run)) {
      if (!job.isMade) continue;
      const state = (await find(job.run))?.state;
      if (state === "waiting" || state === "running") continue;
      await apply(
        id,
        state === undefined
          ? {
            type: "job_ended",
            run: job.run,
            state: "failed",
            error: "its run is not there any more",
          }
          : { type: "job_ended", run: job.run, state },
      );
    }
  }
}
