/**
 * Gives each task to exactly one able worker.
 *
 * The row is the truth. Core alone assigns: `pending → assigned`, with owner,
 * lease and the number of the attempt. Then it rings the bell of the owner,
 * which has `LIVE SELECT bell FROM worker WHERE id = $auth`: a live query on the
 * tasks themselves would be evaluated, for every worker, at each write of each
 * task (200 tasks/s with 8 workers, against 460 with the bell). At each ring,
 * when it connects, and every few seconds, the owner takes all it was given by
 * `UPDATE task SET state = 'running', lease_until = … WHERE owner = $auth AND
 * state = 'assigned' RETURN AFTER`. It renews the lease by `UPDATE $id SET
 * lease_until = …` and ends the task by `UPDATE $id SET state = 'done', result =
 * …` or `state = 'failed', error = …`, each of them with `WHERE state =
 * 'running' AND attempts = $attempt RETURN id`: no row means that the task is
 * not its own any more. A worker that starts ends by `'failed'`, or does again,
 * what it finds `running`.
 *
 * A task whose lease runs out goes back to `pending` until its retries are
 * spent; the number of the attempt keeps the former owner from ending it.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import type { Json, JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import type { Clock } from "../events/clock.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import type { Subscribers } from "../events/subscribers.ts";
import {
  chooseWorker,
  describeTask,
  type Task,
  type TaskWorker,
  whyUnfit,
} from "./task.ts";
import { fromRow, type TaskRow, toRow } from "./task_row.ts";

/** What {@linkcode TaskQueue.open} takes. */
export interface TaskQueueOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** Who can do tasks. The queue does not dispose of them. */
  readonly subscribers: Subscribers;
  /** For how long a task is a worker's without a sign of life. Default: 30 s. */
  readonly leaseMs?: number;
  /** For how long ended tasks are kept. Default: 1 hour. */
  readonly keepMs?: number;
  /** Makes ids of tasks. Default: random ones. */
  readonly newId?: () => string;
}

/** How a task is done. */
export interface SubmitOptions {
  /** Time for all of it, waiting for a worker included. Default: 60 s. */
  readonly timeoutMs?: number;
  /**
   * For how long a worker is waited for that can do it at all. Default: 15 s where
   * others can do the like for other accounts, or else all the time.
   */
  readonly reachMs?: number | undefined;
  /** How often it may go to a worker again when one is lost. Default: 3. */
  readonly retries?: number;
}

/** A task that is stored. */
export interface SubmittedTask {
  /** Its id. */
  readonly id: string;
  /** The worker's answer; rejects with `task_failed`. */
  readonly result: Promise<Json>;
}

/** Pause between two looks for ended tasks that are too old. */
const PRUNE_MS = 60_000;

/**
 * How long a task waits for a worker that reaches its account while others are
 * there that reach others: one may just be starting again.
 */
const REACH_MS = 15_000;

const OPEN = "state IN ['pending', 'assigned', 'running']";

const log = logger("core/tasks");

type Waiter = PromiseWithResolvers<Json>;

/** The tasks that have not ended: kept in the database, steered from memory. */
export class TaskQueue implements AsyncDisposable {
  readonly #options: TaskQueueOptions;
  readonly #db: DbSession;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #tasks = new Map<string, Task>();
  readonly #waiters = new Map<string, Waiter>();
  readonly #queue = new SerialQueue();
  readonly #held: Disposable[] = [];
  #submitted: {
    readonly task: Task;
    readonly stored: PromiseWithResolvers<void>;
  }[] = [];
  #live: AsyncDisposable | undefined;
  #pumping = false;
  #stopped = false;
  #prunedAt = 0;

  private constructor(options: TaskQueueOptions) {
    this.#options = options;
    this.#db = options.db;
    this.#clock = options.clock;
    this.#leaseMs = options.leaseMs ?? 30_000;
  }

  /** Takes up the tasks that an earlier core left. */
  static async open(options: TaskQueueOptions): Promise<TaskQueue> {
    const queue = new TaskQueue(options);
    try {
      // First the live query, then the rows, so that nothing falls between.
      queue.#live = await options.db.live<TaskRow>(
        "LIVE SELECT * FROM task",
        {},
        (change, row) => {
          if (change !== "DELETE") queue.#hear(fromRow(row));
        },
      );
      const [rows] = await options.db.query<[TaskRow[]]>(
        `SELECT * FROM task WHERE ${OPEN}`,
      );
      const tasks = rows.map(fromRow).sort((a, b) => a.createdAt - b.createdAt);
      // No worker could renew its lease while core was down.
      const leaseUntil = options.clock.now() + queue.#leaseMs;
      for (const task of tasks) {
        queue.#tasks.set(task.id, {
          ...task,
          ...(task.owner !== undefined && { leaseUntil }),
        });
      }
      queue.#held.push(
        options.subscribers.onChange(({ type, subscriber }) => {
          if (type !== "put") queue.#leave(subscriber.worker);
          queue.#wake();
        }),
        options.clock.every(1_000, () => queue.#soon(() => queue.#check())),
        options.clock.every(5_000, () => queue.#soon(() => queue.#poll())),
      );
      queue.#wake();
      return queue;
    } catch (error) {
      await queue[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Stores a task; it is given to a worker as soon as one is able and free. */
  async submit(
    name: string,
    attrs: Readonly<Record<string, string>>,
    payload: JsonObject,
    options: SubmitOptions = {},
  ): Promise<SubmittedTask> {
    const { timeoutMs = 60_000, retries = 3, reachMs } = options;
    if (this.#stopped) throw stopping();
    const now = this.#clock.now();
    const id = (this.#options.newId ?? randomId)();
    const stored = Promise.withResolvers<void>();
    this.#submitted.push({
      stored,
      task: {
        id,
        name,
        attrs,
        payload,
        state: "pending",
        attempts: 0,
        retries,
        createdAt: now,
        deadline: now + timeoutMs,
        ...(reachMs !== undefined && { reachMs }),
      },
    });
    const result = this.#waiterOf(id).promise;
    this.#wake();
    try {
      await stored.promise;
    } catch (error) {
      this.#waiters.delete(id);
      throw error;
    }
    return { id, result };
  }

  /**
   * The answer to a task, also to one that an earlier core took.
   *
   * @throws {SkymapError} `task_failed` or `task_unknown`.
   */
  async wait(id: string): Promise<Json> {
    if (this.#tasks.has(id)) return await this.#waiterOf(id).promise;
    const [[row]] = await this.#db.query<[TaskRow[]]>("SELECT * FROM $id", {
      id: new RecordId("task", id),
    });
    if (row === undefined) {
      throw new SkymapError("task_unknown", `Cannot find task "${id}"`);
    }
    const task = fromRow(row);
    if (task.state === "done") return task.result ?? null;
    if (task.state === "failed") throw failure(task);
    return await this.#waiterOf(id).promise;
  }

  /** Tasks that have not ended, the oldest first. */
  list(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  /** Fails a task, unless it has ended. */
  async cancel(id: string, reason: string = "Cancelled"): Promise<void> {
    await this.#queue.run(() => this.#fail([id], reason));
  }

  /** Stops giving tasks away. They stay, for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    for (const each of this.#held.splice(0)) each[Symbol.dispose]();
    await this.#live?.[Symbol.asyncDispose]();
    await this.#queue.idle();
    for (const { stored } of this.#submitted.splice(0)) {
      stored.reject(stopping());
    }
    for (const waiter of this.#waiters.values()) waiter.reject(stopping());
    this.#waiters.clear();
  }

  #waiterOf(id: string): Waiter {
    let waiter = this.#waiters.get(id);
    if (waiter === undefined) {
      waiter = Promise.withResolvers<Json>();
      // Nobody may be listening; that is no error.
      waiter.promise.catch(() => {});
      this.#waiters.set(id, waiter);
    }
    return waiter;
  }

  #soon(call: () => Promise<void>): void {
    if (this.#stopped) return;
    this.#queue.run(call).catch((error) => {
      if (this.#stopped) return;
      log.error("Cannot steer tasks: {reason}", { reason: messageOf(error) });
    });
  }

  /** Takes news of a row. Synchronous: live events must not wait. */
  #hear(row: Task): void {
    const task = this.#tasks.get(row.id);
    // Events of different writers may come out of order.
    if (task === undefined || row.attempts < task.attempts) return;
    if (row.state === "done" || row.state === "failed") {
      this.#tasks.delete(row.id);
      const waiter = this.#waiters.get(row.id);
      this.#waiters.delete(row.id);
      if (row.state === "done") waiter?.resolve(row.result ?? null);
      else waiter?.reject(failure(row));
      this.#wake();
    } else if (task.owner !== undefined && row.owner === task.owner) {
      this.#tasks.set(row.id, {
        ...task,
        ...(row.state === "running" && { state: row.state }),
        leaseUntil: Math.max(task.leaseUntil ?? 0, row.leaseUntil ?? 0),
      });
    }
  }

  /** Stores and assigns soon, all that has come up until then at once. */
  #wake(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#soon(async () => {
      this.#pumping = false;
      await this.#store();
      await this.#assign();
    });
  }

  async #store(): Promise<void> {
    const batch = this.#submitted;
    this.#submitted = [];
    if (batch.length === 0) return;
    try {
      await this.#db.query("INSERT INTO task $rows RETURN NONE", {
        rows: batch.map(({ task }) => toRow(task)),
      });
    } catch (error) {
      for (const { stored } of batch) stored.reject(error);
      return;
    }
    for (const { task, stored } of batch) {
      this.#tasks.set(task.id, task);
      stored.resolve();
    }
  }

  #workers(): (TaskWorker & { worker: string; outstanding: number })[] {
    const outstanding = new Map<string, number>();
    for (const { owner } of this.#tasks.values()) {
      if (owner === undefined) continue;
      outstanding.set(owner, (outstanding.get(owner) ?? 0) + 1);
    }
    return this.#options.subscribers.list()
      .filter((each) => each.capabilities.length > 0)
      .map(({ id, worker, capabilities, parallel_tasks }) => ({
        id,
        worker,
        capabilities,
        parallelTasks: parallel_tasks,
        outstanding: outstanding.get(worker) ?? 0,
      }));
  }

  async #assign(): Promise<void> {
    const workers = this.#workers();
    const plan = new Map<string, Task[]>();
    const hopeless = new Set<string>();
    let hands = 0;
    for (const { parallelTasks, outstanding } of workers) {
      hands += Math.max(0, parallelTasks - outstanding);
    }
    for (const task of this.#tasks.values()) {
      if (hands === 0) break;
      if (task.state !== "pending") continue;
      const sort = JSON.stringify([task.name, task.attrs]);
      if (hopeless.has(sort)) continue;
      const worker = chooseWorker(task, workers);
      if (worker === undefined) {
        hopeless.add(sort);
        continue;
      }
      worker.outstanding++;
      hands--;
      const tasks = plan.get(worker.worker);
      if (tasks === undefined) plan.set(worker.worker, [task]);
      else tasks.push(task);
    }
    await Promise.all(
      [...plan].map(([owner, tasks]) => this.#give(owner, tasks)),
    );
  }

  /** Gives pending tasks to a worker. */
  async #give(owner: string, tasks: readonly Task[]): Promise<void> {
    const leaseUntil = this.#clock.now() + this.#leaseMs;
    // Known before the row is, for the worker may be faster than the answer.
    for (const task of tasks) {
      this.#tasks.set(task.id, {
        ...task,
        state: "assigned",
        owner,
        leaseUntil,
        attempts: task.attempts + 1,
      });
    }
    // When this fails it may have been carried out: the lease runs out in
    // either case.
    await this.#db.query(
      `BEGIN;
      UPDATE $ids SET state = 'assigned', owner = $owner, lease_until = $lease,
      attempts += 1 WHERE state = 'pending' RETURN NONE;
      UPDATE $owner SET bell = (bell ?? 0) + 1 RETURN NONE;
      COMMIT;`,
      {
        ids: tasks.map(({ id }) => new RecordId("task", id)),
        owner: new RecordId("worker", owner),
        lease: new Date(leaseUntil),
      },
    );
  }

  /** A worker is gone: its leases are over. */
  #leave(owner: string): void {
    for (const task of this.#tasks.values()) {
      if (task.owner !== owner) continue;
      this.#soon(() => this.#takeBack(task, "its worker is gone", true));
    }
  }

  /** Looks for what is too late. */
  async #check(): Promise<void> {
    const now = this.#clock.now();
    const late = new Map<string, string[]>();
    const workers = this.#workers();
    for (const task of this.list()) {
      const unfit = task.owner === undefined
        ? whyUnfit(task, workers)
        : undefined;
      const isHopeless = unfit !== undefined &&
        reachEnd(task, unfit.isAccount) <= now;
      if (task.deadline <= now || isHopeless) {
        const reason = lateReason(task, now, unfit?.reason);
        late.set(reason, [...late.get(reason) ?? [], task.id]);
      } else if (task.leaseUntil !== undefined && task.leaseUntil <= now) {
        await this.#takeBack(task, "its worker was not heard of");
      }
    }
    for (const [reason, ids] of late) await this.#fail(ids, reason);
    if (now - this.#prunedAt < PRUNE_MS) return;
    this.#prunedAt = now;
    await this.#db.query(
      `DELETE task WHERE state IN ['done', 'failed']
      AND (ended_at ?? created_at) < $before RETURN NONE`,
      { before: new Date(now - (this.#options.keepMs ?? 3_600_000)) },
    );
  }

  /** Ends the lease of a task, unless its worker has ended it or renewed. */
  async #takeBack(task: Task, reason: string, isGone = false): Promise<void> {
    const spent = task.attempts > task.retries;
    await this.#db.query(
      `UPDATE $id SET owner = NONE, lease_until = NONE, ${
        spent
          ? "state = 'failed', error = $error, ended_at = $now"
          : "state = 'pending'"
      } WHERE state IN ['assigned', 'running'] AND attempts = $attempts
      AND ($is_gone OR lease_until <= $now) RETURN NONE`,
      {
        id: new RecordId("task", task.id),
        attempts: task.attempts,
        is_gone: isGone,
        now: new Date(this.#clock.now()),
        error: `given to ${task.attempts} workers in turn; at last ${reason}`,
      },
    );
    await this.#reread([task.id]);
  }

  async #fail(ids: readonly string[], reason: string): Promise<void> {
    await this.#db.query(
      `UPDATE $ids SET state = 'failed', error = $error, ended_at = $now
      WHERE ${OPEN} RETURN NONE`,
      {
        ids: ids.map((id) => new RecordId("task", id)),
        error: reason,
        now: new Date(this.#clock.now()),
      },
    );
    await this.#reread(ids);
  }

  /** Reads rows, in case a live event was lost. */
  async #reread(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const [rows] = await this.#db.query<[TaskRow[]]>("SELECT * FROM $ids", {
      ids: ids.map((id) => new RecordId("task", id)),
    });
    const there = new Map(rows.map(fromRow).map((task) => [task.id, task]));
    for (const id of ids) {
      const row = there.get(id);
      const task = this.#tasks.get(id);
      if (task === undefined) continue;
      if (row === undefined) {
        this.#hear({ ...task, state: "failed", error: "it was deleted" });
      } else if (row.state === "pending" && task.owner !== undefined) {
        // Taken back, or never given: the statement was not carried out.
        const { reachMs } = task;
        this.#tasks.set(id, {
          ...row,
          freedAt: this.#clock.now(),
          ...(reachMs !== undefined && { reachMs }),
        });
        this.#wake();
      } else this.#hear(row);
    }
  }

  async #poll(): Promise<void> {
    await this.#reread(
      this.list().filter((each) => each.owner !== undefined)
        .map((each) => each.id),
    );
  }
}

/** Until when a worker is waited for that can do a task. */
function reachEnd(
  { createdAt, freedAt, reachMs }: Task,
  isAccount: boolean,
): number {
  const most = reachMs ?? (isAccount ? REACH_MS : Infinity);
  // Who lost it may be starting again.
  return Math.max(
    createdAt + most,
    freedAt === undefined ? 0 : freedAt + Math.max(most, REACH_MS),
  );
}

/** Why a task that is not waited for any longer has failed. */
function lateReason(task: Task, now: number, unfit?: string): string {
  const seconds = Math.round((now - task.createdAt) / 1_000);
  if (task.owner !== undefined) {
    return `worker "${task.owner}" did not end it within ${seconds} s`;
  }
  return unfit === undefined
    ? `no worker took it within ${seconds} s, wanted one that is free`
    : `${unfit}, and none came within ${seconds} s`;
}

function failure(task: Task): SkymapError {
  return new SkymapError(
    "task_failed",
    `Cannot do task ${describeTask(task)}: ${task.error ?? "no reason given"}`,
    { details: { task: task.id, attempts: task.attempts } },
  );
}

function stopping(): SkymapError {
  return new SkymapError("unavailable", "Cannot do tasks: core is stopping");
}
