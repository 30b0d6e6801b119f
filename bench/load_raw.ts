/**
 * Bare bulk inserts of the rows that a core has written, into an empty database
 * of the same engine and schema: no checks, no history made, no index, no HTTP.
 * Prints the seconds.
 *
 * Words: data directory of a core that is stopped; an empty directory; `sdk` for
 * the SDK as it comes, `own` for its encoder exchanged for Skymap's.
 */
import { createNodeEngines } from "@surrealdb/node";
import { loadKey } from "@skymap/lib/auth";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { Surreal } from "surrealdb";
import { prepareDataDir } from "../core/db/data_dir.ts";
import { GRAPH_MIGRATIONS } from "../core/db/migrations/graph.ts";
import { type Database, openDatabase } from "../core/db/open.ts";
import {
  readEdgePages,
  readHistory,
  readNodePages,
  readState,
} from "../core/graph/record.ts";
import { NODES } from "./load_world.ts";

const BULK = 1_000;
/** A block of history holds some hundred changes. */
const BULK_BLOCKS = 10;

type Rows = readonly object[];
type Query = (
  sql: string,
  bindings?: Record<string, unknown>,
) => Promise<unknown>;

const [loaded = "", empty = "", encoder = "sdk"] = Deno.args;

async function open(dataDir: string): Promise<Database> {
  await prepareDataDir(dataDir);
  return await openDatabase({
    dataDir,
    key: await loadKey(dataDir, { create: true }),
    signal: new AbortController().signal,
  });
}

/** A new database, through the SDK as it comes. */
async function openPlain(path: string): Promise<Query> {
  const db = new Surreal({ engines: createNodeEngines() });
  await db.connect(`rocksdb://${path}/plain`);
  await db.query("DEFINE NAMESPACE bench");
  await db.use({ namespace: "bench" });
  await db.query("DEFINE DATABASE bench");
  await db.use({ namespace: "bench", database: "bench" });
  for (const { sql } of GRAPH_MIGRATIONS) await db.query(sql);
  return (sql, bindings) => db.query(sql, bindings);
}

/** A new database, as core has it. */
async function openOwn(path: string): Promise<Query> {
  const session = await (await open(path)).graph("main");
  return (sql, bindings) => session.query(sql, bindings);
}

async function readAll(session: DbSession) {
  const nodes: object[] = [];
  const edges: object[] = [];
  const history: object[] = [];
  for await (const { rows } of readNodePages(session)) nodes.push(...rows);
  for await (const { rows } of readEdgePages(session, "default")) {
    edges.push(...rows);
  }
  const { sequence } = await readState(session);
  for await (const block of readHistory(session, 0, sequence)) {
    history.push({ id: new RecordId("history", block.first), ...block });
  }
  return { nodes, edges, history };
}

const { nodes, edges, history } = await readAll(
  await (await open(loaded)).graph("main"),
);
if (nodes.length < NODES || edges.length < 2 * NODES - 1_000) {
  throw new Error(`only ${nodes.length} nodes and ${edges.length} edges`);
}
const query = await (encoder === "sdk" ? openPlain : openOwn)(empty);

async function insert(into: string, rows: Rows, bulk: number): Promise<number> {
  const startedAt = performance.now();
  for (let at = 0; at < rows.length; at += bulk) {
    await query(`INSERT ${into} $rows RETURN NONE`, {
      rows: rows.slice(at, at + bulk),
    });
  }
  return (performance.now() - startedAt) / 1_000;
}

const seconds = [
  await insert("INTO node", nodes, BULK),
  await insert("RELATION INTO edge_default", edges, BULK),
  await insert("INTO history", history, BULK_BLOCKS),
];
const text = `${JSON.stringify(seconds)}\n`;
Deno.stdout.writeSync(new TextEncoder().encode(text));
// The engine keeps the process alive.
Deno.exit(0);
