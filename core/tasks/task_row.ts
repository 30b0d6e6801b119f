/**
 * Tasks as rows of the database.
 *
 * @module
 */

import type { TaskState } from "@skymap/lib/client";
import { RecordId } from "@skymap/lib/db";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { Task } from "./task.ts";

/** A row of the table `task`. */
export interface TaskRow {
  readonly id: RecordId;
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly payload: JsonObject;
  readonly state: TaskState;
  readonly owner?: RecordId;
  readonly lease_until?: Date;
  readonly attempts: number;
  readonly retries: number;
  readonly deadline: Date;
  readonly created_at: Date;
  readonly result?: Json;
  readonly error?: unknown;
}

/** The task of a row. What workers may write is not trusted. */
export function fromRow(row: TaskRow): Task {
  return {
    id: String(row.id.id),
    name: row.name,
    attrs: row.attrs,
    payload: row.payload,
    state: row.state,
    attempts: row.attempts,
    retries: row.retries,
    deadline: row.deadline.getTime(),
    createdAt: row.created_at.getTime(),
    ...(row.owner && { owner: String(row.owner.id) }),
    ...(row.lease_until instanceof Date &&
      { leaseUntil: row.lease_until.getTime() }),
    ...(row.result !== undefined && { result: row.result }),
    ...(row.error !== undefined && row.error !== null &&
      { error: String(row.error) }),
  };
}

/** The row of a new task. */
export function toRow(task: Task): Record<string, unknown> {
  return {
    id: new RecordId("task", task.id),
    name: task.name,
    attrs: task.attrs,
    payload: task.payload,
    state: task.state,
    attempts: task.attempts,
    retries: task.retries,
    deadline: new Date(task.deadline),
    created_at: new Date(task.createdAt),
  };
}
