/**
 * A backup that was read, and takes the place of everything at the next start.
 *
 * While core runs, its parts hold what they read of the control plane, so rows
 * under them cannot be replaced. A restore writes beside them; one statement says
 * that it is whole, and the next start makes it what counts, in one transaction.
 *
 * @module
 */

import { type DbSession, escapeIdent, RecordId } from "@skymap/lib/db";
import type { GraphDraft } from "./graph_places.ts";
import { keptTables, type SystemRow } from "./system_rows.ts";

const STATE = new RecordId("restore", "state");

interface StateRow {
  readonly graphs: readonly GraphDraft[];
  readonly created_at: string;
}

/** A restore that waits for the next start. */
export interface PendingRestore {
  /** ISO time at which the backup was made. */
  readonly createdAt: string;
  /** Names of its graphs. */
  readonly graphs: readonly string[];
}

/** The restore that waits, if one does. */
export async function readPendingRestore(
  system: DbSession,
): Promise<PendingRestore | undefined> {
  const [[row]] = await system.query<[StateRow[]]>(
    "SELECT graphs, created_at FROM $state",
    { state: STATE },
  );
  return row && {
    createdAt: row.created_at,
    graphs: row.graphs.map(({ name }) => name),
  };
}

/** Forgets a restore that waits or was cut; its graphs go at the next start. */
export async function dropRestore(system: DbSession): Promise<void> {
  await system.query(
    `BEGIN;
     UPDATE graph_place SET state = "gone" WHERE state = "restored" RETURN NONE;
     DELETE restore_row RETURN NONE;
     DELETE restore RETURN NONE;
     COMMIT;`,
  );
}

/** Writes rows that a restore will put into a table. */
export async function stageRows(
  system: DbSession,
  table: string,
  rows: readonly SystemRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await system.query("INSERT INTO restore_row $rows RETURN NONE", {
    rows: rows.map((row) => ({ table, row })),
  });
}

/** A restore is whole: it takes the place of everything at the next start. */
export async function readyRestore(
  system: DbSession,
  graphs: readonly GraphDraft[],
  createdAt: string,
): Promise<void> {
  await system.query(
    `BEGIN;
     UPDATE $places SET state = "restored" RETURN NONE;
     UPSERT $state CONTENT $row RETURN NONE;
     COMMIT;`,
    {
      places: graphs.map(({ place }) => new RecordId("graph_place", place)),
      state: STATE,
      row: {
        graphs: graphs.map(({ name, place }) => ({ name, place })),
        created_at: createdAt,
      },
    },
  );
}

/**
 * Makes a restore that is whole what counts, before anything of it is read.
 * `current` names where the graphs lie that it replaces.
 */
export async function finishRestore(
  system: DbSession,
  current: readonly { readonly name: string; readonly place: string }[],
): Promise<boolean> {
  const [[row]] = await system.query<[StateRow[]]>("SELECT * FROM $state", {
    state: STATE,
  });
  if (row === undefined) {
    await system.query("DELETE restore_row RETURN NONE");
    return false;
  }
  const tables = await keptTables(system);
  await system.query(
    `BEGIN;
     ${
      tables.map((table) =>
        `DELETE ${escapeIdent(table)} RETURN NONE;
         LET $rows = SELECT VALUE row FROM restore_row
           WHERE table = ${JSON.stringify(table)};
         INSERT INTO ${escapeIdent(table)} $rows RETURN NONE;`
      ).join("\n")
    }
     FOR $graph IN $current {
       UPSERT $graph.id CONTENT { name: $graph.name, state: "gone" } RETURN NONE
     };
     UPDATE graph_place SET state = "present" WHERE state = "restored"
       RETURN NONE;
     DELETE restore_row RETURN NONE;
     DELETE restore RETURN NONE;
     COMMIT;`,
    {
      current: current.map(({ name, place }) => ({
        id: new RecordId("graph_place", place),
        name,
      })),
    },
  );
  return true;
}
