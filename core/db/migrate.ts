/**
 * Brings a database to the present schema.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { retry } from "@skymap/lib/retry";
import type { Migration } from "./migrations/migration.ts";

async function appliedIn(session: DbSession): Promise<Set<number>> {
  await session.query(
    "DEFINE TABLE IF NOT EXISTS migration SCHEMALESS PERMISSIONS NONE",
  );
  const [ids] = await session.query<[number[]]>(
    "SELECT VALUE record::id(id) FROM migration",
  );
  return new Set(ids);
}

/** Whether the transaction failed because its note was there already. */
function isApplied(error: unknown): boolean {
  return isSkymapError(error, "database_failed") &&
    /record `?migration:\d+`? already exists/i.test(error.message);
}

/**
 * Applies what is missing, in order. Each migration and the note that it ran
 * are one transaction: of two cores that race, one applies it and the other
 * finds the note; and a core that is killed leaves both or none.
 *
 * @throws SkymapError `data_dir_foreign` when a later version was here.
 */
export async function migrate(
  session: DbSession,
  migrations: readonly Migration[],
  signal?: AbortSignal,
): Promise<void> {
  const applied = await appliedIn(session);
  const newest = Math.max(0, ...applied);
  if (newest > migrations.length) {
    throw new SkymapError(
      "data_dir_foreign",
      `Cannot use database: it has schema ${newest}, this version of Skymap ` +
        `knows ${migrations.length}, wanted a later version of Skymap`,
    );
  }
  for (const migration of migrations) {
    if (applied.has(migration.id)) continue;
    signal?.throwIfAborted();
    const apply = () =>
      session.query(
        `BEGIN; CREATE $note SET name = $name, at = time::now();
        ${migration.sql} COMMIT;`,
        {
          note: new RecordId("migration", migration.id),
          name: migration.name,
        },
      );
    try {
      // Cores that race collide until one is through: schemas are large, so
      // the session's own tries may be spent by then.
      await retry(apply, {
        attempts: 30,
        firstDelayMs: 20,
        maxDelayMs: 500,
        when: (error) => isSkymapError(error, "conflict"),
        ...(signal !== undefined && { signal }),
      });
    } catch (error) {
      if (!isApplied(error)) throw error;
    }
  }
}
