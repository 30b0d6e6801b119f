/**
 * Drives runs: feeds them what happens and carries out what they want.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import { type Action, type Actions, isFinal } from "../events/actions.ts";
import type { Clock } from "../events/clock.ts";
import { actionMessage } from "../events/message.ts";
import { Listeners } from "../events/listeners.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import type { Subscribers } from "../events/subscribers.ts";
import { advanceRun, resumeRun } from "./advance_run.ts";
import type { WorkflowDefinition } from "./definition.ts";
import { JobCaller, type RunRequest } from "./job_caller.ts";
import type { ExecuteStep, JobSource } from "./job_source.ts";
import { nextRun } from "./next_run.ts";
import {
  awaitedJobs,
  isEnded,
  newRun,
  openActions,
  openCalls,
  type Run,
  waitsFor,
} from "./run.ts";
import type { RunContext, RunEffect, RunInput } from "./run_input.ts";
import { RunStore } from "./run_store.ts";
import {
  type StepHandler,
  type StepHandlerOptions,
  StepHandlers,
} from "./step_handlers.ts";

/** What a {@linkcode RunDriver} is made with. */
export interface RunDriverOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** Who is asked to act. The driver does not dispose of them. */
  readonly subscribers: Subscribers;
  /** How they are asked. The driver does not dispose of them. */
  readonly actions: Actions;
  /** What core itself does in a step, by the step's name. Default: nothing. */
  readonly handlers?: Readonly<Record<string, StepHandler>>;
  /** What jobs there are. Default: none. */
  readonly jobs?: JobSource;
  /** Runs the lines of jobs. Default: nobody does. */
  readonly execute?: ExecuteStep;
  /** What runs of a workflow may not touch at the same time as others. */
  readonly locksOf: (workflow: string) => readonly string[];
  /** How many ended runs are kept. Default: 500. */
  readonly keepRuns?: number;
  /** How many of each workflow are kept beside these. Default: 20. */
  readonly keepRunsEach?: number;
  /** Milliseconds after which a handler has failed. Default: 1 hour. */
  readonly handlerTimeoutMs?: number;
  /** The same for steps that have more or less, by their names. Default: none. */
  readonly handlerTimeoutsMs?: Readonly<Record<string, number>>;
}

const TICK_MS = 1_000;

/** After how many ended runs the old ones are looked for. */
const PRUNE_EVERY = 20;

const log = logger("core/workflow");

/**
 * One thing happens at a time. A run is stored before anything is done for it;
 * everything that is done may be done twice; so a core that is killed at any
 * moment goes on at the same step when it is started again.
 */
export class RunDriver implements AsyncDisposable {
  /** The runs in the database. */
  readonly store: RunStore;
  readonly #options: RunDriverOptions;
  readonly #handlers: StepHandlers;
  readonly #queue = new SerialQueue();
  readonly #held: Disposable[] = [];
  /** Runs that have not ended, or of which actions are open; oldest first. */
  readonly #runs = new Map<string, Run>();
  /** Runs for which something could not be stored or done: tried again. */
  readonly #behind = new Set<string>();
  readonly #listeners = new Listeners<Run>();
  readonly #caller: JobCaller;
  #ended = 0;
  #stopped = false;
  #ticking = false;

  /** Makes a driver; {@linkcode RunDriver.start} sets it going. */
  constructor(options: RunDriverOptions) {
    this.#options = options;
    this.store = new RunStore(options.db);
    this.#caller = new JobCaller({
      jobs: options.jobs,
      running: () => this.#runs.values(),
      find: (id) => this.find(id),
      apply: (id, input) => this.#apply(id, input),
      request: (definition, request) => this.#request(definition, request),
    });
    this.#handlers = new StepHandlers({
      handlers: options.handlers ?? {},
      clock: options.clock,
      timeoutMs: options.handlerTimeoutMs ?? 3_600_000,
      ...(options.handlerTimeoutsMs !== undefined && {
        timeoutsMs: options.handlerTimeoutsMs,
      }),
      onEnd: () => this.#soon(() => this.#takeResults()),
    });
  }

  /** Takes up the runs that an earlier core left, then listens. */
  async start(): Promise<void> {
    const { actions, subscribers, clock } = this.#options;
    this.#held.push(
      actions.onChange((action) => this.#hear(action)),
      subscribers.onChange(({ type, subscriber }) => {
        if (type === "put") return;
        this.#soon(() => this.#forget(subscriber.id, type));
      }),
      clock.every(TICK_MS, () => this.#tick()),
    );
    await this.#do(() => this.#takeUp());
  }

  /**
   * Makes a run of a workflow, or gives the one that waits already. It starts as
   * soon as nothing that it shares a lock with runs or waits before it.
   */
  request(
    definition: WorkflowDefinition,
    options: RunRequest,
  ): Promise<string> {
    return this.#do(() => this.#request(definition, options));
  }

  /** Starts the jobs of an event that no run is; gives their runs. */
  emit(event: string, id: string): Promise<readonly string[]> {
    return this.#do(() => this.#caller.emit(event, id));
  }

  /** Stops what waits of a workflow; what runs goes on. */
  callOff(workflow: string, reason: string): Promise<void> {
    return this.#do(async () => {
      for (const run of [...this.#runs.values()]) {
        if (run.workflow !== workflow) continue;
        if (run.state !== "waiting" && waitsFor(run) === undefined) continue;
        await this.#apply(run.id, { type: "stop", reason });
      }
    });
  }

  /** Runs that have not ended. */
  get open(): readonly Run[] {
    return [...this.#runs.values()].filter((run) => !isEnded(run));
  }

  /** Tells of each run that changed, until it is disposed of. */
  onChange(callback: (run: Run) => void): Disposable {
    return this.#listeners.add(callback);
  }

  /** Tells a run something, when it is its turn. */
  tell(id: string, input: RunInput): Promise<void> {
    return this.#do(() => this.#apply(id, input));
  }

  /** A run, or undefined. */
  async find(id: string): Promise<Run | undefined> {
    return this.#runs.get(id) ?? await this.store.load(id);
  }

  /** Stops driving. Runs stay as they are, for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    for (const each of this.#held.splice(0)) each[Symbol.dispose]();
    await this.#handlers[Symbol.asyncDispose]();
    await this.#queue.idle();
  }

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
        await this.#caller.lookAtJobs(id);
        await this.#apply(id, { type: "tick" });
      }
    });
  }

  // What follows runs inside the queue, and so must not wait for it.

  /** What was going on when core was last running. */
  async #takeUp(): Promise<void> {
    for (const run of await this.store.unfinished()) {
      this.#runs.set(run.id, run);
    }
    for (const action of await this.#options.actions.listOpen()) {
      const run = await this.find(action.run);
      if (run !== undefined) this.#runs.set(run.id, run);
      else {
        await this.#options.actions.end(
          [action.id],
          "aborted",
          "There is no such run any more",
        );
      }
    }
    for (const id of [...this.#runs.keys()]) {
      await this.#apply(id, { type: "restart" });
      await this.#catchUp(id);
    }
    await this.#prune();
  }

  /** Does again what may not have been done, hears what was not heard. */
  async #catchUp(id: string): Promise<void> {
    const run = await this.find(id);
    this.#behind.delete(id);
    if (run === undefined) return;
    try {
      await this.#carryOut(run, resumeRun(run));
      await this.#caller.lookAtJobs(id);
      const ids = openActions(run).map((each) => each.id);
      for (const action of await this.#options.actions.read(ids)) {
        await this.#applyAction(action);
      }
    } catch (error) {
      this.#behind.add(id);
      throw error;
    }
    const now = this.#runs.get(id);
    if (now !== undefined) this.#keep(now);
  }

  /** Starts every run whose turn it is. */
  async #startWaiting(): Promise<void> {
    for (;;) {
      const run = nextRun(this.#runs.values(), this.#options.locksOf);
      if (run === undefined) return;
      try {
        const previous = await this.store.previousSteps(run.workflow);
        await this.#apply(run.id, { type: "start", previous });
      } catch (error) {
        // The next tick tries again.
        log.error("Cannot start run {id}: {error}", { id: run.id, error });
        return;
      }
    }
  }

  /** Remembers a run for as long as something may happen to it. */
  #keep(run: Run): void {
    const isOver = isEnded(run) && openActions(run).length === 0 &&
      openCalls(run).length === 0;
    if (isOver && !this.#behind.has(run.id)) this.#runs.delete(run.id);
    else this.#runs.set(run.id, run);
  }

  #context(): RunContext {
    return {
      now: this.#options.clock.now(),
      handlers: this.#handlers.names,
      jobs: (event) => this.#caller.jobsOf(event),
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
    const run = await this.find(id);
    if (run === undefined) return;
    const made = advanceRun(run, input, this.#context());
    const { run: next, lines, effects } = made;
    try {
      if (next !== run) {
        await this.store.save(next, lines);
        this.#runs.set(id, next);
        this.#listeners.tell(next);
      }
      await this.#carryOut(next, effects);
    } catch (error) {
      this.#behind.add(id);
      throw error;
    }
    const now = this.#runs.get(id);
    if (now !== undefined) this.#keep(now);
    if (!isEnded(next) || isEnded(run)) return;
    const { workflow, state } = next;
    if (state === "waiting" || state === "running") return;
    log.info("Run {id} of {workflow} ended: {state}", { id, workflow, state });
    for (const each of [...this.#runs.values()]) {
      if (awaitedJobs(each).some((job) => job.run === id)) {
        await this.#apply(each.id, { type: "job_ended", run: id, state });
      }
    }
    if (++this.#ended % PRUNE_EVERY === 0) await this.#prune();
  }

  async #prune(): Promise<void> {
    const { keepRuns = 500, keepRunsEach = 20 } = this.#options;
    await this.store.prune(keepRuns, keepRunsEach);
  }

  async #applyAction(action: Action): Promise<void> {
    const { id, run, state, infos, error } = action;
    if (infos.length > 0) {
      await this.#apply(run, { type: "action_info", action: id, infos });
    }
    if (!isFinal(state)) return;
    await this.#apply(run, {
      type: state === "done" || state === "timed_out"
        ? `action_${state}`
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
          const { step } = effect;
          const payload = actionMessage(run.id, step, run.previous).data;
          await actions.create(
            effect.actions.map((each) => ({
              ...each,
              run: run.id,
              step,
              payload,
            })),
          );
          break;
        }
        case "expire_actions":
          await this.#expire(run, effect.actions);
          break;
        case "abort_actions":
          await actions.end(effect.actions, "aborted", "The run was stopped");
          break;
        case "call_jobs":
          for (const call of effect.calls) {
            await this.#caller.call(run.id, call);
          }
          break;
        case "run_handler":
          this.#handlers.run(run.id, effect.step, this.#own(run, effect));
          break;
        case "stop_handler":
          this.#handlers.stop(run.id, effect.step);
          break;
        case "end":
          break;
      }
    }
  }

  /** How core does a step of its own. */
  #own(
    { workflow }: Run,
    { own, step, timeoutSeconds }: RunEffect & { readonly type: "run_handler" },
  ): StepHandlerOptions {
    const { execute } = this.#options;
    if (own?.type !== "execute" || execute === undefined) return {};
    return {
      handler: (run, signal) =>
        execute({ run, workflow, step, work: own }, signal),
      ...(timeoutSeconds !== undefined &&
        { timeoutMs: timeoutSeconds * 1_000 }),
    };
  }

  /** Makes a run, or gives the one that stands for it. */
  async #request(
    definition: WorkflowDefinition,
    { id, trigger, isNew = false }: RunRequest,
  ): Promise<string> {
    if (!isNew) {
      if (await this.find(id) !== undefined) return id;
      const merged = await this.store.findMerged(definition.name, id);
      if (merged !== undefined) return merged;
    }
    for (const run of this.#runs.values()) {
      if (run.workflow !== definition.name || run.state !== "waiting") continue;
      if (!isNew) await this.#apply(run.id, { type: "merge", run: id });
      return run.id;
    }
    const now = this.#options.clock.now();
    const run = newRun(definition, { id, trigger, now });
    await this.store.save(run, []);
    this.#runs.set(run.id, run);
    this.#listeners.tell(run);
    return run.id;
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

  /** Nobody waits for a subscriber that is not there any more. */
  async #forget(subscriber: string, how: "gone" | "removed"): Promise<void> {
    const ids = [...this.#runs.values()].flatMap(openActions)
      .filter((each) => each.subscriber === subscriber)
      .map((each) => each.id);
    const { actions } = this.#options;
    await actions.end(
      ids,
      "failed",
      how === "gone"
        ? "The subscriber was not heard of for too long"
        : "The subscriber was removed",
    );
    for (const row of await actions.read(ids)) await this.#applyAction(row);
  }

  /** Tells runs how core's own parts of their steps ended. */
  async #takeResults(): Promise<void> {
    for (const result of this.#handlers.results()) {
      const { run, step, error } = result;
      await this.#apply(
        run,
        error === undefined
          ? { type: "handler_done", step }
          : { type: "handler_failed", step, error: messageOf(error) },
      );
      this.#handlers.forget(result);
    }
  }
}
