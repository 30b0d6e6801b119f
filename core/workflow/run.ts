/**
 * A workflow run as frozen data.
 *
 * @module
 */

import type { RunLogJson, RunState, RunStepJson } from "@skymap/lib/client";
import { freezeDeep } from "./freeze_deep.ts";
import type { OnError, OwnWork, WorkflowDefinition } from "./definition.ts";

/** What a run knows of one action: one per step and subscriber. */
export interface RunAction {
  /** Id of the action's row. */
  readonly id: string;
  /** Who shall act. */
  readonly subscriber: string;
  /** The worker record the row belongs to. */
  readonly worker: string;
  /** Whether the step waits for its answer. */
  readonly wait: boolean;
  /** Milliseconds since 1970 after which no answer is waited for. */
  readonly deadline: number;
  /** How it ended, or `open`. */
  readonly state: "open" | "done" | "failed" | "timed_out" | "aborted";
  /** How many of its messages are in the log already. */
  readonly infos: number;
}

/** An event of a run that a job has to hear of. */
export interface JobCall {
  /** The event. */
  readonly event: string;
  /** The job's workflow. */
  readonly workflow: string;
  /** Id of the job's run: to be started, or one that waits for the event. */
  readonly run: string;
  /** What the event does to that run. */
  readonly how: "start" | "wake";
  /** Whether the job has heard of it. */
  readonly isMade: boolean;
}

/** A job that a step waits for. */
export interface StepJob extends JobCall {
  /** How its run ended; `left` when it is not waited for any longer. */
  readonly state: "running" | "done" | "failed" | "stopped" | "left";
  /** Milliseconds since 1970 after which it is not waited for. */
  readonly deadline: number;
}

/** One step of a run. */
export interface RunStep {
  /** Its name. */
  readonly name: string;
  /** Seconds a subscriber has at least. */
  readonly timeoutSeconds: number;
  /** What happens to the run when it fails. */
  readonly onError: OnError;
  /** What core does in it, with nobody else. Default: others are asked. */
  readonly own?: OwnWork;
  /** How far it is. */
  readonly state: RunStepJson["state"];
  /** Milliseconds since 1970, once it has started. */
  readonly startedAt?: number;
  /** Milliseconds since 1970, once it has ended. */
  readonly endedAt?: number;
  /** Who was asked to act. */
  readonly actions: readonly RunAction[];
  /** Jobs that its start concerns; it waits for their end. Default: none. */
  readonly jobs?: readonly StepJob[];
  /** What core itself does in this step, if it does anything. */
  readonly handler?: "running" | "done" | "failed";
  /** How often a line was begun, once that was more than once. */
  readonly attempts?: number;
}

/** A run: everything there is to know about it, as JSON. */
export interface Run {
  /** Its id. */
  readonly id: string;
  /** Name of the workflow. */
  readonly workflow: string;
  /** What started it, such as `schedule` or `api:cli`. */
  readonly trigger: string;
  /**
   * How far it is. `done` means that it came to its end, even if steps failed
   * that do not stop a run; `failed`, that a step stopped it.
   */
  readonly state: RunState;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970, once it has started. */
  readonly startedAt?: number;
  /** Milliseconds since 1970, once it has ended. */
  readonly endedAt?: number;
  /** In their order; copied from the workflow, which may change meanwhile. */
  readonly steps: readonly RunStep[];
  /** When the steps of the run before started: milliseconds since 1970. */
  readonly previous: Readonly<Record<string, number>>;
  /** How many lines its log has. */
  readonly lines: number;
  /** How many of them came from outside; these are bounded. */
  readonly foreignLines: number;
  /** Jobs that its end concerns. Default: none. */
  readonly after?: readonly JobCall[];
  /** Runs that were asked for while this one waited: it stands for them too. */
  readonly merged?: readonly string[];
}

/** A line for the log of a run, before it has a time. */
export type LogEntry = Omit<RunLogJson, "at">;

/** A line of a run's log, with its number, from 0. */
export interface LogLine extends LogEntry {
  /** Number of the line in its run. */
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** A run that waits for its turn. */
export function newRun(
  definition: WorkflowDefinition,
  options: {
    readonly id: string;
    readonly trigger: string;
    readonly now: number;
  },
): Run {
  return freezeDeep({
    id: options.id,
    workflow: definition.name,
    trigger: options.trigger,
    state: "waiting",
    createdAt: options.now,
    steps: definition.steps.map((step) => ({
      ...step,
      state: "pending" as const,
      actions: [],
    })),
    previous: {},
    lines: 0,
    foreignLines: 0,
  });
}

/** Whether nothing will happen to the run any more. */
export function isEnded(run: Run): boolean {
  return run.state !== "waiting" && run.state !== "running";
}

/** Actions of the run that nobody has answered yet. */
export function openActions(run: Run): readonly RunAction[] {
  return run.steps.flatMap((step) =>
    step.actions.filter((each) => each.state === "open")
  );
}

/** Events of the run that jobs have not heard of yet. */
export function openCalls(run: Run): readonly JobCall[] {
  const ofSteps = isEnded(run)
    ? []
    : run.steps.flatMap((step) =>
      (step.jobs ?? []).filter((each) => each.state === "running")
    );
  return [...ofSteps, ...run.after ?? []].filter((each) => !each.isMade);
}

/** Jobs whose end the run waits for. */
export function awaitedJobs(run: Run): readonly StepJob[] {
  if (run.state !== "running") return [];
  return run.steps.flatMap((step) =>
    (step.jobs ?? []).filter((each) => each.state === "running")
  );
}

/** The step of a running run that waits for an event, if one does. */
export function waitsFor(run: Run): string | undefined {
  if (run.state !== "running") return undefined;
  const own = run.steps.find((each) => each.state === "running")?.own;
  return own?.type === "wait" ? own.event : undefined;
}
