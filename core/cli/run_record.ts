/**
 * Runs as lines show them.
 *
 * @module
 */

import type { RunJson, RunStepJson } from "@skymap/lib/client";
import { isObject } from "@skymap/lib/json";

/** How far a subscriber says it is: `{name, current, total}`, or parts of it. */
function progressText(progress: unknown): string | undefined {
  if (typeof progress === "string") return progress;
  if (!isObject(progress)) return undefined;
  const { name, current, total, parts } = progress;
  if (Array.isArray(parts)) {
    const texts = parts.map(progressText).filter((each) => each !== undefined);
    return texts.length === 0 ? undefined : texts.join(", ");
  }
  if (typeof current !== "number") return undefined;
  const count = typeof total === "number"
    ? `${current}/${total}`
    : `${current}`;
  return typeof name === "string" ? `${name} ${count}` : count;
}

function withProgress(name: string, progress: unknown): string {
  const text = progressText(progress);
  return text === undefined ? name : `${name} (${text})`;
}

/** Whom a step waits for: subscribers, and jobs as `job:` and their id. */
export function waitsFor(step: RunStepJson): readonly string[] {
  const { actions = [], jobs = [] } = step;
  return [
    ...actions.filter(({ wait, state }) => wait && state === "open")
      .map((each) => withProgress(each.subscriber, each.progress)),
    ...jobs.filter(({ state }) => state === "running")
      .map((each) => withProgress(`job:${each.job}`, each.progress)),
  ];
}

/** The step that a run is at. */
export function currentStep(run: RunJson): RunStepJson | undefined {
  return run.steps.find((step) => step.state === "running");
}

/** A run as a list shows it. */
export function runRecord(run: RunJson): object {
  const step = currentStep(run);
  const waits = step === undefined ? [] : waitsFor(step);
  const failed = run.steps.filter((each) => each.state === "failed")
    .map((each) => each.name);
  return {
    run: run.id,
    workflow: run.workflow,
    state: run.state,
    ...(failed.length > 0 && { failed_steps: failed }),
    ...(step !== undefined && { step: step.name }),
    ...(step?.progress !== undefined && { progress: step.progress }),
    ...(waits.length > 0 && { waits_for: waits }),
    trigger: run.trigger,
    created_at: run.created_at,
    ...(run.started_at !== undefined && { started_at: run.started_at }),
    ...(run.ended_at !== undefined && { ended_at: run.ended_at }),
  };
}
