/**
 * Who listens to workflows and can do tasks.
 *
 * @module
 */

import type {
  CapabilityJson,
  SubscriberJson,
  SubscriptionJson,
} from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { canonicalJson, type Json } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import type { Clock } from "./clock.ts";
import { Listeners } from "./listeners.ts";
import { SerialQueue } from "./serial_queue.ts";

/** A subscriber that core knows. */
export interface Subscriber extends Required<SubscriberJson> {
  /** Id of the worker record that its actions and tasks belong to. */
  readonly worker: string;
  /** Milliseconds since 1970 when it was last heard of. */
  readonly seen: number;
}

/** What happened to a subscriber. */
export interface SubscriberChange {
  /** `gone`: not heard of for too long. `removed`: somebody removed it. */
  readonly type: "put" | "gone" | "removed";
  /** The subscriber as it is, or was. */
  readonly subscriber: Subscriber;
}

/** What {@linkcode Subscribers.open} takes. */
export interface SubscribersOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** A subscriber that is silent for longer is gone. Default: 3 minutes. */
  readonly silenceMs?: number;
  /** After the start nobody is gone for this time. Default: 5 minutes. */
  readonly graceMs?: number;
}

interface SubscriberRow {
  readonly id: RecordId;
  readonly worker: RecordId;
  readonly subscriptions: Readonly<Record<string, SubscriptionJson>>;
  readonly capabilities?: readonly CapabilityJson[];
  readonly parallel_tasks?: number;
  readonly seen: Date;
}

/** How many tasks a subscriber does side by side unless it says otherwise. */
const PARALLEL_TASKS = 5;

const LOOK_MS = 10_000;

/**
 * How many looks in a row must find a subscriber silent: a machine that slept
 * finds everybody silent when it wakes up, and gives them time to speak.
 */
const LOOKS = 3;

/** The subscribers: kept in the database, answered from memory. */
export class Subscribers implements AsyncDisposable {
  readonly #db: DbSession;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #graceUntil: number;
  readonly #known = new Map<string, Subscriber>();
  /** How many looks in a row found a subscriber silent. */
  readonly #looks = new Map<string, number>();
  readonly #writes = new SerialQueue();
  readonly #listeners = new Listeners<SubscriberChange>();
  readonly #timer: Disposable;

  private constructor(options: SubscribersOptions) {
    const { silenceMs = 180_000, graceMs = 300_000 } = options;
    this.#db = options.db;
    this.#clock = options.clock;
    this.#silenceMs = silenceMs;
    this.#graceUntil = options.clock.now() + graceMs;
    this.#timer = options.clock.every(LOOK_MS, () => {
      this.#removeSilent().catch((error) => {
        logger("core/events").error("Cannot remove subscribers: {error}", {
          error,
        });
      });
    });
  }

  /** Reads who was known when core was last running. */
  static async open(options: SubscribersOptions): Promise<Subscribers> {
    const subscribers = new Subscribers(options);
    const [rows] = await options.db.query<[SubscriberRow[]]>(
      "SELECT * FROM subscriber",
    );
    for (const row of rows) {
      const id = String(row.id.id);
      subscribers.#known.set(id, {
        id,
        worker: String(row.worker.id),
        subscriptions: row.subscriptions,
        capabilities: row.capabilities ?? [],
        parallel_tasks: row.parallel_tasks ?? PARALLEL_TASKS,
        seen: row.seen.getTime(),
      });
    }
    return subscribers;
  }

  /**
   * Adds or changes a subscriber and counts as a sign of life, as which workers
   * say it again and again. The worker may sign in to the database from then on.
   */
  put(
    subscriber: SubscriberJson,
    options: { readonly worker?: string } = {},
  ): Promise<void> {
    return this.#writes.run(async () => {
      const known: Subscriber = Object.freeze({
        capabilities: [],
        parallel_tasks: PARALLEL_TASKS,
        ...subscriber,
        worker: options.worker ?? subscriber.id,
        seen: this.#clock.now(),
      });
      const { id, seen, worker, ...rest } = known;
      const before = this.#known.get(id);
      if (before !== undefined && isSame(before, known)) {
        return await this.#see(before);
      }
      await this.#db.query(
        `BEGIN;
        UPSERT $worker MERGE { active: true } RETURN NONE;
        UPSERT $id CONTENT $row RETURN NONE;
        COMMIT;`,
        {
          worker: new RecordId("worker", worker),
          id: new RecordId("subscriber", id),
          row: {
            ...rest,
            worker: new RecordId("worker", worker),
            seen: new Date(seen),
          },
        },
      );
      this.#known.set(id, known);
      this.#listeners.tell({ type: "put", subscriber: known });
    });
  }

  /**
   * Notes a sign of life.
   *
   * @throws {SkymapError} `subscriber_unknown`: it shall be put again.
   */
  heartbeat(id: string): Promise<void> {
    return this.#writes.run(async () => {
      const known = this.#known.get(id);
      if (known === undefined) throw unknownSubscriber(id);
      await this.#see(known);
    });
  }

  async #see(known: Subscriber): Promise<void> {
    const seen = this.#clock.now();
    await this.#db.query("UPDATE $id SET seen = $seen RETURN NONE", {
      id: new RecordId("subscriber", known.id),
      seen: new Date(seen),
    });
    this.#known.set(known.id, Object.freeze({ ...known, seen }));
  }

  /**
   * Removes a subscriber; its worker cannot sign in to the database any more,
   * unless another subscriber has the same one.
   *
   * @throws {SkymapError} `subscriber_unknown`.
   */
  remove(id: string): Promise<void> {
    return this.#writes.run(async () => {
      if (!this.#known.has(id)) throw unknownSubscriber(id);
      await this.#remove(id, "removed");
    });
  }

  async #remove(id: string, type: "gone" | "removed"): Promise<void> {
    const subscriber = this.#known.get(id);
    if (subscriber === undefined) return;
    const shared = this.list().some((each) =>
      each.id !== id && each.worker === subscriber.worker
    );
    // One that is merely silent keeps its right to sign in: it may come back.
    await this.#db.query(
      type === "removed" && !shared
        ? `BEGIN;
          DELETE $id RETURN NONE;
          UPDATE $worker SET active = false RETURN NONE;
          COMMIT;`
        : "DELETE $id RETURN NONE",
      {
        id: new RecordId("subscriber", id),
        worker: new RecordId("worker", subscriber.worker),
      },
    );
    this.#known.delete(id);
    this.#looks.delete(id);
    this.#listeners.tell({ type, subscriber });
  }

  #removeSilent(): Promise<void> {
    return this.#writes.run(async () => {
      const now = this.#clock.now();
      if (now < this.#graceUntil) return;
      for (const { id, seen } of this.list()) {
        const looks = now - seen <= this.#silenceMs
          ? 0
          : (this.#looks.get(id) ?? 0) + 1;
        this.#looks.set(id, looks);
        if (looks < LOOKS) continue;
        logger("core/events").warn('Subscriber "{id}" is gone', { id });
        await this.#remove(id, "gone");
      }
    });
  }

  /** All of them, by id. */
  list(): readonly Subscriber[] {
    return [...this.#known.values()].sort((a, b) => a.id < b.id ? -1 : 1);
  }

  /** One of them. */
  get(id: string): Subscriber | undefined {
    return this.#known.get(id);
  }

  /** Those that want a message of this type, by id. */
  for(messageType: string): readonly Subscriber[] {
    return this.list().filter((each) =>
      Object.hasOwn(each.subscriptions, messageType)
    );
  }

  /** Tells of each change, but not of signs of life, until it is disposed of. */
  onChange(callback: (change: SubscriberChange) => void): Disposable {
    return this.#listeners.add(callback);
  }

  /** Stops looking for silent ones; what is being written is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    await this.#writes.idle();
  }
}

/** Whether two are the same but for the last sign of life. */
function isSame(one: Subscriber, other: Subscriber): boolean {
  const text = (each: Subscriber) =>
    canonicalJson({ ...each, seen: 0 } as unknown as Json);
  return text(one) === text(other);
}

function unknownSubscriber(id: string): SkymapError {
  return new SkymapError(
    "subscriber_unknown",
    `Cannot find subscriber "${id}": not registered, or silent for too long`,
  );
}
