/**
 * What the index holds of scopes: their state, and the hashes of their nodes.
 *
 * @module
 */

import {
  type DuckDBConnection,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import type { EdgeKey, NodeSections, ScopeRow } from "./index_batch.ts";

/** Part of a cloud. */
export interface ScopePart {
  readonly cloud: string;
  readonly account: string;
  /** Default: all of the account. */
  readonly region?: string;
  /** Default: all of the region or account. */
  readonly kind?: string;
}

/** A condition on rows that carry their scope, and its values. */
function partFilter(part: ScopePart): [string, string[]] {
  const names = (["cloud", "account", "region", "kind"] as const)
    .filter((name) => part[name] !== undefined);
  return [
    names.map((name, at) => `${name} = $${at + 1}`).join(" and "),
    names.map((name) => part[name] ?? ""),
  ];
}

const SCOPE_COLUMNS = `sid, cloud, account, region, kind, status, reason,
  strftime(last_attempt at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ'),
  strftime(last_success at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ'),
  count::double, edges`;

/** State of the scopes of a part of a cloud, or of all. */
export async function readScopes(
  connection: DuckDBConnection,
  part?: ScopePart,
): Promise<ScopeRow[]> {
  const [filter, values] = part === undefined ? ["true", []] : partFilter(part);
  const reader = await connection.runAndReadAll(
    `select ${SCOPE_COLUMNS} from scope where ${filter}`,
    values,
  );
  return reader.getRowsJS().map((row) => ({
    sid: Number(row[0]),
    cloud: String(row[1]),
    account: String(row[2]),
    region: String(row[3]),
    kind: String(row[4]),
    status: String(row[5]),
    reason: row[6] === null ? null : String(row[6]),
    lastAttempt: String(row[7]),
    lastSuccess: row[8] === null ? null : String(row[8]),
    count: Number(row[9]),
    edges: String(row[10]),
  }));
}

/** The highest number that a scope has or had; 0 when there is none. */
export async function lastScopeId(
  connection: DuckDBConnection,
): Promise<number> {
  const reader = await connection.runAndReadAll(
    `select coalesce(max(sid), 0) from (
       select max(sid) as sid from scope union all
       select max(sid) from scope_past union all
       select max(sid) from node union all select max(sid) from edge_out)`,
  );
  return Number(reader.getRowsJS()[0]?.[0] ?? 0);
}

/** Accounts of a cloud that have scopes, sorted. */
export async function readAccounts(
  connection: DuckDBConnection,
  cloud: string,
): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    `select distinct account from scope
     where cloud = $1 and account <> '' order by 1`,
    [cloud],
  );
  return reader.getRowsJS().map(([account]) => String(account));
}

/** How many nodes a part of a cloud holds now. */
export async function countNodes(
  connection: DuckDBConnection,
  part: ScopePart,
): Promise<number> {
  const [filter, values] = partFilter(part);
  const reader = await connection.runAndReadAll(
    `select count(*)::double from node where valid_to is null and ${filter}`,
    values,
  );
  return Number(reader.getRowsJS()[0]?.[0] ?? 0);
}

/** For each scope number: content hash to node id of its present nodes. */
export async function readHashes(
  connection: DuckDBConnection,
  part: ScopePart,
): Promise<Map<number, Map<string, string>>> {
  const [filter, values] = partFilter(part);
  // One text for both: each one that crosses into JavaScript costs.
  const reader = await connection.runAndReadAll(
    `select sid, concat(hash, id) from node
     where valid_to is null and ${filter}`,
    values,
  );
  const [sids = [], texts = []] = reader.getColumns();
  const scopes = new Map<number, Map<string, string>>();
  let lastSid: unknown;
  let last: Map<string, string> | undefined;
  for (let at = 0; at < sids.length; at++) {
    const sid = sids[at];
    if (sid !== lastSid || last === undefined) {
      lastSid = sid;
      last = scopes.get(Number(sid));
      if (last === undefined) scopes.set(Number(sid), last = new Map());
    }
    const text = String(texts[at]);
    last.set(text.slice(0, 26), text.slice(26));
  }
  return scopes;
}

/** A node's present version, as far as a diff needs it. */
export interface StoredNode {
  readonly reported: string;
  readonly accountName: string;
  readonly regionName: string;
  readonly zone: string | null;
  readonly sections: NodeSections;
}

/** The other sections of a row that may lack them. */
export function sectionsOf(desired: unknown, metadata: unknown): NodeSections {
  return {
    ...(typeof desired === "string" && { desired }),
    ...(typeof metadata === "string" && { metadata }),
  };
}

/** Present versions of nodes by their ids; unknown ids are left out. */
export async function readNodes(
  connection: DuckDBConnection,
  sid: number,
  ids: readonly string[],
): Promise<Map<string, StoredNode>> {
  const reader = await connection.runAndReadAll(
    `select id, reported, account_name, region_name, zone, desired, metadata
     from node
     where valid_to is null and sid = $1::integer
       and id in (select unnest($2::varchar[]))`,
    [sid, listValue([...ids])],
    [undefined, LIST(VARCHAR)] as never,
  );
  return new Map(
    reader.getRowsJS().map((
      [id, reported, account, region, zone, desired, metadata],
    ) => [
      String(id),
      {
        reported: String(reported),
        accountName: String(account),
        regionName: String(region),
        zone: zone === null || zone === undefined ? null : String(zone),
        sections: sectionsOf(desired, metadata),
      },
    ]),
  );
}

/** An edge of the index. */
export interface StoredEdge extends EdgeKey {
  /** Canonical JSON, or null. */
  readonly reported: string | null;
}

/** Present edges that a scope owns. */
export async function readEdges(
  connection: DuckDBConnection,
  sid: number,
): Promise<StoredEdge[]> {
  const reader = await connection.runAndReadAll(
    `select from_id, to_id, type, reported from edge_out
     where valid_to is null and sid = $1::integer`,
    [sid],
  );
  return reader.getRowsJS().map(([from, to, type, reported]) => ({
    from: String(from),
    to: String(to),
    type: String(type),
    reported: reported === null || reported === undefined
      ? null
      : String(reported),
  }));
}
