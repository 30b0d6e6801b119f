/**
 * A workflow run as a pure state machine: `(run, input) → (run, effects)`.
 *
 * Nothing here knows a database, a socket or the time of day. Whoever drives
 * it stores the run and its log lines first and carries out the effects then,
 * so that a driver killed between the two finds in the stored run what it still
 * has to do: see {@linkcode resumeRun}. Every effect may be carried out twice.
 *
 * @module
 */

import type { RunState } from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import { actionId } from "../events/message.ts";
import type { OwnWork } from "./definition.ts";
import { freezeDeep } from "./freeze_deep.ts";
import { endCalls, jobCalls } from "./job_calls.ts";
import {
  isEnded,
  type LogEntry,
  type LogLine,
  openCalls,
  type Run,
  type RunAction,
  type RunStep,
  type StepJob,
} from "./run.ts";
import type {
  RunContext,
  RunEffect,
  RunInput,
  Transition,
} from "./run_input.ts";

/** How many log lines a run keeps of what workers, plugins and merges say. */
export const MAX_FOREIGN_LINES = 1_000;

/** Longest message of a log line, in UTF-16 units. */
const MAX_MESSAGE = 4_000;

/** Largest details of a log line, as JSON text. */
const MAX_DETAILS = 16_000;

/** How often the line of a job is begun, when core ends while it runs. */
export const MAX_ATTEMPTS = 3;

/** Tells a run something. Pure; an input that is told twice counts once. */
export function advanceRun(
  run: Run,
  input: RunInput,
  context: RunContext,
): Transition {
  const draft = new Draft(run, context);
  switch (input.type) {
    case "start":
      draft.start(input.previous ?? {});
      break;
    case "action_done":
    case "action_failed":
    case "action_timed_out":
      draft.endAction(input.action, input.type, input.error);
      break;
    case "action_info":
      draft.addInfos(input.action, input.infos);
      break;
    case "handler_done":
      draft.endHandler(input.step, undefined);
      break;
    case "handler_failed":
      draft.endHandler(input.step, input.error);
      break;
    case "event":
      draft.hear(input.event);
      break;
    case "job_called":
      draft.callJob(input.run, input.as);
      break;
    case "job_ended":
      draft.endJob(input.run, input.state, input.error);
      break;
    case "restart":
      draft.restart();
      break;
    case "merge":
      draft.merge(input.run);
      break;
    case "log":
      for (const entry of input.entries) draft.foreignLog(entry);
      break;
    case "tick":
      draft.expire();
      break;
    case "stop":
      draft.stop(input.reason);
      break;
  }
  return draft.transition();
}

/**
 * What a stored run still wants done, for a driver that was killed after
 * storing it and perhaps before carrying out its effects.
 */
export function resumeRun(run: Run): readonly RunEffect[] {
  const effects: RunEffect[] = [];
  const aborted: string[] = [];
  for (const step of run.steps) {
    aborted.push(
      ...step.actions.filter((each) => each.state === "aborted")
        .map((each) => each.id),
    );
    const open = step.actions.filter((each) => each.state === "open");
    if (open.length > 0) {
      effects.push({ type: "create_actions", step: step.name, actions: open });
    }
    if (run.state === "running" && step.handler === "running") {
      effects.push(...handlerEffect(step));
    }
  }
  const calls = openCalls(run);
  if (calls.length > 0) effects.push({ type: "call_jobs", calls });
  if (aborted.length > 0) {
    effects.push({ type: "abort_actions", actions: aborted });
  }
  return freezeDeep(effects);
}

/** What core does in a step; an event that is waited for comes by itself. */
function handlerEffect(step: RunStep): readonly RunEffect[] {
  const { name, own, timeoutSeconds } = step;
  if (own === undefined) return [{ type: "run_handler", step: name }];
  if (own.type === "wait") return [];
  return [{ type: "run_handler", step: name, own, timeoutSeconds }];
}

function shorten(details: JsonObject | undefined): JsonObject | undefined {
  if (details === undefined) return undefined;
  const length = JSON.stringify(details).length;
  return length <= MAX_DETAILS ? details : { left_out: `${length} characters` };
}

/** One transition while it is made. */
class Draft {
  readonly #context: RunContext;
  readonly #lines: LogLine[] = [];
  readonly #effects: RunEffect[] = [];
  #run: Run;

  constructor(run: Run, context: RunContext) {
    this.#run = run;
    this.#context = context;
  }

  transition(): Transition {
    return freezeDeep({
      run: this.#run,
      lines: this.#lines,
      effects: this.#effects,
    });
  }

  start(previous: Readonly<Record<string, number>>): void {
    if (this.#run.state !== "waiting") return;
    this.#change({ state: "running", startedAt: this.#context.now, previous });
    this.#goOn();
  }

  endAction(
    id: string,
    how: "action_done" | "action_failed" | "action_timed_out",
    error: string | undefined,
  ): void {
    const [step, action] = this.#findAction(id);
    if (step === undefined || action?.state !== "open") return;
    const state = how.slice("action_".length) as RunAction["state"];
    this.#changeAction(step, action, { state });
    if (state !== "done") {
      this.#log({
        level: "error",
        step: step.name,
        source: action.subscriber,
        message: error ??
          (state === "timed_out"
            ? `No answer from "${action.subscriber}" in time`
            : "Failed without a reason"),
      });
    }
    this.#goOn();
  }

  addInfos(
    id: string,
    infos: readonly Omit<LogEntry, "step" | "source">[],
  ): void {
    const [step, action] = this.#findAction(id);
    if (step === undefined || action === undefined) return;
    const fresh = infos.slice(action.infos);
    if (fresh.length === 0) return;
    this.#changeAction(step, action, { infos: infos.length });
    for (const info of fresh) {
      this.foreignLog({ ...info, step: step.name, source: action.subscriber });
    }
  }

  endHandler(name: string, error: string | undefined): void {
    const step = this.#run.steps.find((each) => each.name === name);
    if (this.#run.state !== "running" || step?.handler !== "running") return;
    this.#changeStep(step, {
      handler: error === undefined ? "done" : "failed",
    });
    if (error !== undefined) {
      this.#log({ level: "error", step: name, source: "core", message: error });
    }
    this.#goOn();
  }

  /** What the run waits for, perhaps. */
  hear(event: string): void {
    const step = this.#runningStep();
    if (step?.own?.type !== "wait" || step.own.event !== event) return;
    this.#note(step, "info", `Event "${event}" came`);
    this.endHandler(step.name, undefined);
  }

  callJob(id: string, as: string): void {
    this.#changeJobs(id, (job) => ({ ...job, run: as, isMade: true }));
    const { after } = this.#run;
    if (after === undefined) return;
    this.#change({
      after: after.map((call) =>
        call.run === id ? { ...call, run: as, isMade: true } : call
      ),
    });
  }

  endJob(
    id: string,
    state: "done" | "failed" | "stopped",
    error: string | undefined,
  ): void {
    const step = this.#runningStep();
    const job = step?.jobs?.find((each) =>
      each.run === id && each.state === "running"
    );
    if (step === undefined || job === undefined) return;
    this.#changeJobs(id, (each) => ({ ...each, isMade: true, state }));
    const why = error === undefined ? "" : `: ${error}`;
    if (state === "done") this.#note(step, "info", `${job.workflow} is done`);
    else {
      this.#note(step, "error", `${job.workflow} ${state}, run ${id}${why}`);
    }
    this.#goOn();
  }

  /** Lines that core left in their midst are begun again, but not for ever. */
  restart(): void {
    const step = this.#runningStep();
    if (step?.own?.type !== "execute" || step.handler !== "running") return;
    const { attempts = 1 } = step;
    if (attempts >= MAX_ATTEMPTS) {
      return this.endHandler(
        step.name,
        `Core ended ${attempts} times before it was done: it is not tried again`,
      );
    }
    this.#changeStep(step, { attempts: attempts + 1 });
    this.#note(
      step,
      "warning",
      `Core ended before it was done: it is run again from its start, ` +
        `attempt ${attempts + 1} of ${MAX_ATTEMPTS}`,
    );
  }

  merge(id: string): void {
    const { merged = [], state } = this.#run;
    if (state !== "waiting" || merged.includes(id)) return;
    this.#change({ merged: [...merged, id] });
  }

  expire(): void {
    this.#expireActions();
    const { now } = this.#context;
    const step = this.#runningStep();
    if (step === undefined) return;
    const { own, startedAt = now, timeoutSeconds } = step;
    if (own?.type === "wait" && startedAt + timeoutSeconds * 1_000 <= now) {
      return this.endHandler(
        step.name,
        `Event "${own.event}" did not come within ${timeoutSeconds} s`,
      );
    }
    const late = (step.jobs ?? []).filter((each) =>
      each.state === "running" && each.deadline <= now
    );
    if (late.length === 0) return;
    for (const job of late) {
      this.#changeJobs(job.run, (each) => ({ ...each, state: "left" }));
      this.#note(
        step,
        "error",
        `${job.workflow} is not done in time, run ${job.run}: it is not waited for any longer`,
      );
    }
    this.#goOn();
  }

  #expireActions(): void {
    const late = this.#run.steps.flatMap((step) =>
      step.actions.filter((each) =>
        each.state === "open" && each.deadline <= this.#context.now
      ).map((each) => each.id)
    );
    // The row decides: its worker may answer this very moment.
    if (late.length > 0) {
      this.#effects.push({ type: "expire_actions", actions: late });
    }
  }

  stop(reason: string): void {
    if (isEnded(this.#run)) return;
    const open: string[] = [];
    for (const step of this.#run.steps) {
      for (const action of step.actions) {
        if (action.state === "open") open.push(action.id);
      }
      if (step.handler === "running") {
        this.#effects.push({ type: "stop_handler", step: step.name });
      }
      if (step.state !== "running") continue;
      this.#changeStep(step, { state: "failed", endedAt: this.#context.now });
    }
    this.#change({
      steps: this.#run.steps.map((step) => ({
        ...step,
        actions: step.actions.map((action) =>
          action.state === "open"
            ? { ...action, state: "aborted" as const }
            : action
        ),
        ...(step.jobs !== undefined && {
          jobs: step.jobs.map((job) =>
            job.state === "running" ? { ...job, state: "left" as const } : job
          ),
        }),
      })),
    });
    if (open.length > 0) {
      this.#effects.push({ type: "abort_actions", actions: open });
    }
    this.#log({ level: "warning", step: "", source: "core", message: reason });
    this.#end("stopped");
  }

  foreignLog(entry: LogEntry): void {
    const { foreignLines } = this.#run;
    if (foreignLines > MAX_FOREIGN_LINES) return;
    this.#change({ foreignLines: foreignLines + 1 });
    this.#log(
      foreignLines < MAX_FOREIGN_LINES ? entry : {
        level: "warning",
        step: entry.step,
        source: "core",
        message:
          `Further messages are left out: the run has ${MAX_FOREIGN_LINES} already`,
      },
    );
  }

  /** Starts steps until one has to wait, or the run ends. */
  #goOn(): void {
    while (this.#run.state === "running") {
      const step = this.#run.steps.find((each) =>
        each.state === "pending" || each.state === "running"
      );
      if (step === undefined) return this.#end("done");
      if (step.state === "pending") this.#enter(step);
      else if (!this.#leave(step)) return;
    }
  }

  #enter(step: RunStep): void {
    if (step.own !== undefined) return this.#enterOwn(step, step.own);
    const { now, handlers } = this.#context;
    const subscribers = this.#context.subscribers(step.name);
    const seconds = Math.max(
      step.timeoutSeconds,
      ...subscribers.filter((each) => each.wait)
        .map((each) => each.timeoutSeconds),
    );
    const actions = subscribers.map((each): RunAction => ({
      id: actionId(this.#run.id, step.name, each.id),
      subscriber: each.id,
      worker: each.worker,
      wait: each.wait,
      deadline: now + 1_000 *
          (each.wait ? seconds : Math.max(seconds, each.timeoutSeconds)),
      state: "open",
      infos: 0,
    }));
    const jobs = jobCalls(this.#run, step.name, this.#context);
    this.#changeStep(step, {
      state: "running",
      startedAt: now,
      actions,
      ...(jobs.length > 0 && { jobs }),
      ...(handlers.has(step.name) && { handler: "running" as const }),
    });
    if (actions.length > 0) {
      this.#effects.push({ type: "create_actions", step: step.name, actions });
    }
    if (handlers.has(step.name)) {
      this.#effects.push({ type: "run_handler", step: step.name });
    }
    if (jobs.length > 0) this.#effects.push({ type: "call_jobs", calls: jobs });
    const asked = [
      ...actions.map((each) => each.subscriber),
      ...(handlers.has(step.name) ? ["core"] : []),
      ...jobs.map((each) => each.workflow),
    ];
    if (asked.length > 0) {
      this.#note(step, "info", `Started; asked: ${asked.join(", ")}`);
    }
  }

  #enterOwn(step: RunStep, own: OwnWork): void {
    this.#changeStep(step, {
      state: "running",
      startedAt: this.#context.now,
      handler: "running",
    });
    this.#effects.push(...handlerEffect(step));
    this.#note(
      step,
      "info",
      own.type === "execute"
        ? `Runs ${own.command}`
        : `Waits for event "${own.event}", ${step.timeoutSeconds} s at most`,
    );
  }

  /** Ends the step when nobody is waited for; tells whether it did. */
  #leave(step: RunStep): boolean {
    const waited = step.actions.filter((each) => each.wait);
    const jobs = step.jobs ?? [];
    if (
      step.handler === "running" ||
      waited.some((each) => each.state === "open") ||
      jobs.some((each) => each.state === "running")
    ) return false;
    const failed = step.handler === "failed" ||
      waited.some((each) => each.state !== "done") ||
      jobs.some((each) => each.state !== "done");
    this.#changeStep(step, {
      state: failed ? "failed" : "done",
      endedAt: this.#context.now,
    });
    if (failed && step.onError === "stop") this.#end("failed");
    return true;
  }

  #end(state: RunState): void {
    const after = endCalls(this.#run, state, this.#context);
    this.#change({
      state,
      endedAt: this.#context.now,
      ...(after.length > 0 && { after }),
    });
    this.#effects.push({ type: "end", state });
    if (after.length > 0) {
      this.#effects.push({ type: "call_jobs", calls: after });
    }
    const failed = this.#run.steps.filter((each) => each.state === "failed")
      .map((each) => each.name);
    this.#log({
      level: state === "done" && failed.length === 0 ? "info" : "warning",
      step: "",
      source: "core",
      message: `Run ended: ${state}` +
        (failed.length === 0
          ? ""
          : `; steps that failed: ${failed.join(", ")}`),
    });
  }

  #runningStep(): RunStep | undefined {
    if (this.#run.state !== "running") return undefined;
    return this.#run.steps.find((each) => each.state === "running");
  }

  #findAction(id: string): [RunStep, RunAction] | [undefined, undefined] {
    for (const step of this.#run.steps) {
      const action = step.actions.find((each) => each.id === id);
      if (action !== undefined) return [step, action];
    }
    return [undefined, undefined];
  }

  #change(change: Partial<Run>): void {
    this.#run = { ...this.#run, ...change };
  }

  #changeStep(step: RunStep, change: Partial<RunStep>): void {
    this.#change({
      steps: this.#run.steps.map((each) =>
        each.name === step.name ? { ...each, ...change } : each
      ),
    });
  }

  #changeJobs(id: string, change: (job: StepJob) => StepJob): void {
    for (const step of this.#run.steps) {
      if (step.jobs?.some((each) => each.run === id) !== true) continue;
      this.#changeStep(step, {
        jobs: step.jobs.map((each) => each.run === id ? change(each) : each),
      });
    }
  }

  #changeAction(
    step: RunStep,
    action: RunAction,
    change: Partial<RunAction>,
  ): void {
    this.#changeStep(step, {
      actions: step.actions.map((each) =>
        each.id === action.id ? { ...each, ...change } : each
      ),
    });
  }

  #note(step: RunStep, level: LogEntry["level"], message: string): void {
    this.#log({ level, step: step.name, source: "core", message });
  }

  #log(entry: LogEntry): void {
    const details = shorten(entry.details);
    this.#lines.push({
      n: this.#run.lines,
      atMs: this.#context.now,
      level: entry.level,
      step: entry.step,
      source: entry.source,
      message: entry.message.slice(0, MAX_MESSAGE),
      ...(details !== undefined && { details }),
    });
    this.#change({ lines: this.#run.lines + 1 });
  }
}
