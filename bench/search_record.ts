/**
 * The record of the search benchmarks, asked in SurrealQL.
 *
 * @module
 */

import { loadKey } from "@skymap/lib/auth";
import { openDatabase } from "../core/db/open.ts";
import { SURREAL_INDEXES } from "./search_cases.ts";

/** Asks in SurrealQL; gives the rows. */
export type AskRecord = (surql: string) => Promise<readonly unknown[]>;

/** Opens the record that `search_fill.ts` made, and defines its indexes. */
export async function openRecord(dataDir: string): Promise<AskRecord> {
  const database = await openDatabase({
    dataDir,
    key: await loadKey(dataDir, { create: false }),
    signal: new AbortController().signal,
  });
  const session = await database.graph("main");
  for (const index of SURREAL_INDEXES) await session.query(index);
  return async (surql) => {
    const answers = await session.query(`${surql};`);
    const [rows] = answers as readonly unknown[];
    return Array.isArray(rows) ? rows : [rows];
  };
}
