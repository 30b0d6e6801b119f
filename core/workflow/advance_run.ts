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
import { actionId } from "../events/message.ts";
import { freezeDeep } from "./freeze_deep.ts";
import { endCalls, jobCalls } from "./job_calls.ts";
import {
  callJob,
  type EndedJob,
  endJob,
  leaveLateJobs,
} from "./job_transitions.ts";
import { beginAgain, enterOwn, handlerEffect, lateEvent } from "./own_work.ts";
import {
  isEnded,
  type LogEntry,
  openCalls,
  type Run,
  type RunAction,
  type RunStep,
} from "./run.ts";
import { RunDraft } from "./run_draft.ts";
import type {
  RunContext,
  RunEffect,
  RunInput,
  Transition,
} from "./run_input.ts";

/** How many log lines a run keeps of what workers, plugins and merges say. */
export const MAX_FOREIGN_LINES = 1_000;

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
      draft.endJob(input);
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

/** One transition while it is made. */
class Draft {
  readonly #draft: RunDraft;

  constructor(run: Run, context: RunContext) {
    this.#draft = new RunDraft(run, context);
  }

  transition(): Transition {
    return this.#draft.transition();
  }

  start(previous: Readonly<Record<string, number>>): void {
    if (this.#draft.run.state !== "waiting") return;
    this.#draft.change({
      state: "running",
      startedAt: this.#draft.context.now,
      previous,
    });
    this.#goOn();
  }

  endAction(
    id: string,
    how: "action_done" | "action_failed" | "action_timed_out",
    error: string | undefined,
  ): void {
    const [step, action] = this.#draft.findAction(id);
    if (step === undefined || action?.state !== "open") return;
    const state = how.slice("action_".length) as RunAction["state"];
    this.#draft.changeAction(step, action, { state });
    if (state !== "done") {
      this.#draft.log({
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
    const [step, action] = this.#draft.findAction(id);
    if (step === undefined || action === undefined) return;
    const fresh = infos.slice(action.infos);
    if (fresh.length === 0) return;
    this.#draft.changeAction(step, action, { infos: infos.length });
    for (const info of fresh) {
      this.foreignLog({ ...info, step: step.name, source: action.subscriber });
    }
  }

  endHandler(name: string, error: string | undefined): void {
    const step = this.#draft.run.steps.find((each) => each.name === name);
    if (this.#draft.run.state !== "running" || step?.handler !== "running") {
      return;
    }
    this.#draft.changeStep(step, {
      handler: error === undefined ? "done" : "failed",
    });
    if (error !== undefined) {
      this.#draft.log({
        level: "error",
        step: name,
        source: "core",
        message: error,
      });
    }
    this.#goOn();
  }

  /** What the run waits for, perhaps. */
  hear(event: string): void {
    const step = this.#draft.runningStep();
    if (step?.own?.type !== "wait" || step.own.event !== event) return;
    this.#draft.note(step, "info", `Event "${event}" came`);
    this.endHandler(step.name, undefined);
  }

  callJob(id: string, as: string): void {
    callJob(this.#draft, id, as);
  }

  endJob(job: EndedJob): void {
    if (endJob(this.#draft, job)) this.#goOn();
  }

  /** Lines that core left in their midst are begun again, but not for ever. */
  restart(): void {
    const step = this.#draft.runningStep();
    const fault = step && beginAgain(this.#draft, step);
    if (step !== undefined && fault !== undefined) {
      this.endHandler(step.name, fault);
    }
  }

  merge(id: string): void {
    const { merged = [], state } = this.#draft.run;
    if (state !== "waiting" || merged.includes(id)) return;
    this.#draft.change({ merged: [...merged, id] });
  }

  expire(): void {
    this.#expireActions();
    const step = this.#draft.runningStep();
    if (step === undefined) return;
    const late = lateEvent(step, this.#draft.context.now);
    if (late !== undefined) this.endHandler(step.name, late);
    else if (leaveLateJobs(this.#draft, step)) this.#goOn();
  }

  #expireActions(): void {
    const late = this.#draft.run.steps.flatMap((step) =>
      step.actions.filter((each) =>
        each.state === "open" && each.deadline <= this.#draft.context.now
      ).map((each) => each.id)
    );
    // The row decides: its worker may answer this very moment.
    if (late.length > 0) {
      this.#draft.want({ type: "expire_actions", actions: late });
    }
  }

  stop(reason: string): void {
    if (isEnded(this.#draft.run)) return;
    const open: string[] = [];
    for (const step of this.#draft.run.steps) {
      for (const action of step.actions) {
        if (action.state === "open") open.push(action.id);
      }
      if (step.handler === "running") {
        this.#draft.want({ type: "stop_handler", step: step.name });
      }
      if (step.state !== "running") continue;
      this.#draft.changeStep(step, {
        state: "failed",
        endedAt: this.#draft.context.now,
      });
    }
    this.#draft.change({
      steps: this.#draft.run.steps.map((step) => ({
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
      this.#draft.want({ type: "abort_actions", actions: open });
    }
    this.#draft.log({
      level: "warning",
      step: "",
      source: "core",
      message: reason,
    });
    this.#end("stopped");
  }

  foreignLog(entry: LogEntry): void {
    const { foreignLines } = this.#draft.run;
    if (foreignLines > MAX_FOREIGN_LINES) return;
    this.#draft.change({ foreignLines: foreignLines + 1 });
    this.#draft.log(
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
    while (this.#draft.run.state === "running") {
      const step = this.#draft.run.steps.find((each) =>
        each.state === "pending" || each.state === "running"
      );
      if (step === undefined) return this.#end("done");
      if (step.state === "pending") this.#enter(step);
      else if (!this.#leave(step)) return;
    }
  }

  #enter(step: RunStep): void {
    if (step.own !== undefined) return enterOwn(this.#draft, step, step.own);
    const { now, handlers } = this.#draft.context;
    const subscribers = this.#draft.context.subscribers(step.name);
    const seconds = Math.max(
      step.timeoutSeconds,
      ...subscribers.filter((each) => each.wait)
        .map((each) => each.timeoutSeconds),
    );
    const actions = subscribers.map((each): RunAction => ({
      id: actionId(this.#draft.run.id, step.name, each.id),
      subscriber: each.id,
      worker: each.worker,
      wait: each.wait,
      deadline: now + 1_000 *
          (each.wait ? seconds : Math.max(seconds, each.timeoutSeconds)),
      state: "open",
      infos: 0,
    }));
    const jobs = jobCalls(this.#draft.run, step.name, this.#draft.context);
    this.#draft.changeStep(step, {
      state: "running",
      startedAt: now,
      actions,
      ...(jobs.length > 0 && { jobs }),
      ...(handlers.has(step.name) && { handler: "running" as const }),
    });
    if (actions.length > 0) {
      this.#draft.want({ type: "create_actions", step: step.name, actions });
    }
    if (handlers.has(step.name)) {
      this.#draft.want({ type: "run_handler", step: step.name });
    }
    if (jobs.length > 0) this.#draft.want({ type: "call_jobs", calls: jobs });
    const asked = [
      ...actions.map((each) => each.subscriber),
      ...(handlers.has(step.name) ? ["core"] : []),
      ...jobs.map((each) => each.workflow),
    ];
    if (asked.length > 0) {
      this.#draft.note(step, "info", `Started; asked: ${asked.join(", ")}`);
    }
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
    this.#draft.changeStep(step, {
      state: failed ? "failed" : "done",
      endedAt: this.#draft.context.now,
    });
    if (failed && step.onError === "stop") this.#end("failed");
    return true;
  }

  #end(state: RunState): void {
    const after = endCalls(this.#draft.run, state, this.#draft.context);
    this.#draft.change({
      state,
      endedAt: this.#draft.context.now,
      ...(after.length > 0 && { after }),
    });
    this.#draft.want({ type: "end", state });
    if (after.length > 0) {
      this.#draft.want({ type: "call_jobs", calls: after });
    }
    const failed = this.#draft.run.steps.filter((each) =>
      each.state === "failed"
    )
      .map((each) => each.name);
    this.#draft.log({
      level: state === "done" && failed.length === 0 ? "info" : "warning",
      step: "",
      source: "core",
      message: `Run ended: ${state}` +
        (failed.length === 0
          ? ""
          : `; steps that failed: ${failed.join(", ")}`),
    });
  }
}
