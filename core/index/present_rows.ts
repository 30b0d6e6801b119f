/**
 * The present nodes and edges of an index, as rows of the record.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import type { JsonObject } from "@skymap/lib/json";

/** A node as the record holds it. */
export interface PresentNode {
  readonly id: string;
  readonly hash: string;
  readonly kinds: readonly string[];
  readonly cloud: string;
  readonly account: string;
  readonly account_name: string;
  readonly region: string;
  readonly region_name: string;
  readonly zone: string | null;
  readonly reported: JsonObject;
  readonly desired?: JsonObject;
  readonly metadata?: JsonObject;
  readonly seq: number;
  readonly run: string | null;
  readonly at: string;
}

/** An edge as the record holds it, and the number of the scope that owns it. */
export interface PresentEdge {
  readonly from: string;
  readonly to: string;
  readonly sid: number;
  readonly reported?: JsonObject;
  readonly seq: number;
}

/** Rows that are given at a time, at most. */
const PAGE = 500;

const NODES = `
select id, hash, kinds_text, cloud, account, account_name, region, region_name,
  zone, reported, desired, metadata, valid_from::double, run,
  strftime(changed_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ')
from node where valid_to is null`;

const EDGES = `
select from_id, to_id, sid, reported, valid_from::double
from edge_out where valid_to is null and type = $1`;

/** Rows of a statement, a page at a time; the engine holds few of them. */
async function* pages(
  connection: DuckDBConnection,
  sql: string,
  values: readonly string[],
): AsyncGenerator<readonly (readonly unknown[])[]> {
  const result = await connection.stream(sql, [...values]);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const rows = chunk.getRows();
    for (let at = 0; at < rows.length; at += PAGE) {
      yield rows.slice(at, at + PAGE);
    }
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function section(
  name: "reported" | "desired" | "metadata",
  text: unknown,
): Record<string, JsonObject> {
  return typeof text === "string" ? { [name]: JSON.parse(text) } : {};
}

/** Present nodes of scopes that the ledger does not know. */
export async function countStrays(
  connection: DuckDBConnection,
): Promise<number> {
  const reader = await connection.runAndReadAll(
    `select count(*)::double from node
     where valid_to is null and sid not in (select sid from scope)`,
  );
  return Number(reader.getRowsJS()[0]?.[0] ?? 0);
}

/** How much is present. */
export async function countPresent(
  connection: DuckDBConnection,
): Promise<
  { readonly nodes: number; readonly edges: number; readonly scopes: number }
> {
  const reader = await connection.runAndReadAll(
    `select (select count(*) from node where valid_to is null)::double,
       (select count(*) from edge_out where valid_to is null)::double,
       (select count(*) from scope where account <> '')::double`,
  );
  const [nodes, edges, scopes] = (reader.getRowsJS()[0] ?? []).map(Number);
  return { nodes: nodes ?? 0, edges: edges ?? 0, scopes: scopes ?? 0 };
}

/** Every present node, some at a time. */
export async function* readNodeRows(
  connection: DuckDBConnection,
): AsyncGenerator<readonly PresentNode[]> {
  for await (const rows of pages(connection, NODES, [])) {
    yield rows.map((row): PresentNode => ({
      id: String(row[0]),
      hash: String(row[1]),
      kinds: JSON.parse(String(row[2])),
      cloud: String(row[3]),
      account: String(row[4]),
      account_name: String(row[5]),
      region: String(row[6]),
      region_name: String(row[7]),
      zone: textOf(row[8]),
      reported: JSON.parse(String(row[9])),
      ...section("desired", row[10]),
      ...section("metadata", row[11]),
      seq: Number(row[12]),
      run: textOf(row[13]),
      at: String(row[14]),
    }));
  }
}

/** Every present edge of a type, some at a time. */
export async function* readEdgeRows(
  connection: DuckDBConnection,
  type: string,
): AsyncGenerator<readonly PresentEdge[]> {
  for await (const rows of pages(connection, EDGES, [type])) {
    yield rows.map((row): PresentEdge => ({
      from: String(row[0]),
      to: String(row[1]),
      sid: Number(row[2]),
      ...section("reported", row[3]),
      seq: Number(row[4]),
    }));
  }
}
