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
import { SerialQueue } from "../events/serial_queue.ts";
import type { Subscribers } from "../events/subscribers.ts";
import { advanceRun, resumeRun } from "./advance_run.ts";
import type { WorkflowDefinition } from "./definition.ts";
import { isEnded, newRun, openActions, type Run } from "./run.ts";
import type { RunContext, RunEffect, RunInput } from "./run_input.ts";
import { RunStore } from "./run_store.ts";
import { type StepHandler, StepHandlers } from "./step_handlers.ts";

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
  /** What runs of a workflow may not touch at the same time as others. */
  readonly locksOf: (workflow: string) => readonly string[];
  /** How many ended runs are kept. Default: 500. */
  readonly keepRuns?: number;
  /** Milliseconds after which a handler has failed. Default: 1 hour. */
  readonly handlerTimeoutMs?: number;
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
  #ended = 0;
  #stopped = false;
  #ticking = false;

  /** Makes a driver; {@linkcode RunDriver.start} sets it going. */
  constructor(options: RunDriverOptions) {
    this.#options = options;
    this.store = new RunStore(options.db);
    this.#handlers = new StepHandlers({
      handlers: options.handlers ?? {},
      clock: options.clock,
      timeoutMs: options.handlerTimeoutMs ?? 3_600_000,
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
    options: { readonly id: string; readonly trigger: string },
  ): Promise<string> {
    return this.#do(async () => {
      if (await this.find(options.id) !== undefined) return options.id;
      for (const { id, workflow, state } of this.#runs.values()) {
        if (workflow === definition.name && state === "waiting") return id;
      }
      const now = this.#options.clock.now();
      const run = newRun(definition, { ...options, now });
      await this.store.save(run, []);
      this.#runs.set(run.id, run);
      return run.id;
    });
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
    for (const id of [...this.#runs.keys()]) await this.#catchUp(id);
    await this.#prune();
  }

  /** Does again what may not have been done, hears what was not heard. */
  async #catchUp(id: string): Promise<void> {
    const run = await this.find(id);
    this.#behind.delete(id);
    if (run === undefined) return;
    try {
      await this.#carryOut(run, resumeRun(run));
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
      const run = this.#nextRun();
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

  /** The oldest waiting run all of whose locks are free. */
  #nextRun(): Run | undefined {
    const { locksOf } = this.#options;
    const held = new Set<string>();
    const hold = (run: Run) => {
      for (const lock of locksOf(run.workflow)) held.add(lock);
    };
    for (const run of this.#runs.values()) {
      if (run.state === "running") hold(run);
    }
    for (const run of this.#runs.values()) {
      if (run.state !== "waiting") continue;
      if (!locksOf(run.workflow).some((lock) => held.has(lock))) return run;
      // Nobody who came later goes before one who waits.
      hold(run);
    }
  }

  /** Remembers a run for as long as something may happen to it. */
  #keep(run: Run): void {
    const isOver = isEnded(run) && openActions(run).length === 0;
    if (isOver && !this.#behind.has(run.id)) this.#runs.delete(run.id);
    else this.#runs.set(run.id, run);
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
    const run = await this.find(id);
    if (run === undefined) return;
    const made = advanceRun(run, input, this.#context());
    const { run: next, lines, effects } = made;
    try {
      if (next !== run) {
        await this.store.save(next, lines);
        this.#runs.set(id, next);
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
    log.info("Run {id} of {workflow} ended: {state}", { id, workflow, state });
    if (++this.#ended % PRUNE_EVERY === 0) await this.#prune();
  }

  async #prune(): Promise<void> {
    await this.store.prune(this.#options.keepRuns ?? 500);
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
