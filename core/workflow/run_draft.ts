/**
 * One transition of a run while it is made.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";
import { freezeDeep } from "./freeze_deep.ts";
import type {
  LogEntry,
  LogLine,
  Run,
  RunAction,
  RunStep,
  StepJob,
} from "./run.ts";
import type { RunContext, RunEffect, Transition } from "./run_input.ts";

/** Longest message of a log line, in UTF-16 units. */
const MAX_MESSAGE = 4_000;

/** Largest details of a log line, as JSON text. */
const MAX_DETAILS = 16_000;

function shorten(details: JsonObject | undefined): JsonObject | undefined {
  if (details === undefined) return undefined;
  const length = JSON.stringify(details).length;
  return length <= MAX_DETAILS ? details : { left_out: `${length} characters` };
}

/** A run, what its log gains and what it wants done, while they change. */
export class RunDraft {
  /** What the world looks like. */
  readonly context: RunContext;
  readonly #lines: LogLine[] = [];
  readonly #effects: RunEffect[] = [];
  #run: Run;

  /** Begins with a run as it is. */
  constructor(run: Run, context: RunContext) {
    this.#run = run;
    this.context = context;
  }

  /** The run as it is by now. */
  get run(): Run {
    return this.#run;
  }

  /** What came of it. */
  transition(): Transition {
    return freezeDeep({
      run: this.#run,
      lines: this.#lines,
      effects: this.#effects,
    });
  }

  /** Wants something done. */
  want(...effects: readonly RunEffect[]): void {
    this.#effects.push(...effects);
  }

  /** The step that goes on. */
  runningStep(): RunStep | undefined {
    if (this.#run.state !== "running") return undefined;
    return this.#run.steps.find((each) => each.state === "running");
  }

  /** An action and its step. */
  findAction(id: string): [RunStep, RunAction] | [undefined, undefined] {
    for (const step of this.#run.steps) {
      const action = step.actions.find((each) => each.id === id);
      if (action !== undefined) return [step, action];
    }
    return [undefined, undefined];
  }

  /** Changes the run. */
  change(change: Partial<Run>): void {
    this.#run = { ...this.#run, ...change };
  }

  /** Changes a step. */
  changeStep(step: RunStep, change: Partial<RunStep>): void {
    this.change({
      steps: this.#run.steps.map((each) =>
        each.name === step.name ? { ...each, ...change } : each
      ),
    });
  }

  /** Changes the jobs of a step that a run belongs to. */
  changeJobs(id: string, change: (job: StepJob) => StepJob): void {
    for (const step of this.#run.steps) {
      if (step.jobs?.some((each) => each.run === id) !== true) continue;
      this.changeStep(step, {
        jobs: step.jobs.map((each) => each.run === id ? change(each) : each),
      });
    }
  }

  /** Changes an action. */
  changeAction(
    step: RunStep,
    action: RunAction,
    change: Partial<RunAction>,
  ): void {
    this.changeStep(step, {
      actions: step.actions.map((each) =>
        each.id === action.id ? { ...each, ...change } : each
      ),
    });
  }

  /** Core says something of a step. */
  note(step: RunStep, level: LogEntry["level"], message: string): void {
    this.log({ level, step: step.name, source: "core", message });
  }

  /** Adds to the log. */
  log(entry: LogEntry): void {
    const details = shorten(entry.details);
    this.#lines.push({
      n: this.#run.lines,
      atMs: this.context.now,
      level: entry.level,
      step: entry.step,
      source: entry.source,
      message: entry.message.slice(0, MAX_MESSAGE),
      ...(details !== undefined && { details }),
    });
    this.change({ lines: this.#run.lines + 1 });
  }
}
