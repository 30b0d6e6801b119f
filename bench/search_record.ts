/**
 * The record of the search benchmarks, asked in SurrealQL.
 *
 * @module
 */

import { loadKey } from "@skymap/lib/auth";
import type { DbSession } from "@skymap/lib/db";
import { openDatabase } from "../core/db/open.ts";
import { SURREAL_INDEXES } from "./search_cases.ts";

/** Asks in SurrealQL; gives the rows. */
export type AskRecord = (surql: string) => Promise<readonly unknown[]>;

/** Waits until an index holds every row. */
async function builtIndex(
  session: DbSession,
  name: string,
  table: string,
): Promise<void> {
  for (;;) {
    const [info] = await session.query(`INFO FOR INDEX ${name} ON ${table}`);
    const { building } = info as { building?: { status: string } };
    if (building === undefined || building.status === "ready") return;
    if (building.status === "error") {
      throw new Error(
        `Cannot build index ${name}: ${JSON.stringify(building)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Opens the record that `search_fill.ts` made, and defines its indexes. */
export async function openRecord(dataDir: string): Promise<AskRecord> {
  const database = await openDatabase({
    dataDir,
    key: await loadKey(dataDir, { create: false }),
    signal: new AbortController().signal,
  });
  const session = await database.graph("main");
  for (const { name, table, fields } of SURREAL_INDEXES) {
    // In one transaction it would outgrow the engine's write buffers.
    await session.query(
      `DEFINE INDEX ${name} ON ${table} FIELDS ${fields} CONCURRENTLY`,
    );
    await builtIndex(session, name, table);
  }
  return async (surql) => {
    const answers = await session.query(`${surql};`);
    const [rows] = answers as readonly unknown[];
    return Array.isArray(rows) ? rows : [rows];
  };
}
