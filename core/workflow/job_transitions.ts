/**
 * What becomes of the jobs that a run has called.
 *
 * @module
 */

import type { RunStep } from "./run.ts";
import type { RunDraft } from "./run_draft.ts";

/** A run of a job that has ended. */
export interface EndedJob {
  /** Its id. */
  readonly run: string;
  /** How. */
  readonly state: "done" | "failed" | "stopped";
  /** Why, if it is not in its own log. */
  readonly error?: string;
}

/** A job has heard of an event; `as` is the run that came of it. */
export function callJob(draft: RunDraft, id: string, as: string): void {
  draft.changeJobs(id, (job) => ({ ...job, run: as, isMade: true }));
  const { after } = draft.run;
  if (after === undefined) return;
  draft.change({
    after: after.map((call) =>
      call.run === id ? { ...call, run: as, isMade: true } : call
    ),
  });
}

/** A job has ended; tells whether the run waited for it. */
export function endJob(
  draft: RunDraft,
  { run, state, error }: EndedJob,
): boolean {
  const step = draft.runningStep();
  const job = step?.jobs?.find((each) =>
    each.run === run && each.state === "running"
  );
  if (step === undefined || job === undefined) return false;
  draft.changeJobs(run, (each) => ({ ...each, isMade: true, state }));
  const why = error === undefined ? "" : `: ${error}`;
  if (state === "done") draft.note(step, "info", `${job.workflow} is done`);
  else draft.note(step, "error", `${job.workflow} ${state}, run ${run}${why}`);
  return true;
}

/** Waits no longer for jobs that are late; tells whether there were any. */
export function leaveLateJobs(draft: RunDraft, step: RunStep): boolean {
  const late = (step.jobs ?? []).filter((each) =>
    each.state === "running" && each.deadline <= draft.context.now
  );
  for (const job of late) {
    draft.changeJobs(job.run, (each) => ({ ...each, state: "left" }));
    draft.note(
      step,
      "error",
      `${job.workflow} is not done in time, run ${job.run}: it is not waited for any longer`,
    );
  }
  return late.length > 0;
}
