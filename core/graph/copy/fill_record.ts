/**
 * Makes nodes and edges of a record out of the index that its history gave.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import { readEdgeRows, readNodeRows } from "../../index/present_rows.ts";
import { readScopes } from "../../index/stored_scopes.ts";
import { scopeHash } from "../scope_key.ts";

/** How much was written. */
export interface FilledRecord {
  readonly nodes: number;
  readonly edges: number;
}

/** Statements that run side by side: with one the engine waits for this thread. */
const AT_ONCE = 2;

/** Runs some statements at a time. */
class Statements {
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  async start(run: () => Promise<unknown>): Promise<void> {
    while (this.#running.size >= AT_ONCE) await Promise.race(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
    const running: Promise<void> = run().then(() => {}, (error) => {
      this.#failure ??= { error };
    }).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async end(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** Writes the present nodes and edges of an index into an empty record. */
export async function fillRecord(
  session: DbSession,
  connection: DuckDBConnection,
  signal: AbortSignal,
): Promise<FilledRecord> {
  const statements = new Statements();
  let nodes = 0;
  for await (const rows of readNodeRows(connection)) {
    signal.throwIfAborted();
    nodes += rows.length;
    const made = rows.map(({ id, ...row }) => ({
      id: new RecordId("node", id),
      ...row,
    }));
    await statements.start(() =>
      session.query("INSERT INTO node $made RETURN NONE", { made })
    );
  }
  const owners = new Map(
    (await readScopes(connection)).map((row) => [row.sid, scopeHash(row)]),
  );
  let edges = 0;
  for (const type of EDGE_TYPES) {
    const table = `edge_${type}`;
    for await (const rows of readEdgeRows(connection, type)) {
      signal.throwIfAborted();
      edges += rows.length;
      const made = rows.map(({ from, to, sid, ...row }) => ({
        id: new RecordId(table, [from, to, owners.get(sid) ?? ""]),
        in: new RecordId("node", from),
        out: new RecordId("node", to),
        ...row,
      }));
      await statements.start(() =>
        session.query(`INSERT RELATION INTO ${table} $made RETURN NONE`, {
          made,
        })
      );
    }
  }
  await statements.end();
  return { nodes, edges };
}
