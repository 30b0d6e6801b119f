/**
 * Small indexes in memory, for tests of what reads them.
 *
 * @module
 */

import {
  type DuckDBConnection,
  DuckDBInstance,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import { canonicalJson, type JsonObject } from "@skymap/lib/json";
import type { ReaderSource } from "./reader.ts";
import { ancestorsText } from "./ancestors_text.ts";
import { HOT_PROPERTIES, INDEX_DDL, NODE_COLUMNS } from "./schema.ts";
import { searchText } from "./search_text.ts";

/** A node of a test graph. */
export interface MemoryNode {
  /** Node id. */
  readonly id: string;
  /** Its kind and all bases, itself first. */
  readonly kinds: readonly string[];
  /** Its properties. */
  readonly reported: JsonObject;
  /** What people want of it. */
  readonly desired?: JsonObject;
  /** What is known of it. */
  readonly metadata?: JsonObject;
  /** Containers, by id; names follow from `name of`. */
  readonly cloud?: string;
  readonly account?: string;
  readonly region?: string;
  readonly zone?: string;
  /** Number of its scope. Default: 0. */
  readonly scope?: number;
  /** Sequence numbers between which it is there. Default: always. */
  readonly from?: number;
  readonly to?: number;
}

/** An edge of a test graph. */
export interface MemoryEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly reported?: JsonObject;
  readonly validFrom?: number;
  readonly validTo?: number;
}

/** A scope of a test graph. */
export interface MemoryScope {
  readonly sid: number;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly status: string;
  readonly reason?: string;
  readonly lastSuccess?: string;
}

/** The name of a container of a test graph. */
export function containerName(id: string): string {
  return `name of ${id}`;
}

/** An index in memory. */
export interface MemoryIndex extends ReaderSource, AsyncDisposable {
  /** Fills it. */
  add(graph: {
    readonly nodes?: readonly MemoryNode[];
    readonly edges?: readonly MemoryEdge[];
    readonly scopes?: readonly MemoryScope[];
  }): Promise<void>;
  /** Runs a statement. */
  run(sql: string): Promise<void>;
}

/** Makes an empty index in memory. */
export async function memoryIndex(): Promise<MemoryIndex> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: "1GB",
  });
  const keeper = await instance.connect();
  await keeper.run("set global TimeZone = 'UTC'");
  for (const statement of INDEX_DDL) await keeper.run(statement);
  await keeper.run(
    "insert into meta(version, graph, applied_seq, pruned) values (2, 'test', 7, 0)",
  );
  return {
    generation: 1,
    connect: () => instance.connect(),
    async add({ nodes = [], edges = [], scopes = [] }) {
      for (const node of nodes) await addNode(keeper, node);
      for (const edge of edges) await addEdge(keeper, edge);
      for (const scope of scopes) await addScope(keeper, scope);
    },
    async run(sql) {
      await keeper.run(sql);
    },
    [Symbol.asyncDispose]() {
      keeper.closeSync();
      instance.closeSync();
      return Promise.resolve();
    },
  };
}

const ACCOUNT_NAME = "case when $5 = '' then '' else 'name of ' || $5 end";
const REGION_NAME = "case when $6 = '' then '' else 'name of ' || $6 end";

const COLUMN_SQL: Readonly<Record<string, string>> = {
  nid: "hash($1::varchar)",
  id: "$1",
  hash: "'h'",
  kind: "$2[1]",
  kinds: "$2",
  sid: "$3::integer",
  cloud: "$4",
  account: "$5",
  account_name: ACCOUNT_NAME,
  region: "$6",
  region_name: REGION_NAME,
  zone: "$7",
  kinds_text: "to_json($2)::varchar",
  ancestors_text: ancestorsText({
    cloud: "$4",
    account: "$5",
    accountName: ACCOUNT_NAME,
    region: "$6",
    regionName: REGION_NAME,
    zone: "$7",
  }),
  rid: "json_extract_string($8, '/id')",
  tags:
    "json_transform(json_extract($8, '/tags'), '\"MAP(VARCHAR, VARCHAR)\"')",
  reported: "$8",
  desired: "$9",
  metadata: "$10",
  txt: "$11",
  run: "null",
  changed_at: "timestamptz '2026-01-01 00:00:00+00'",
  began: "'created'",
  began_at: "timestamptz '2026-01-01 00:00:00+00'",
  ended: "case when $13::bigint is not null then 'deleted' end",
  valid_from: "$12::bigint",
  valid_to: "$13::bigint",
};

function columnSql(name: string): string {
  const hot = HOT_PROPERTIES.find((property) => property.name === name);
  if (hot === undefined) return COLUMN_SQL[name] ?? "null";
  return `try_cast(json_extract_string($8, '/${name}') as ${hot.type})`;
}

const INSERT_NODE = `insert into node select ${
  NODE_COLUMNS.map(([name]) => columnSql(name)).join(", ")
}`;

async function addNode(connection: DuckDBConnection, node: MemoryNode) {
  const { id, kinds, reported, desired, metadata } = node;
  await connection.run(INSERT_NODE, [
    id,
    listValue([...kinds]),
    node.scope ?? 0,
    node.cloud ?? "",
    node.account ?? "",
    node.region ?? "",
    node.zone ?? null,
    canonicalJson(reported),
    desired === undefined ? null : canonicalJson(desired),
    metadata === undefined ? null : canonicalJson(metadata),
    searchText(reported),
    node.from ?? 0,
    node.to ?? null,
  ], [VARCHAR, LIST(VARCHAR)]);
}

async function addEdge(connection: DuckDBConnection, edge: MemoryEdge) {
  const values = [
    edge.from,
    edge.to,
    edge.type,
    edge.validFrom ?? 0,
    edge.validTo ?? null,
  ];
  await connection.run(
    `insert into edge_out select hash($1::varchar), hash($2::varchar), $1, $2, $3, 0, $6, 'created', timestamptz '2026-01-01 00:00:00+00', null, case when $5::bigint is not null then 'deleted' end, null, null, $4::bigint, $5::bigint`,
    [
      ...values,
      edge.reported === undefined ? null : canonicalJson(edge.reported),
    ],
  );
  await connection.run(
    `insert into edge_in select hash($1::varchar), hash($2::varchar), $3, 0, $4::bigint, $5::bigint`,
    values,
  );
}

async function addScope(connection: DuckDBConnection, scope: MemoryScope) {
  await connection.run(
    `insert into scope select $1::integer, $2, $3, $4, $5, $6, $7, timestamptz '2026-01-02 00:00:00+00', $8::timestamptz, 0, ''`,
    [
      scope.sid,
      scope.cloud,
      scope.account,
      scope.region,
      scope.kind,
      scope.status,
      scope.reason ?? null,
      scope.lastSuccess ?? null,
    ],
  );
}
