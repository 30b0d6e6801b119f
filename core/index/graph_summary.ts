/**
 * How much an index holds, and how its scopes stand, in a few numbers.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";

/** The scopes of a cloud that stand alike. */
export interface ScopeCount {
  readonly cloud: string;
  /** How they stand. */
  readonly status: string;
  readonly count: number;
  /** Milliseconds since 1970 of the oldest complete listing; null for none. */
  readonly oldestMs: number | null;
  /** Milliseconds since 1970 of the newest one; null for none. */
  readonly newestMs: number | null;
}

/** How much is there. */
export interface GraphSummary {
  readonly nodes: number;
  readonly edges: number;
  /** By cloud and status. */
  readonly scopes: readonly ScopeCount[];
}

/** Reads how much is present, and how the listings of each cloud stand. */
export async function readSummary(
  connection: DuckDBConnection,
): Promise<GraphSummary> {
  const counts = await connection.runAndReadAll(
    `select (select count(*) from node where valid_to is null)::double,
       (select count(*) from edge_out where valid_to is null)::double`,
  );
  const [nodes, edges] = (counts.getRowsJS()[0] ?? []).map(Number);
  const scopes = await connection.runAndReadAll(
    `select cloud, status, count(*)::double,
       epoch_ms(min(last_success))::double, epoch_ms(max(last_success))::double
     from scope where account <> '' group by all order by cloud, status`,
  );
  return {
    nodes: nodes ?? 0,
    edges: edges ?? 0,
    scopes: scopes.getRowsJS().map(([cloud, status, count, ...ages]) => ({
      cloud: String(cloud),
      status: String(status),
      count: Number(count),
      oldestMs: msOf(ages[0]),
      newestMs: msOf(ages[1]),
    })),
  };
}

function msOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
