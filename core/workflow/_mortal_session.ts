/**
 * Cores that are killed, for tests.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";

/** Where a core is killed: at which of its writes, before it or after it. */
export interface Kill {
  /** Number of the write, from 0. */
  readonly write: number;
  /** Whether the database has carried it out. */
  readonly after: boolean;
}

/** A session of a core that is killed. */
export interface MortalSession extends DbSession {
  /** Resolves when it is. */
  readonly dead: Promise<void>;
  /** Forgets what it listened to. */
  readonly bury: () => Promise<void>;
}

/**
 * A database whose client is killed at a write: the statement is not sent, or
 * its answer never comes, and nothing after it is sent at all.
 */
export function mortal(
  db: DbSession,
  kill: Kill | undefined,
): MortalSession {
  const { promise: dead, resolve: die } = Promise.withResolvers<void>();
  const never = new Promise<never>(() => {});
  const lives: AsyncDisposable[] = [];
  let writes = 0;
  let isDead = false;
  return {
    dead,
    // The next core forgets the live queries of this one.
    bury: async () => {
      for (const each of lives) await each[Symbol.asyncDispose]();
    },
    query: async <R extends unknown[]>(
      sql: string,
      bindings?: Record<string, unknown>,
    ) => {
      if (isDead) return await never;
      const isWrite = !/^\s*SELECT/.test(sql);
      if (isWrite && kill !== undefined && writes++ === kill.write) {
        isDead = true;
        if (kill.after) await db.query(sql, bindings).finally(die);
        die();
        return await never;
      }
      const answer = await db.query<R>(sql, bindings);
      return isDead ? await never : answer;
    },
    live: async (sql, bindings, onEvent) => {
      const live = await db.live(sql, bindings, (change, row) => {
        if (!isDead) onEvent(change, row as never);
      });
      lives.push(live);
      return live;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
