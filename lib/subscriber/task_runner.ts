/**
 * Does the tasks that core gives to a worker.
 *
 * @module
 */

import type { DbSession, RecordId } from "../db/mod.ts";
import { isSkymapError, messageOf } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import { logger } from "../log.ts";
import { retry } from "../retry.ts";

/** A task that this worker has. */
export interface TakenTask {
  /** Its id. */
  readonly id: string;
  /** What is to be done, such as `tag`. */
  readonly name: string;
  /** Where: cloud, account, region and the like. */
  readonly attrs: Readonly<Record<string, string>>;
  /** What the worker needs to know. */
  readonly payload: JsonObject;
  /** Aborts when the task is another's, or the worker stops. */
  readonly signal: AbortSignal;
}

/** Does a task; gives its result, and what it throws is the task's error. */
export type TaskHandler = (task: TakenTask) => Promise<Json>;

/** What a {@linkcode TaskRunner} is made with. */
export interface TaskRunnerOptions {
  /** Session of this worker: it sees its own tasks only. */
  readonly db: DbSession;
  /** What to do, by the task's name. */
  readonly handlers: Readonly<Record<string, TaskHandler>>;
  /** For how long a task is this worker's without a renewal. Default: 30 s. */
  readonly leaseMs?: number;
  /** Pause of the slow look at assigned rows. Default: 5,000 ms. */
  readonly pollMs?: number;
  /** Stops; what runs goes back to core when its lease runs out. */
  readonly signal: AbortSignal;
}

interface TaskRow {
  readonly id: RecordId;
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly payload: JsonObject;
  readonly state: string;
  readonly attempts: number;
}

const log = logger("subscriber");

/** One attempt at a task, which the number of the attempt makes this worker's. */
class Lease {
  readonly #db: DbSession;
  readonly #row: TaskRow;
  readonly #leaseMs: number;
  readonly #lost = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(db: DbSession, row: TaskRow, leaseMs: number) {
    this.#db = db;
    this.#row = row;
    this.#leaseMs = leaseMs;
  }

  /** Aborts when the task is another's. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Starts the task; false when it is not this worker's any more. */
  async take(): Promise<boolean> {
    if (!await this.#renew("assigned")) return false;
    this.#timer = setInterval(() => {
      this.#renew("running").then((held) => {
        if (!held) this.#lost.abort(new DOMException("Lost", "AbortError"));
      }, (error) => {
        // The connection may be back before the lease runs out.
        log.warn("Cannot renew a task: {reason}", { reason: messageOf(error) });
      });
    }, this.#leaseMs / 3);
    return true;
  }

  #renew(from: "assigned" | "running"): Promise<boolean> {
    return this.#update(from, "state = 'running', lease_until = $lease", {
      lease: new Date(Date.now() + this.#leaseMs),
    });
  }

  /** Ends the task, trying until core has heard it or it is another's. */
  async end(
    answer: { readonly result: Json } | { readonly error: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    const state = "error" in answer ? "failed" : "done";
    return await retry(
      () =>
        this.#update(
          "running",
          `state = $state, ended_at = $now, ${
            state === "done" ? "result = $result" : "error = $error"
          }`,
          { state, now: new Date(), ...answer },
        ),
      {
        attempts: Infinity,
        firstDelayMs: 500,
        maxDelayMs: 5_000,
        when: (cause) => isSkymapError(cause, "database_unreachable"),
        signal,
      },
    );
  }

  async #update(
    from: string,
    assignments: string,
    bindings: Record<string, unknown>,
  ): Promise<boolean> {
    const [changed] = await this.#db.query<[unknown[]]>(
      `UPDATE $id SET ${assignments}
      WHERE state = $from AND attempts = $attempt RETURN VALUE id`,
      { id: this.#row.id, from, attempt: this.#row.attempts, ...bindings },
    );
    return changed.length > 0;
  }

  /** Renews no more. */
  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Takes the tasks that core assigned to this worker, each attempt once. */
export class TaskRunner implements AsyncDisposable {
  readonly #options: TaskRunnerOptions;
  readonly #attempts = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #live: AsyncDisposable | undefined;
  #looking: Promise<void> = Promise.resolve();
  #waking = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** Starts to take tasks. */
  static async start(options: TaskRunnerOptions): Promise<TaskRunner> {
    const runner = new TaskRunner(options);
    try {
      // Not on the tasks themselves: that would be evaluated, for each worker,
      // at every write of every task. Core rings this bell when it assigns.
      runner.#live = await options.db.live(
        "LIVE SELECT bell FROM worker WHERE id = $auth",
        {},
        () => runner.#wake(),
      );
      await runner.catchUp();
      runner.#timer = setInterval(
        () => runner.#wake(),
        options.pollMs ?? 5_000,
      );
      return runner;
    } catch (error) {
      await runner[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Looks at the rows. What an earlier life left running is not taken up: it
   * may have been half done, and comes back when its lease has run out.
   */
  async catchUp(): Promise<void> {
    const [rows] = await this.#options.db.query<[TaskRow[]]>(
      "SELECT * FROM task WHERE owner = $auth AND state = 'assigned'",
    );
    for (const row of rows) this.#offer(row);
  }

  /** Looks soon; rings that come until then are answered by the same look. */
  #wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    this.#looking = this.#looking.then(() => {
      this.#waking = false;
      if (!this.#options.signal.aborted) return this.catchUp();
    }).catch((error) => {
      if (this.#options.signal.aborted) return;
      log.warn("Cannot look for tasks: {reason}", { reason: messageOf(error) });
    });
  }

  #offer(row: TaskRow): void {
    if (row.state !== "assigned" || this.#options.signal.aborted) return;
    const key = `${row.id.id}:${row.attempts}`;
    if (this.#attempts.has(key)) return;
    this.#attempts.add(key);
    const running = this.#carryOut(row)
      .catch((error) => {
        if (this.#options.signal.aborted) return;
        log.warn("Cannot do task {key}: {reason}", {
          key,
          reason: messageOf(error),
        });
      })
      .finally(() => {
        this.#attempts.delete(key);
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  async #carryOut(row: TaskRow): Promise<void> {
    const { db, handlers, leaseMs = 30_000 } = this.#options;
    const lease = new Lease(db, row, leaseMs);
    const signal = AbortSignal.any([this.#options.signal, lease.lost]);
    try {
      if (!await lease.take()) return;
      const answer = await this.#answer(row, handlers[row.name], signal);
      if (answer !== undefined) await lease.end(answer, signal);
    } finally {
      lease.stop();
    }
  }

  async #answer(
    { id, name, attrs, payload }: TaskRow,
    handler: TaskHandler | undefined,
    signal: AbortSignal,
  ): Promise<{ result: Json } | { error: string } | undefined> {
    try {
      if (handler === undefined) {
        throw new Error(`Cannot do "${name}": this worker does not know it`);
      }
      const task = { id: String(id.id), name, attrs, payload, signal };
      return { result: await handler(task) };
    } catch (error) {
      return signal.aborted ? undefined : { error: messageOf(error) };
    }
  }

  /** Stops taking tasks and waits for those that run to stop. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#live?.[Symbol.asyncDispose]();
    await this.#looking;
    await Promise.all(this.#running);
  }
}
