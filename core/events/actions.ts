/**
 * Actions: one durable row for each run, step and subscriber.
 *
 * The row is the truth. Whoever ends an action does it by an update on the
 * condition that it is still open, so that a late answer and a time-out never
 * both count. A worker claims its action by
 * `UPDATE $id SET state = 'claimed', claimed_at = time::now() WHERE state =
 * 'pending' RETURN claimed_at` and writes on the condition that `claimed_at` is
 * still its own. A worker that comes back after it was killed finds an action
 * claimed that it does not work on, and takes it over by
 * `… WHERE state = 'claimed' AND claimed_at = $seen`; of two that try, one
 * succeeds, and the other's later writes change nothing. So core never returns
 * a claimed action to `pending`: it cannot tell a lost connection from a death.
 *
 * @module
 */

import type { ActionState } from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { isObject, type JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import type { Clock } from "./clock.ts";
import { Listeners } from "./listeners.ts";
import { actionId, type AnswerMessage } from "./message.ts";

/** A message of a worker about its action, for the log of the run. */
export interface ActionInfo {
  /** How bad it is. */
  readonly level: "info" | "warning" | "error";
  /** For people. */
  readonly message: string;
  /** For programs. */
  readonly details?: JsonObject;
}

/** An action as its row is now. */
export interface Action {
  /** `run:step:subscriber`. */
  readonly id: string;
  /** Id of the run. */
  readonly run: string;
  /** Name of the step. */
  readonly step: string;
  /** Who shall act. */
  readonly subscriber: string;
  /** How far it is. */
  readonly state: ActionState;
  /** Why it failed. */
  readonly error?: string;
  /** How far its worker says it is. */
  readonly progress?: unknown;
  /** All messages so far, the oldest first. */
  readonly infos: readonly ActionInfo[];
}

/** An action to be made. */
export interface NewAction {
  /** Id of the run. */
  readonly run: string;
  /** Name of the step, which is the message type too. */
  readonly step: string;
  /** Who shall act. */
  readonly subscriber: string;
  /** The worker record that may see and change the row. */
  readonly worker: string;
  /** Whether the run waits for it. */
  readonly wait: boolean;
  /** Milliseconds since 1970 when it is too late. */
  readonly deadline: number;
  /** What the worker is told. */
  readonly payload: object;
}

/** What {@linkcode Actions.open} takes. */
export interface ActionsOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** Pause of the slow look at open rows. Default: 5,000 ms. */
  readonly pollMs?: number;
}

interface ActionRow {
  readonly id: RecordId;
  readonly run: string;
  readonly step: string;
  readonly subscriber: string;
  readonly state: ActionState;
  readonly error?: unknown;
  readonly progress?: unknown;
  readonly info?: unknown;
}

const OPEN = "state IN ['pending', 'claimed']";

/** How far each state is; a row never goes back. */
const RANK: Readonly<Record<ActionState, number>> = {
  pending: 0,
  claimed: 1,
  done: 2,
  failed: 2,
  timed_out: 2,
  aborted: 2,
};

/** Whether the state is a last one. */
export function isFinal(state: ActionState): boolean {
  return RANK[state] === 2;
}

function record(id: string): RecordId {
  return new RecordId("action", id);
}

/** Workers write this field: whatever it holds, it becomes messages or none. */
function readInfos(value: unknown): readonly ActionInfo[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown): ActionInfo => {
    if (!isObject(each)) return { level: "info", message: String(each) };
    const { level, message, details } = each;
    return {
      level: level === "error" || level === "warning" ? level : "info",
      message: typeof message === "string" ? message : JSON.stringify(each),
      ...(isObject(details) && { details: details as JsonObject }),
    };
  });
}

function readAction(row: ActionRow): Action {
  return {
    id: String(row.id.id),
    run: row.run,
    step: row.step,
    subscriber: row.subscriber,
    state: row.state,
    infos: readInfos(row.info),
    ...(row.error !== undefined && row.error !== null &&
      { error: String(row.error) }),
    ...(row.progress !== undefined && { progress: row.progress }),
  };
}

/** What was told of an open action last. */
interface Told {
  readonly rank: number;
  readonly infos: number;
}

/** Makes actions and tells how they go. */
export class Actions implements AsyncDisposable {
  readonly #db: DbSession;
  readonly #clock: Clock;
  readonly #listeners = new Listeners<Action>();
  /** Open actions: what the slow look reads. */
  readonly #open = new Map<string, Told>();
  readonly #timer: Disposable;
  #live: AsyncDisposable | undefined;
  #polling: Promise<void> | undefined;

  private constructor(options: ActionsOptions) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#timer = options.clock.every(options.pollMs ?? 5_000, () => {
      this.poll().catch((error) => {
        logger("core/events").warn("Cannot read open actions: {error}", {
          error,
        });
      });
    });
  }

  /** Starts to watch; actions left open by an earlier core are known then. */
  static async open(options: ActionsOptions): Promise<Actions> {
    const actions = new Actions(options);
    try {
      // First the live query, then the rows, so that nothing falls between.
      actions.#live = await options.db.live<ActionRow>(
        "LIVE SELECT * FROM action",
        {},
        (change, row) => {
          if (change !== "DELETE") actions.#tell(readAction(row));
        },
      );
      for (const { id, state, infos } of await actions.listOpen()) {
        actions.#open.set(id, { rank: RANK[state], infos: infos.length });
      }
      return actions;
    } catch (error) {
      await actions[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** How many are open. */
  get openCounts(): Readonly<Record<"pending" | "claimed", number>> {
    let claimed = 0;
    for (const { rank } of this.#open.values()) claimed += rank;
    return { pending: this.#open.size - claimed, claimed };
  }

  /** Tells of each change of state and each new message, perhaps twice. */
  onChange(callback: (action: Action) => void): Disposable {
    return this.#listeners.add(callback);
  }

  #tell(action: Action): void {
    const { id, state, infos } = action;
    const rank = RANK[state];
    const told = this.#open.get(id);
    // Events of different writers may come out of order: older ones are news
    // to nobody.
    if (told !== undefined && rank <= told.rank && infos.length <= told.infos) {
      return;
    }
    if (isFinal(state)) this.#open.delete(id);
    else {
      this.#open.set(id, {
        rank: Math.max(rank, told?.rank ?? 0),
        infos: Math.max(infos.length, told?.infos ?? 0),
      });
    }
    this.#listeners.tell(action);
  }

  /** Makes those that are not there yet; others stay as they are. */
  async create(actions: readonly NewAction[]): Promise<void> {
    if (actions.length === 0) return;
    const now = this.#clock.now();
    const rows = actions.map((each) => ({
      id: record(actionId(each.run, each.step, each.subscriber)),
      run: each.run,
      step: each.step,
      message_type: each.step,
      subscriber: each.subscriber,
      worker: new RecordId("worker", each.worker),
      state: "pending",
      payload: each.payload,
      wait: each.wait,
      timeout_s: Math.ceil((each.deadline - now) / 1_000),
      created_at: new Date(now),
      deadline: new Date(each.deadline),
    }));
    for (const row of rows) {
      const id = String(row.id.id);
      if (!this.#open.has(id)) this.#open.set(id, { rank: 0, infos: 0 });
    }
    await this.#db.query("INSERT IGNORE INTO action $rows RETURN NONE", {
      rows,
    });
  }

  /** Ends those that are still open. */
  async end(
    ids: readonly string[],
    state: "failed" | "timed_out" | "aborted",
    error: string,
  ): Promise<void> {
    if (ids.length === 0) return;
    await this.#db.query(
      `UPDATE $ids SET state = $state, error = $error, ended_at = $now
      WHERE ${OPEN} RETURN NONE`,
      {
        ids: ids.map(record),
        state,
        error,
        now: new Date(this.#clock.now()),
      },
    );
  }

  /** The rows that there are, in no order. */
  async read(ids: readonly string[]): Promise<readonly Action[]> {
    if (ids.length === 0) return [];
    const [rows] = await this.#db.query<[ActionRow[]]>("SELECT * FROM $ids", {
      ids: ids.map(record),
    });
    return rows.map(readAction);
  }

  /** Every action that has no last state. */
  async listOpen(): Promise<readonly Action[]> {
    const [rows] = await this.#db.query<[ActionRow[]]>(
      `SELECT * FROM action WHERE ${OPEN}`,
    );
    return rows.map(readAction);
  }

  /** Looks at the open rows, in case a live event was lost. */
  poll(): Promise<void> {
    this.#polling ??= this.#poll().finally(() => this.#polling = undefined);
    return this.#polling;
  }

  async #poll(): Promise<void> {
    const ids = [...this.#open.keys()];
    const rows = await this.read(ids);
    for (const row of rows) this.#tell(row);
    const there = new Set(rows.map((each) => each.id));
    // Not yet made, or deleted; whoever waits for it has its own deadline.
    for (const id of ids) if (!there.has(id)) this.#open.delete(id);
  }

  /**
   * Takes an answer that did not come through the database. Said twice, it
   * counts once.
   *
   * @throws {SkymapError} `action_unknown`, if there is no such action, it is
   * another worker's, or it has ended in another way.
   */
  async answer(
    id: string,
    worker: string,
    answer: { readonly state: "done" | "failed"; readonly error?: string },
  ): Promise<void> {
    const { state } = answer;
    const [ended] = await this.#db.query<[unknown[]]>(
      `UPDATE $id SET state = $state, error = $error, ended_at = $now
      WHERE worker = $worker AND ${OPEN} RETURN VALUE id`,
      {
        id: record(id),
        worker: new RecordId("worker", worker),
        state,
        error: answer.error,
        now: new Date(this.#clock.now()),
      },
    );
    if (ended.length > 0) return;
    const [same] = await this.#db.query<[unknown[]]>(
      `SELECT VALUE id FROM $id WHERE worker = $worker AND state = $state`,
      { id: record(id), worker: new RecordId("worker", worker), state },
    );
    if (same.length === 0) throw unknownAction(id, worker);
  }

  /** Notes how far an action is; as {@linkcode Actions.answer}. */
  progress(id: string, worker: string, progress: object): Promise<void> {
    return this.#update(id, worker, "progress = $value", progress);
  }

  /** Adds a message to the log of the run; as {@linkcode Actions.answer}. */
  info(id: string, worker: string, info: ActionInfo): Promise<void> {
    return this.#update(
      id,
      worker,
      "info += [$value]",
      info,
    );
  }

  async #update(
    id: string,
    worker: string,
    assignment: string,
    value: object,
  ): Promise<void> {
    const [changed] = await this.#db.query<[unknown[]]>(
      `UPDATE $id SET ${assignment} WHERE worker = $worker AND ${OPEN}
      RETURN VALUE id`,
      { id: record(id), worker: new RecordId("worker", worker), value },
    );
    if (changed.length === 0) throw unknownAction(id, worker);
  }

  /** Takes any message of a subscriber about one of its actions. */
  async receive(worker: string, message: AnswerMessage): Promise<void> {
    const { task, step, subscriber_id } = message.data;
    const id = actionId(task, step, subscriber_id);
    switch (message.kind) {
      case "action_done":
        return await this.answer(id, worker, { state: "done" });
      case "action_error": {
        const { error } = message.data;
        return await this.answer(id, worker, { state: "failed", error });
      }
      case "action_info": {
        const { level, message: text } = message.data;
        return await this.info(id, worker, { level, message: text });
      }
      case "action_progress":
        return await this.progress(id, worker, message.data.progress);
    }
  }

  /** Stops watching. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    await this.#live?.[Symbol.asyncDispose]();
    await this.#polling?.catch(() => {});
  }
}

function unknownAction(id: string, worker: string): SkymapError {
  return new SkymapError(
    "action_unknown",
    `Cannot answer action "${id}": it has ended, is not there, or does not ` +
      `belong to worker "${worker}"`,
  );
}
