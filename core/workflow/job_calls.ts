/**
 * Which jobs an event of a run concerns.
 *
 * @module
 */

import { hashText } from "@skymap/lib/ids";
import type { JobCall, Run, StepJob } from "./run.ts";
import type { RunContext } from "./run_input.ts";

/**
 * Milliseconds that a step waits beyond the time of a job's lines, so that a job
 * that takes too long says so itself.
 */
const GRACE_MS = 10_000;

/** The events that the end of a run is. */
function endEvents(workflow: string, state: string): readonly string[] {
  return [`${workflow}:end`, `${workflow}:${state}`];
}

/**
 * The jobs that hear of an event of a run, as a step waits for them. A run that
 * is started has an id that follows from run, event and job: however often the
 * event is told, it is started once.
 */
export function jobCalls(
  run: Run,
  event: string,
  context: RunContext,
): readonly StepJob[] {
  return context.jobs(event).map((job) => ({
    event,
    workflow: job.workflow,
    run: job.run ?? hashText(`${job.workflow} on ${event} of ${run.id}`),
    how: job.run === undefined ? "start" : "wake",
    isMade: false,
    state: "running",
    deadline: context.now + job.timeoutSeconds * 1_000 + GRACE_MS,
  }));
}

/** The jobs that hear of the end of a run. */
export function endCalls(
  run: Run,
  state: string,
  context: RunContext,
): readonly JobCall[] {
  return endEvents(run.workflow, state).flatMap((each) =>
    jobCalls(run, each, context).map((
      { event, workflow, run, how, isMade },
    ) => ({ event, workflow, run, how, isMade }))
  );
}
