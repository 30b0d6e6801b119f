/**
 * Steps of core alone: lines that are run, events that are waited for.
 *
 * @module
 */

import type { OwnWork } from "./definition.ts";
import type { RunStep } from "./run.ts";
import type { RunDraft } from "./run_draft.ts";
import type { RunEffect } from "./run_input.ts";

/** How often the line of a job is begun, when core ends while it runs. */
export const MAX_ATTEMPTS = 3;

/** What core does in a step; an event that is waited for comes by itself. */
export function handlerEffect(step: RunStep): readonly RunEffect[] {
  const { name, own, timeoutSeconds } = step;
  if (own === undefined) return [{ type: "run_handler", step: name }];
  if (own.type === "wait") return [];
  return [{ type: "run_handler", step: name, own, timeoutSeconds }];
}

/** Starts a step of core alone. */
export function enterOwn(draft: RunDraft, step: RunStep, own: OwnWork): void {
  draft.changeStep(step, {
    state: "running",
    startedAt: draft.context.now,
    handler: "running",
  });
  draft.want(...handlerEffect(step));
  draft.note(
    step,
    "info",
    own.type === "execute"
      ? `Runs ${own.command}`
      : `Waits for event "${own.event}", ${step.timeoutSeconds} s at most`,
  );
}

/** Why an event is not waited for any longer, or undefined. */
export function lateEvent(
  { own, startedAt, timeoutSeconds }: RunStep,
  now: number,
): string | undefined {
  if (own?.type !== "wait" || startedAt === undefined) return;
  if (startedAt + timeoutSeconds * 1_000 > now) return;
  return `Event "${own.event}" did not come within ${timeoutSeconds} s`;
}

/**
 * Lines that core left in their midst are begun again; when that was too often, it
 * says why they are not.
 */
export function beginAgain(
  draft: RunDraft,
  step: RunStep,
): string | undefined {
  if (step.own?.type !== "execute" || step.handler !== "running") return;
  const { attempts = 1 } = step;
  if (attempts >= MAX_ATTEMPTS) {
    return `Core ended ${attempts} times before it was done: it is not tried again`;
  }
  draft.changeStep(step, { attempts: attempts + 1 });
  draft.note(
    step,
    "warning",
    `Core ended before it was done: it is run again from its start, ` +
      `attempt ${attempts + 1} of ${MAX_ATTEMPTS}`,
  );
}
