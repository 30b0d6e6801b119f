/**
 * Rids tables of live queries whose process is gone.
 *
 * @module
 */

import { type DbSession, escapeIdent, RecordId } from "@skymap/lib/db";

interface DatabaseInfo {
  readonly tables: Readonly<Record<string, string>>;
}

interface TableInfo {
  readonly events: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly indexes: Readonly<Record<string, string>>;
  readonly lives: Readonly<Record<string, string>>;
}

interface Repair {
  readonly id: RecordId;
  readonly indexes: readonly string[];
}

/** Defines the indexes of tables that were made anew, and forgets to. */
async function finishRepairs(session: DbSession): Promise<void> {
  const [, repairs] = await session.query<[null, Repair[]]>(`
    DEFINE TABLE IF NOT EXISTS repair SCHEMALESS PERMISSIONS NONE;
    SELECT * FROM repair`);
  for (const { id, indexes } of repairs) {
    for (const index of indexes) {
      await session.query(
        index.replace(/^DEFINE INDEX /, "DEFINE INDEX IF NOT EXISTS "),
      );
    }
    await session.query("DELETE $id", { id });
  }
}

/** Makes a table anew with its rows, in one transaction. */
async function remake(
  session: DbSession,
  table: string,
  definition: string,
  info: TableInfo,
): Promise<void> {
  const name = escapeIdent(table);
  // An index cannot be removed and defined in one transaction, which then
  // conflicts with itself. So the indexes come later, and a note says so.
  await session.query(
    `BEGIN;
    LET $rows = SELECT * FROM ${name};
    REMOVE TABLE ${name};
    ${definition};
    ${Object.values(info.fields).map((field) => `${field};`).join("\n")}
    INSERT INTO ${name} $rows RETURN NONE;
    ${Object.values(info.events).map((event) => `${event};`).join("\n")}
    UPSERT $note SET indexes = $indexes;
    COMMIT;`,
    {
      note: new RecordId("repair", table),
      indexes: Object.values(info.indexes),
    },
  );
}

/**
 * Ends every live query that is on record in a database. To be called before
 * anybody else has the database open: then all of them belong to processes that
 * were killed. The engine keeps them for ever and refuses to kill them, and each
 * one adds 0.15 ms to every write to its table. Only a new table is rid of them.
 */
export async function forgetLiveQueries(session: DbSession): Promise<void> {
  await finishRepairs(session);
  const [{ tables }] = await session.query<[DatabaseInfo]>("INFO FOR DB");
  for (const [table, definition] of Object.entries(tables)) {
    const [info] = await session.query<[TableInfo]>(
      `INFO FOR TABLE ${escapeIdent(table)}`,
    );
    if (Object.keys(info.lives).length === 0) continue;
    await remake(session, table, definition, info);
  }
  await finishRepairs(session);
}
