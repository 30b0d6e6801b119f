/**
 * The oldest state that a record still knows.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";

/** Up to where the history was pruned. */
export interface Oldest {
  /** Sequence number of the oldest state that can be answered for. */
  readonly sequence: number;
  /** ISO time of its commit. */
  readonly at: string;
  /** States before it that snapshots held when it was pruned. */
  readonly held: readonly number[];
  /** Whether record and index have nothing more than that. */
  readonly isDone: boolean;
  /** ISO time when it was decided. */
  readonly prunedAt: string;
}

interface OldestRow {
  readonly sequence: number;
  readonly at: string;
  readonly held: readonly number[];
  readonly done: boolean;
  readonly pruned_at: string;
}

const OLDEST = new RecordId("meta", "oldest");

/** Up to where the history was pruned; undefined when it never was. */
export async function readOldest(
  session: DbSession,
): Promise<Oldest | undefined> {
  const [[row]] = await session.query<
    [OldestRow[]]
  >("SELECT sequence, at, held, done, pruned_at FROM $oldest", {
    oldest: OLDEST,
  });
  if (row === undefined) return undefined;
  const { done, pruned_at, ...rest } = row;
  return { ...rest, isDone: done, prunedAt: pruned_at };
}

/** Remembers up to where the history is pruned. */
export async function writeOldest(
  session: DbSession,
  { sequence, at, held, isDone, prunedAt }: Oldest,
): Promise<void> {
  await session.query("UPSERT $oldest CONTENT $row RETURN NONE", {
    oldest: OLDEST,
    row: { sequence, at, held, done: isDone, pruned_at: prunedAt },
  });
}

/** Lets one thing happen at a time. */
export class LockedTurns {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for those before, then runs. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
