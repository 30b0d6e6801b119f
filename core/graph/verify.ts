/**
 * Compares the record with the index, row by row.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import type { DbSession } from "@skymap/lib/db";
import { canonicalJson, type Json } from "@skymap/lib/json";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import type { IndexPosition } from "../index/open.ts";
import { readScopes } from "../index/stored_scopes.ts";
import { readOldest } from "./oldest.ts";
import {
  type EdgeRow,
  ledgerKey,
  type NodeRow,
  readEdgePages,
  readHistory,
  readLedger,
  readNodePages,
  readState,
} from "./record.ts";
import { Replay } from "./replay.ts";
import { scopeHash, scopeText } from "./scope_key.ts";
import { reasonOf } from "./scope_changes.ts";

/** Something that is not the same in record and index. */
export interface Difference {
  /** What kind of thing it is. */
  readonly subject: "node" | "edge" | "scope" | "history" | "sequence";
  /** Which one. */
  readonly id: string;
  /** What the record says and what the index says. */
  readonly problem: string;
}

/** What a comparison found. */
export interface VerifyReport {
  /** Name of the graph. */
  readonly graph: string;
  /** Whether there is no difference. */
  readonly ok: boolean;
  /** How much was compared. */
  readonly nodes: number;
  readonly edges: number;
  readonly scopes: number;
  readonly changes: number;
  /** Last sequence number of the record. */
  readonly sequence: number;
  /** How many differences there are. */
  readonly count: number;
  /** The first 100 of them. */
  readonly differences: readonly Difference[];
}

const MAX_LISTED = 100;

/** What both sides say, in one form. */
type Facts = ReadonlyMap<string, string>;

class Comparison {
  readonly differences: Difference[] = [];
  count = 0;

  add(subject: Difference["subject"], id: string, problem: string): void {
    this.count++;
    if (this.differences.length < MAX_LISTED) {
      this.differences.push({ subject, id, problem });
    }
  }

  /** Compares facts by their names. */
  compare(subject: Difference["subject"], record: Facts, index: Facts): void {
    for (const [id, fact] of record) {
      const other = index.get(id);
      if (other === fact) continue;
      this.add(
        subject,
        id,
        other === undefined
          ? "it is in the record and not in the index"
          : `the record has ${fact}, the index has ${other}`,
      );
    }
    for (const id of index.keys()) {
      if (!record.has(id)) {
        this.add(subject, id, "it is in the index and not in the record");
      }
    }
  }

  equal(id: string, record: unknown, index: unknown): void {
    if (record === index) return;
    this.add("history", id, `the record has ${record}, the index has ${index}`);
  }
}

function nodeFacts(row: NodeRow): string {
  return canonicalJson([
    row.hash,
    row.kinds,
    row.cloud,
    row.account,
    row.account_name,
    row.region,
    row.region_name,
    row.zone ?? null,
    row.reported,
    row.desired ?? null,
    row.metadata ?? null,
    row.seq,
    row.run ?? null,
    Date.parse(row.at),
  ]);
}

const INDEX_NODES = `
select id, hash, to_json(kinds), cloud, account, account_name, region,
  region_name, zone, reported, desired, metadata, valid_from::double, run,
  epoch_ms(changed_at)::double, kind, nid = hash(id), rid, name
from node where valid_to is null and id >= $1 and id < $2`;

async function indexNodes(
  connection: DuckDBConnection,
  from: string,
  to: string,
  found: Comparison,
): Promise<Facts> {
  const reader = await connection.runAndReadAll(INDEX_NODES, [from, to]);
  const facts = new Map<string, string>();
  for (const row of reader.getRowsJS()) {
    const id = String(row[0]);
    const parse = (at: number): Json =>
      typeof row[at] === "string" ? JSON.parse(row[at]) : null;
    const reported = parse(9) as Record<string, Json>;
    const text = canonicalJson(reported);
    if (facts.has(id)) found.add("node", id, "it is in the index twice");
    if (text !== row[9]) found.add("node", id, "its text is not canonical");
    if (
      row[15] !== reported.kind || row[16] !== true ||
      row[17] !== reported.id ||
      (typeof reported.name === "string" && row[18] !== reported.name)
    ) found.add("node", id, "its columns differ from its text");
    facts.set(
      id,
      canonicalJson([
        ...[1].map((at) => row[at] as Json),
        parse(2),
        ...[3, 4, 5, 6, 7, 8].map((at) => row[at] as Json),
        reported,
        parse(10),
        parse(11),
        ...[12, 13, 14].map((at) => row[at] as Json),
      ]),
    );
  }
  return facts;
}

async function compareNodes(
  session: DbSession,
  connection: DuckDBConnection,
  found: Comparison,
): Promise<number> {
  let count = 0;
  for await (const { from, to, rows } of readNodePages(session)) {
    count += rows.length;
    const record = new Map(
      rows.map((row) => [String(row.id.id), nodeFacts(row)]),
    );
    const index = await indexNodes(connection, from, to, found);
    found.compare("node", record, index);
  }
  return count;
}

function edgeFact(row: EdgeRow): [string, string] {
  const [from, to] = row.id.id as [string, string, string];
  const ends = String(row.in.id) === from && String(row.out.id) === to;
  return [
    JSON.stringify(row.id.id),
    canonicalJson([row.reported ?? null, row.seq, ends]),
  ];
}

async function compareEdges(
  session: DbSession,
  connection: DuckDBConnection,
  found: Comparison,
): Promise<number> {
  const owners = new Map(
    (await readScopes(connection)).map((row) => [row.sid, scopeHash(row)]),
  );
  let count = 0;
  for (const type of EDGE_TYPES) {
    for await (const { from, to, rows } of readEdgePages(session, type)) {
      count += rows.length;
      const record = new Map(rows.map(edgeFact));
      const reader = await connection.runAndReadAll(
        `select from_id, to_id, sid, reported, valid_from::double,
           src = hash(from_id) and dst = hash(to_id)
         from edge_out
         where valid_to is null and type = $1 and from_id >= $2 and from_id < $3`,
        [type, from, to],
      );
      const index = new Map<string, string>();
      for (const row of reader.getRowsJS()) {
        const owner = owners.get(Number(row[2])) ?? `scope ${row[2]}`;
        const id = JSON.stringify([row[0], row[1], owner]);
        if (index.has(id)) found.add("edge", id, "it is in the index twice");
        const reported = typeof row[3] === "string" ? JSON.parse(row[3]) : null;
        index.set(
          id,
          canonicalJson([reported, row[4] as Json, row[5] as Json]),
        );
      }
      found.compare("edge", record, index);
    }
  }
  const columns = "src, dst, type, sid, valid_from, valid_to";
  for (const [one, two] of [["edge_out", "edge_in"], ["edge_in", "edge_out"]]) {
    const reader = await connection.runAndReadAll(
      `select count(*)::double from (
         select ${columns} from ${one} except all select ${columns} from ${two})`,
    );
    const more = Number(reader.getRowsJS()[0]?.[0]);
    if (more > 0) {
      found.add("edge", String(one), `it has ${more} rows that ${two} lacks`);
    }
  }
  return count;
}

async function compareScopes(
  session: DbSession,
  connection: DuckDBConnection,
  found: Comparison,
): Promise<number> {
  const record = new Map<string, string>();
  for (const row of await readLedger(session)) {
    record.set(
      scopeText(ledgerKey(row)),
      canonicalJson([
        row.sid,
        row.status,
        reasonOf({ error: row.error ?? null }),
        Date.parse(row.last_attempt),
        typeof row.last_success === "string"
          ? Date.parse(row.last_success)
          : null,
        row.count,
        row.edges,
      ]),
    );
  }
  const index = new Map<string, string>();
  for (const row of await readScopes(connection)) {
    const text = scopeText(row);
    if (index.has(text)) found.add("scope", text, "it is in the index twice");
    index.set(
      text,
      canonicalJson([
        row.sid,
        row.status,
        row.reason,
        Date.parse(row.lastAttempt),
        row.lastSuccess === null ? null : Date.parse(row.lastSuccess),
        row.count,
        row.edges,
      ]),
    );
  }
  found.compare("scope", record, index);
  const past = new Map<string, string>();
  const reader = await connection.runAndReadAll(
    `select cloud, account, region, kind, sid, status, reason
     from scope_past where valid_to is null`,
  );
  for (const row of reader.getRowsJS()) {
    const [cloud, account, region, kind] = row.slice(0, 4).map(String);
    const text = JSON.stringify([cloud, account, region, kind]);
    if (past.has(text)) found.add("scope", text, "its history has two ends");
    past.set(text, canonicalJson(row.slice(4) as Json));
  }
  const present = new Map<string, string>();
  for (const row of await readScopes(connection)) {
    const { sid, status, reason } = row;
    present.set(scopeText(row), canonicalJson([sid, status, reason]));
  }
  found.compare("history", present, past);
  return record.size;
}

/** Compares the history, and up to where it is pruned. */
async function compareHistory(
  session: DbSession,
  connection: DuckDBConnection,
  sequence: number,
  found: Comparison,
): Promise<void> {
  const pruned = (await readOldest(session))?.sequence ?? 0;
  const replay = new Replay(pruned);
  for await (const block of readHistory(session, 0, sequence)) {
    replay.block(block);
  }
  replay.end(sequence);
  for (const [id, problem] of replay.problems) {
    found.add("history", id, problem);
  }
  for (const table of ["node", "edge_out", "scope_past"] as const) {
    const reader = await connection.runAndReadAll(
      `select count(*)::double, count(valid_to)::double,
         coalesce(sum(valid_from), 0)::double,
         coalesce(sum(valid_to), 0)::double,
         count(*) filter (where valid_to <= valid_from)::double
       from ${table}`,
    );
    const [count, ended, from, to, wrong] = reader.getRowsJS()[0] ?? [];
    const wanted = replay.versions[table];
    const name = VERSION_NAMES[table];
    found.equal(`${name} versions`, wanted.count, count);
    found.equal(`ended ${name} versions`, wanted.ended, ended);
    found.equal(`beginnings of ${name} versions`, wanted.from, from);
    found.equal(`ends of ${name} versions`, wanted.to, to);
    found.equal(`${name} versions that end before they begin`, 0, wrong);
  }
  const reader = await connection.runAndReadAll(
    "select pruned::double from meta",
  );
  found.equal("pruned up to", pruned, reader.getRowsJS()[0]?.[0]);
}

/** What messages call the versions of a table. */
const VERSION_NAMES = {
  node: "node",
  edge_out: "edge",
  scope_past: "scope",
} as const;

/** Compares record and index; nothing may be written meanwhile. */
export async function verify(
  graph: string,
  session: DbSession,
  connection: DuckDBConnection,
  position: IndexPosition,
): Promise<VerifyReport> {
  const found = new Comparison();
  const state = await readState(session);
  if (
    position.sequence !== state.sequence || position.commit !== state.commit
  ) {
    found.add(
      "sequence",
      graph,
      `the record stands at ${state.sequence} (commit ${state.commit}), the index at ${position.sequence} (commit ${position.commit})`,
    );
  }
  const nodes = await compareNodes(session, connection, found);
  const edges = await compareEdges(session, connection, found);
  const scopes = await compareScopes(session, connection, found);
  await compareHistory(session, connection, state.sequence, found);
  return {
    graph,
    ok: found.count === 0,
    nodes,
    edges,
    scopes,
    changes: state.sequence,
    sequence: state.sequence,
    count: found.count,
    differences: found.differences,
  };
}
