import type { RunJobJson, RunJson, RunStepJson } from "@skymap/lib/client";
import { jobOfWorkflow } from "./job.ts";
import type { Run, RunStep } from "./run.ts";

/** How far what belongs to a run is, as far as anybody said. */
export interface RunProgress {
  /** What subscribers said of their actions, by the action's id. */
  readonly actions: ReadonlyMap<string, unknown>;
  /** What the lines of a job say, by the id of the job's run. */
  readonly lines: (run: string) => string | undefined;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A run as the API shows it. */
export function runJson(run: Run, progress: RunProgress): RunJson {
  return {
    id: run.id,
    workflow: run.workflow,
    state: run.state,
    trigger: run.trigger,
    created_at: iso(run.createdAt),
    ...(run.startedAt !== undefined && { started_at: iso(run.startedAt) }),
    ...(run.endedAt !== undefined && { ended_at: iso(run.endedAt) }),
    steps: run.steps.map((step) => stepJson(run, step, progress)),
  };
}

function stepJson(run: Run, step: RunStep, progress: RunProgress): RunStepJson {
  const { name, state, startedAt, endedAt, actions, jobs = [] } = step;
  const lines = state === "running" && step.own?.type === "execute"
    ? progress.lines(run.id)
    : undefined;
  return {
    name,
    state,
    ...(startedAt !== undefined && { started_at: iso(startedAt) }),
    ...(endedAt !== undefined && { ended_at: iso(endedAt) }),
    ...(actions.length > 0 && {
      actions: actions.map(({ id, subscriber, state, wait }) => {
        const said = progress.actions.get(id);
        return {
          subscriber,
          state,
          wait,
          ...(state === "open" && said !== undefined && { progress: said }),
        };
      }),
    }),
    ...(jobs.length > 0 && {
      jobs: jobs.map((job): RunJobJson => {
        const said = job.state === "running"
          ? progress.lines(job.run)
          : undefined;
        return {
          job: jobOfWorkflow(job.workflow) ?? job.workflow,
          run: job.run,
          state: job.state,
          ...(said !== undefined && { progress: said }),
        };
      }),
    }),
    ...(lines !== undefined && { progress: lines }),
  };
}
