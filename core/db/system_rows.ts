/**
 * Rows of the control plane that a backup holds.
 *
 * @module
 */

import type { DbSession, RecordId } from "@skymap/lib/db";

/** A row, with its id. */
export type SystemRow = Readonly<Record<string, unknown>> & {
  readonly id: RecordId;
};

/**
 * Tables of what is under way or belongs to processes: all others are kept.
 * Subscribers and workers sign in anew.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "action",
  "graph_change",
  "graph_place",
  "migration",
  "restore",
  "restore_row",
  "subscriber",
  "task",
  "worker",
]);

/** Rows that are read at once. */
const PAGE = 200;

/** Names of the tables that a backup holds, sorted. */
export async function keptTables(system: DbSession): Promise<string[]> {
  const [info] = await system.query<[{ tables: Record<string, string> }]>(
    "INFO FOR DB",
  );
  return Object.keys(info.tables).filter((name) => !LEFT_OUT.has(name)).sort();
}

/** Runs that have not ended are not kept: they would go on twice. */
function isKept(table: string, row: SystemRow): boolean {
  return table !== "run" ||
    (row.state !== "running" && row.state !== "waiting");
}

/** Every row of a table that a backup holds, some at a time. */
export async function* readSystemRows(
  system: DbSession,
  table: string,
): AsyncGenerator<readonly SystemRow[]> {
  for (let start = 0;; start += PAGE) {
    const [rows] = await system.query<[SystemRow[]]>(
      "SELECT * FROM type::table($table) ORDER BY id LIMIT $limit START $start",
      { table, limit: PAGE, start },
    );
    yield rows.filter((row) => isKept(table, row));
    if (rows.length < PAGE) return;
  }
}
