/**
 * Plans in the database.
 *
 * @module
 */

import type {
  CleanupBlockedJson,
  CleanupItemJson,
  CleanupPlanJson,
} from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";

/** What changes of a step. */
export type ItemChange =
  & Pick<CleanupItemJson, "position">
  & Partial<
    Pick<CleanupItemJson, "state" | "reason" | "ended_at" | "checked">
  >;

/** Rows that are written or read at once. */
const PAGE = 1_000;

/** Plans are kept for so long, and for longer if something was deleted. */
const KEEP_MS = 30 * 24 * 3_600_000;
const KEEP_APPLIED_MS = 180 * 24 * 3_600_000;

type Table = "cleanup_item" | "cleanup_blocked";

interface DataRow<T> {
  readonly data: T;
}

/** Keeps plans with their steps and what they leave. */
export class PlanStore {
  readonly #db: DbSession;

  /** Uses the database `system`. */
  constructor(db: DbSession) {
    this.#db = db;
  }

  /** Stores a plan that is new; it can be found when all of it is there. */
  async add(
    plan: CleanupPlanJson,
    items: readonly CleanupItemJson[],
    blocked: readonly CleanupBlockedJson[],
  ): Promise<void> {
    await this.#insert("cleanup_item", plan.id, items);
    await this.#insert("cleanup_blocked", plan.id, blocked);
    await this.save(plan);
  }

  async #insert(
    table: Table,
    plan: string,
    rows: readonly object[],
  ): Promise<void> {
    for (let at = 0; at < rows.length; at += PAGE) {
      await this.#db.query(`INSERT INTO ${table} $rows RETURN NONE`, {
        rows: rows.slice(at, at + PAGE).map((data, place) => ({
          id: new RecordId(table, [plan, at + place]),
          data,
        })),
      });
    }
  }

  /** Stores a plan as it is now, without its steps. */
  async save(plan: CleanupPlanJson): Promise<void> {
    await this.#db.query(
      `UPSERT $id CONTENT { graph: $graph, state: $state,
      created_at: $created, data: $plan } RETURN NONE`,
      {
        id: new RecordId("cleanup_plan", plan.id),
        graph: plan.graph,
        state: plan.state,
        created: new Date(plan.created_at),
        plan,
      },
    );
  }

  /** Stores what became of steps, and the plan, in one transaction. */
  async saveItems(
    plan: CleanupPlanJson,
    changes: readonly ItemChange[],
  ): Promise<void> {
    await this.#db.query(
      `BEGIN;
      FOR $change IN $changes {
        UPDATE $change.id MERGE { data: $change.data } RETURN NONE
      };
      UPDATE $id SET state = $plan.state, data = $plan RETURN NONE;
      COMMIT;`,
      {
        id: new RecordId("cleanup_plan", plan.id),
        plan,
        changes: changes.map(({ position, ...data }) => ({
          id: new RecordId("cleanup_item", [plan.id, position]),
          data,
        })),
      },
    );
  }

  /** A plan, or undefined. */
  async load(id: string): Promise<CleanupPlanJson | undefined> {
    const [[plan]] = await this.#db.query<[CleanupPlanJson[]]>(
      "SELECT VALUE data FROM $id",
      { id: new RecordId("cleanup_plan", id) },
    );
    return plan;
  }

  /** Ids of plans that begin so, two at most. */
  async find(prefix: string): Promise<readonly string[]> {
    const [ids] = await this.#db.query<[RecordId[]]>(
      `SELECT VALUE id FROM cleanup_plan
      WHERE string::starts_with(record::id(id), $prefix) LIMIT 2`,
      { prefix },
    );
    return ids.map(({ id }) => String(id));
  }

  /** Plans, the newest first. */
  async list(
    { graph, state, limit = 100 }: {
      readonly graph?: string;
      readonly state?: CleanupPlanJson["state"];
      readonly limit?: number;
    } = {},
  ): Promise<readonly CleanupPlanJson[]> {
    const conditions = [
      ...(graph === undefined ? [] : ["graph = $graph"]),
      ...(state === undefined ? [] : ["state = $state"]),
    ];
    const where = conditions.length === 0
      ? ""
      : `WHERE ${conditions.join(" AND ")}`;
    const [rows] = await this.#db.query<[DataRow<CleanupPlanJson>[]]>(
      `SELECT data, created_at, id FROM cleanup_plan ${where}
      ORDER BY created_at DESC, id DESC LIMIT $limit`,
      { graph, state, limit },
    );
    return rows.map(({ data }) => data);
  }

  /** The steps of a plan, in their order. */
  items(plan: string): AsyncGenerator<CleanupItemJson> {
    return this.#rows("cleanup_item", plan);
  }

  /** What is marked and stays. */
  blocked(plan: string): AsyncGenerator<CleanupBlockedJson> {
    return this.#rows("cleanup_blocked", plan);
  }

  async *#rows<T>(table: Table, plan: string): AsyncGenerator<T> {
    for (let from = 0;; from += PAGE) {
      const [rows] = await this.#db.query<[DataRow<T>[]]>(
        `SELECT data, id FROM ${table}:[$plan, $from]..[$plan, $to]`,
        { plan, from, to: from + PAGE },
      );
      for (const { data } of rows) yield data;
      if (rows.length < PAGE) return;
    }
  }

  /** Deletes plans that nobody needs any more; gives how many. */
  async prune(nowMs: number): Promise<number> {
    const [rows] = await this.#db.query<
      [{ readonly id: RecordId; readonly data: CleanupPlanJson }[]]
    >(
      `SELECT id, data FROM cleanup_plan
      WHERE created_at < $before AND state != 'applying' LIMIT 100`,
      { before: new Date(nowMs - KEEP_MS) },
    );
    const old = rows.filter(({ data: { created_at, progress } }) => {
      const keepMs = progress.done > 0 ? KEEP_APPLIED_MS : KEEP_MS;
      return nowMs - Date.parse(created_at) > keepMs;
    });
    for (const { id } of old) await this.remove(String(id.id));
    return old.length;
  }

  /** Deletes a plan with its steps. */
  async remove(id: string): Promise<void> {
    await this.#db.query(
      `DELETE cleanup_item:[$plan, NONE]..[$plan, ..] RETURN NONE;
      DELETE cleanup_blocked:[$plan, NONE]..[$plan, ..] RETURN NONE;
      DELETE $id RETURN NONE;`,
      { plan: id, id: new RecordId("cleanup_plan", id) },
    );
  }
}
