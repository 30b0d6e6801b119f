/**
 * Drives workflow runs.
 *
 * @module
 */

import type { RunJson, RunLogJson, WorkflowJson } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import { logger } from "@skymap/lib/log";
import { type Action, type Actions, isFinal } from "../events/actions.ts";
import type { Clock } from "../events/clock.ts";
import { actionMessage } from "../events/message.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import type { Subscribers } from "../events/subscribers.ts";
import { advanceRun, resumeRun } from "./advance_run.ts";
import { BUILTIN_WORKFLOWS } from "./builtin.ts";
import type { WorkflowDefinition } from "./definition.ts";
import {
  type HandlerResult,
  type StepHandler,
  StepHandlers,
} from "./step_handlers.ts";
import {
  isEnded,
  type LogEntry,
  newRun,
  openActions,
  type Run,
} from "./run.ts";
import type { RunContext, RunEffect, RunInput } from "./run_input.ts";
import { RunStore, toRunJson } from "./run_store.ts";
import type { Schedules } from "./schedules.ts";

/** What a {@linkcode WorkflowEngine} is made with. */
export interface WorkflowEngineOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** Who is asked to act. The engine does not dispose of them. */
  readonly subscribers: Subscribers;
  /** How they are asked. The engine does not dispose of them. */
  readonly actions: Actions;
  /** What core itself does in a step, by the step's name. Default: nothing. */
  readonly handlers?: Readonly<Record<string, StepHandler>>;
  /** Default: {@linkcode BUILTIN_WORKFLOWS}. */
  readonly workflows?: readonly WorkflowDefinition[];
  /** Starts runs by the clock. Default: runs start on demand only. */
  readonly schedules?: Schedules;
  /** How many ended runs are kept. Default: 500. */
  readonly keepRuns?: number;
  /** Milliseconds after which a handler has failed. Default: 1 hour. */
  readonly handlerTimeoutMs?: number;
  /** Makes ids of runs. Default: random ones. */
  readonly newId?: () => string;
}

const TICK_MS = 1_000;

/** After how many ended runs the old ones are looked for. */
const PRUNE_EVERY = 20;

const log = logger("core/workflow");

/**
 * Starts runs, feeds them what happens, and carries out what they want. One
 * thing happens at a time. A run is stored before anything is done for it;
 * everything that is done may be done twice; so a core that is killed at any
 * moment goes on at the same step when it is started again.
 *
 * One run of a workflow runs at a time, one more may wait. Runs whose workflows
 * share a lock wait for each other.
 */
export class WorkflowEngine implements AsyncDisposable {
  readonly #options: WorkflowEngineOptions;
  readonly #workflows: ReadonlyMap<string, WorkflowDefinition>;
  readonly #store: RunStore;
  readonly #handlers: StepHandlers;
  readonly #queue = new SerialQueue();
  readonly #held: Disposable[] = [];
  /** Runs that have not ended, or of which actions are open; oldest first. */
  readonly #runs = new Map<string, Run>();
  /** Runs for which something could not be stored or done: tried again. */
  readonly #behind = new Set<string>();
  #ended = 0;
  #stopped = false;
  #ticking = false;

  /** Makes an engine; {@linkcode WorkflowEngine.start} sets it going. */
  constructor(options: WorkflowEngineOptions) {
    this.#options = options;
    this.#store = new RunStore(options.db);
    this.#workflows = new Map(
      (options.workflows ?? BUILTIN_WORKFLOWS).map((each) => [each.name, each]),
    );
    this.#handlers = new StepHandlers({
      handlers: options.handlers ?? {},
      clock: options.clock,
      timeoutMs: options.handlerTimeoutMs ?? 3_600_000,
      onEnd: () => this.#soon(() => this.#takeResults()),
    });
  }

  /** Takes up the runs that an earlier core left, then listens. */
  async start(): Promise<void> {
    const { actions, subscribers, clock, schedules } = this.#options;
    this.#held.push(
      actions.onChange((action) => this.#hear(action)),
      subscribers.onChange(({ type, subscriber }) => {
        if (type === "removed") this.#soon(() => this.#forget(subscriber.id));
      }),
      clock.every(TICK_MS, () => this.#tick()),
    );
    await this.#do(() => this.#takeUp());
    await schedules?.start((name, trigger, id) =>
      this.run(name, trigger, { id })
    );
  }

  /** The workflows. */
  list(): readonly WorkflowJson[] {
    return [...this.#workflows.values()].map(({ name, steps }) => {
      const schedule = this.#options.schedules?.get(name);
      return {
        name,
        steps: steps.map((step) => step.name),
        ...(schedule && { schedule: schedule.cron }),
        ...(schedule?.next && { next_run: schedule.next.toISOString() }),
      };
    });
  }

  /**
   * Starts a run, or lets it wait for its turn. When one of this workflow
   * waits already, that one is the answer. With an `id` the run is made once,
   * however often it is asked for.
   *
   * @throws {SkymapError} `workflow_unknown`.
   */
  async run(
    name: string,
    trigger: string,
    options: { readonly id?: string } = {},
  ): Promise<RunJson> {
    const definition = this.#workflows.get(name);
    if (definition === undefined) {
      throw new SkymapError(
        "workflow_unknown",
        `Cannot run workflow "${name}": not known, wanted one of ` +
          [...this.#workflows.keys()].join(", "),
      );
    }
    const id = await this.#do(async () => {
      if (options.id !== undefined) {
        const same = await this.#find(options.id);
        if (same !== undefined) return same.id;
      }
      for (const { id, workflow, state } of this.#runs.values()) {
        if (workflow === name && state === "waiting") return id;
      }
      const run = newRun(definition, {
        id: options.id ?? (this.#options.newId ?? randomId)(),
        trigger,
        now: this.#options.clock.now(),
      });
      await this.#store.save(run, []);
      this.#runs.set(run.id, run);
      return run.id;
    });
    return await this.#mustGet(id);
  }

  /** Runs, the newest first. Default: 100. */
  async runs(limit: number = 100): Promise<readonly RunJson[]> {
    return (await this.#store.list(limit)).map(toRunJson);
  }

  /** A run, or undefined. */
  async get(id: string): Promise<RunJson | undefined> {
    const run = await this.#find(id);
    return run && toRunJson(run);
  }

  /** The log of a run, the oldest line first. */
  log(id: string): Promise<readonly RunLogJson[]> {
    return this.#store.log(id);
  }

  /**
   * Adds to the log of a run, also when it has ended.
   *
   * @throws {SkymapError} `run_unknown`.
   */
  async appendLog(id: string, entries: readonly LogEntry[]): Promise<void> {
    await this.#mustGet(id);
    await this.#do(() => this.#apply(id, { type: "log", entries }));
  }

  /**
   * Stops a run: what it did stays, what it asked for is called back. One that
   * has ended stays as it is.
   *
   * @throws {SkymapError} `run_unknown`.
   */
  async stop(id: string, reason: string = "Stopped"): Promise<void> {
    await this.#mustGet(id);
    await this.#do(() => this.#apply(id, { type: "stop", reason }));
  }

  /** Stops driving. Runs stay as they are, for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    for (const each of this.#held.splice(0)) each[Symbol.dispose]();
    await this.#options.schedules?.stop();
    await this.#handlers[Symbol.asyncDispose]();
    await this.#queue.idle();
  }

  // Everything below runs inside the queue, but for #do, #soon, #hear, #tick.

  /** Does something when it is its turn, then starts what may start. */
  #do<T>(call: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#stopped) {
        throw new SkymapError("unavailable", "Cannot go on: core is stopping");
      }
      const result = await call();
      await this.#startWaiting();
      return result;
    });
  }

  /** Does something that nobody waits for. */
  #soon(call: () => Promise<void>): void {
    if (this.#stopped) return;
    this.#do(call).catch((error) => {
      if (!this.#stopped) log.error("Cannot drive runs: {error}", { error });
    });
  }

  #hear(action: Action): void {
    if (!isFinal(action.state) && action.infos.length === 0) return;
    this.#soon(() => this.#applyAction(action));
  }

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    this.#soon(async () => {
      this.#ticking = false;
      this.#handlers.expire();
      for (const id of [...this.#behind]) await this.#catchUp(id);
      await this.#takeResults();
      for (const id of [...this.#runs.keys()]) {
        await this.#apply(id, { type: "tick" });
      }
    });
  }

  /** What was going on when core was last running. */
  async #takeUp(): Promise<void> {
    for (const run of await this.#store.unfinished()) {
      this.#runs.set(run.id, run);
    }
    for (const action of await this.#options.actions.listOpen()) {
      if (this.#runs.has(action.run)) continue;
      const run = await this.#store.load(action.run);
      if (run !== undefined) this.#runs.set(run.id, run);
      else {
        await this.#options.actions.end(
          [action.id],
          "aborted",
          "There is no such run any more",
        );
      }
    }
    for (const id of [...this.#runs.keys()]) await this.#catchUp(id);
    await this.#store.prune(this.#options.keepRuns ?? 500);
  }

  /** Does again what may not have been done, hears what was not heard. */
  async #catchUp(id: string): Promise<void> {
    const run = await this.#find(id);
    this.#behind.delete(id);
    if (run === undefined) return;
    await this.#carryOut(run, resumeRun(run));
    const ids = openActions(run).map((each) => each.id);
    for (const action of await this.#options.actions.read(ids)) {
      await this.#applyAction(action);
    }
    this.#keep(await this.#find(id) ?? run);
  }

  /** Starts every run whose turn it is. */
  async #startWaiting(): Promise<void> {
    for (;;) {
      const run = this.#nextRun();
      if (run === undefined) return;
      try {
        const previous = await this.#store.previousSteps(run.workflow);
        await this.#apply(run.id, { type: "start", previous });
      } catch (error) {
        // It still waits; the next tick tries again.
        log.error("Cannot start run {id}: {error}", { id: run.id, error });
        return;
      }
    }
  }

  /** The oldest waiting run all of whose locks are free. */
  #nextRun(): Run | undefined {
    const held = new Set<string>();
    for (const run of this.#runs.values()) {
      if (run.state === "running") this.#hold(held, run);
    }
    for (const run of this.#runs.values()) {
      if (run.state !== "waiting") continue;
      if (this.#locksOf(run).every((lock) => !held.has(lock))) return run;
      // Nobody who came later goes before one who waits.
      this.#hold(held, run);
    }
  }

  #hold(held: Set<string>, run: Run): void {
    for (const lock of this.#locksOf(run)) held.add(lock);
  }

  #locksOf({ workflow }: Run): readonly string[] {
    return this.#workflows.get(workflow)?.locks ?? [`workflow:${workflow}`];
  }

  async #find(id: string): Promise<Run | undefined> {
    return this.#runs.get(id) ?? await this.#store.load(id);
  }

  async #mustGet(id: string): Promise<RunJson> {
    const run = await this.#find(id);
    if (run !== undefined) return toRunJson(run);
    throw new SkymapError("run_unknown", `Cannot find run "${id}"`);
  }

  #keep(run: Run): void {
    const isOver = isEnded(run) && openActions(run).length === 0;
    if (!isOver) this.#runs.set(run.id, run);
    else if (!this.#behind.has(run.id)) this.#runs.delete(run.id);
  }

  #context(): RunContext {
    return {
      now: this.#options.clock.now(),
      handlers: this.#handlers.names,
      subscribers: (step) =>
        this.#options.subscribers.for(step).map((each) => {
          const subscription = each.subscriptions[step];
          return {
            id: each.id,
            worker: each.worker,
            wait: subscription?.wait_for_completion ?? true,
            timeoutSeconds: subscription?.timeout ?? 60,
          };
        }),
    };
  }

  /** Tells a run something: stores what becomes of it, then acts. */
  async #apply(id: string, input: RunInput): Promise<void> {
    const run = await this.#find(id);
    if (run === undefined) return;
    const { run: next, lines, effects } = advanceRun(
      run,
      input,
      this.#context(),
    );
    try {
      if (next !== run) {
        await this.#store.save(next, lines);
        this.#runs.set(id, next);
      }
      await this.#carryOut(next, effects);
    } catch (error) {
      this.#behind.add(id);
      throw error;
    }
    this.#keep(this.#runs.get(id) ?? next);
    if (isEnded(next) && !isEnded(run)) await this.#afterEnd(next);
  }

  async #afterEnd(run: Run): Promise<void> {
    log.info("Run {id} of {workflow} ended: {state}", {
      id: run.id,
      workflow: run.workflow,
      state: run.state,
    });
    if (++this.#ended % PRUNE_EVERY === 0) {
      await this.#store.prune(this.#options.keepRuns ?? 500);
    }
  }

  async #applyAction(action: Action): Promise<void> {
    const { id, run, state, infos, error } = action;
    if (infos.length > 0) {
      await this.#apply(run, { type: "action_info", action: id, infos });
    }
    if (!isFinal(state)) return;
    await this.#apply(run, {
      type: state === "done"
        ? "action_done"
        : state === "timed_out"
        ? "action_timed_out"
        : "action_failed",
      action: id,
      ...(error !== undefined && { error }),
    });
  }

  async #carryOut(run: Run, effects: readonly RunEffect[]): Promise<void> {
    const { actions } = this.#options;
    for (const effect of effects) {
      switch (effect.type) {
        case "create_actions": {
          const payload = actionMessage(run.id, effect.step, run.previous).data;
          await actions.create(effect.actions.map((each) => ({
            ...each,
            run: run.id,
            step: effect.step,
            payload,
          })));
          break;
        }
        case "expire_actions":
          await this.#expire(run, effect.actions);
          break;
        case "abort_actions":
          await actions.end(effect.actions, "aborted", "The run was stopped");
          break;
        case "run_handler":
          this.#handlers.run(run.id, effect.step);
          break;
        case "stop_handler":
          this.#handlers.stop(run.id, effect.step);
          break;
        case "end":
          break;
      }
    }
  }

  /** Ends late actions, and tells the run how each of them really ended. */
  async #expire(run: Run, ids: readonly string[]): Promise<void> {
    const { actions } = this.#options;
    await actions.end(ids, "timed_out", "No answer in time");
    const rows = await actions.read(ids);
    for (const row of rows) await this.#applyAction(row);
    for (const id of ids) {
      if (rows.some((row) => row.id === id)) continue;
      await this.#apply(run.id, { type: "action_timed_out", action: id });
    }
  }

  /** Nobody will answer for a subscriber that was removed. */
  async #forget(subscriber: string): Promise<void> {
    const ids = [...this.#runs.values()].flatMap(openActions)
      .filter((each) => each.subscriber === subscriber)
      .map((each) => each.id);
    const { actions } = this.#options;
    await actions.end(ids, "failed", "The subscriber was removed");
    for (const row of await actions.read(ids)) await this.#applyAction(row);
  }

  async #takeResults(): Promise<void> {
    for (const result of this.#handlers.results()) {
      await this.#apply(result.run, resultInput(result));
      this.#handlers.forget(result);
    }
  }
}

function resultInput({ step, error }: HandlerResult): RunInput {
  return error === undefined
    ? { type: "handler_done", step }
    : { type: "handler_failed", step, error: messageOf(error) };
}
