/**
 * A control plane for tests: a real database, a clock that stands still, and
 * workers that do as they are told.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { FakeClock } from "@skymap/lib/testing";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { type Action, Actions } from "./actions.ts";
import { Subscribers } from "./subscribers.ts";

let shared: Promise<TestDatabase> | undefined;

/** The database of this file's tests: the engine can be opened once only. */
export function sharedDatabase(): Promise<TestDatabase> {
  return shared ??= openTestDatabase();
}

/** Subscribers, actions and a clock over an empty control plane. */
export class TestWorld implements AsyncDisposable {
  /** The database `system`, as its owner. */
  readonly db: DbSession;
  /** Stands still until it is told to go on. */
  readonly clock: FakeClock;
  readonly #subscribers: Subscribers;
  readonly #actions: Actions;

  private constructor(
    db: DbSession,
    clock: FakeClock,
    subscribers: Subscribers,
    actions: Actions,
  ) {
    this.db = db;
    this.clock = clock;
    this.#subscribers = subscribers;
    this.#actions = actions;
  }

  /** Empties the control plane and opens it. */
  static async open(): Promise<TestWorld> {
    const { db } = await sharedDatabase();
    await db.system.query(
      `DELETE worker; DELETE subscriber; DELETE action; DELETE task;
      DELETE run; DELETE run_log; DELETE schedule`,
    );
    return await TestWorld.again(db.system, new FakeClock());
  }

  /** Opens the control plane as it was left, as a restarted core does. */
  static async again(db: DbSession, clock: FakeClock): Promise<TestWorld> {
    const subscribers = await Subscribers.open({ db, clock });
    const actions = await Actions.open({ db, clock });
    return new TestWorld(db, clock, subscribers, actions);
  }

  /** Who listens. */
  get subscribers(): Subscribers {
    return this.#subscribers;
  }

  /** What they are asked. */
  get actions(): Actions {
    return this.#actions;
  }

  /** Adds a subscriber. Default: waited for, for 60 s. */
  subscribe(
    id: string,
    messageTypes: readonly string[],
    options: { readonly wait?: boolean; readonly timeout?: number } = {},
  ): Promise<void> {
    const { wait = true, timeout = 60 } = options;
    return this.subscribers.put({
      id,
      subscriptions: Object.fromEntries(messageTypes.map((type) => [type, {
        message_type: type,
        wait_for_completion: wait,
        timeout,
      }])),
    });
  }

  /** The actions of a subscriber in a state. */
  async actionsOf(
    subscriber: string,
    state: Action["state"],
  ): Promise<readonly string[]> {
    const [ids] = await this.db.query<[RecordId[]]>(
      `SELECT VALUE id FROM action
      WHERE subscriber = $subscriber AND state = $state`,
      { subscriber, state },
    );
    return ids.map((id) => String(id.id));
  }

  /** Takes an action as a worker does; false when it is not pending. */
  async claim(id: string): Promise<boolean> {
    const [claimed] = await this.db.query<[unknown[]]>(
      `UPDATE $id SET state = 'claimed', claimed_at = time::now()
      WHERE state = 'pending' RETURN VALUE id`,
      { id: new RecordId("action", id) },
    );
    return claimed.length > 0;
  }

  /** Answers an action as a worker does; false when it is not claimed. */
  async finish(
    id: string,
    state: "done" | "failed" = "done",
    error?: string,
  ): Promise<boolean> {
    const [ended] = await this.db.query<[unknown[]]>(
      `UPDATE $id SET state = $state, error = $error, ended_at = time::now()
      WHERE state = 'claimed' RETURN VALUE id`,
      { id: new RecordId("action", id), state, error },
    );
    return ended.length > 0;
  }

  /** Ends what {@linkcode TestWorld.open} began; the rows stay. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#actions[Symbol.asyncDispose]();
    await this.#subscribers[Symbol.asyncDispose]();
  }
}
