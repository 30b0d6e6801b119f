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
}

const OLDEST = new RecordId("meta", "oldest");

/** Up to where the history was pruned; undefined when it never was. */
export async function readOldest(
  session: DbSession,
): Promise<Oldest | undefined> {
  const [[row]] = await session.query<
    [{ sequence: number; at: string; held: number[]; done: boolean }[]]
  >("SELECT sequence, at, held, done FROM $oldest", { oldest: OLDEST });
  if (row === undefined) return undefined;
  const { sequence, at, held, done } = row;
  return { sequence, at, held, isDone: done };
}

/** Remembers up to where the history is pruned. */
export async function writeOldest(
  session: DbSession,
  { sequence, at, held, isDone }: Oldest,
): Promise<void> {
  await session.query("UPSERT $oldest CONTENT $row RETURN NONE", {
    oldest: OLDEST,
    row: { sequence, at, held, done: isDone },
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
