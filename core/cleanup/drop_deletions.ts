import type { DbSession } from "@skymap/lib/db";

/**
 * Gives up the deletions that an earlier core left in the queue: nobody applies
 * their plan any more. What a worker has begun it ends, and no other one does.
 * To be called before the queue is opened.
 */
export async function dropDeletions(db: DbSession, at: Date): Promise<void> {
  await db.query(
    `BEGIN;
    UPDATE task SET state = 'failed', ended_at = $at,
      error = 'core ended before a worker had begun'
    WHERE state IN ['pending', 'assigned'] AND name IN $names RETURN NONE;
    UPDATE task SET retries = 0
    WHERE state = 'running' AND name IN $names RETURN NONE;
    COMMIT;`,
    { at, names: ["delete", "detach"] },
  );
}
