/**
 * Loading a graph of 100,000 nodes and 200,000 edges into a core over HTTP, with
 * history and index; then the same again, unchanged; then the index made anew.
 *
 * The load is compared with the same node, edge and history rows, read back from
 * that core's record, in bulk inserts of the SDK into an empty database of the
 * same engine and schema: no checks, no history made, no index, no HTTP.
 */
import { type MergeReport, unwrap } from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { loadKey } from "@skymap/lib/auth";
import { prepareDataDir } from "../core/db/data_dir.ts";
import { openDatabase } from "../core/db/open.ts";
import {
  readEdgePages,
  readHistory,
  readNodePages,
  readState,
} from "../core/graph/record.ts";
import { residentMb, startCore } from "./core_process.ts";
import { makeChunks, MODEL, NODES } from "./load_world.ts";
import { median, report } from "./report.ts";

const ROUNDS = 3;
const BULK = 1_000;
/** A block of history holds some hundred changes. */
const BULK_BLOCKS = 10;

type Rows = readonly object[];

interface Rowsets {
  readonly nodes: Rows;
  readonly edges: Rows;
  readonly history: Rows;
}

interface Round {
  readonly loadSeconds: number;
  readonly againSeconds: number;
  readonly rawSeconds: number;
  readonly rebuildSeconds: number;
  readonly peakMb: number;
  readonly peakAgainMb: number;
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const startedAt = performance.now();
  const result = await work();
  return [(performance.now() - startedAt) / 1_000, result];
}

async function readRecord(session: DbSession): Promise<Rowsets> {
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

async function insertAll(
  session: DbSession,
  into: string,
  rows: Rows,
  bulk: number,
): Promise<void> {
  for (let at = 0; at < rows.length; at += bulk) {
    await session.query(`INSERT ${into} $rows RETURN NONE`, {
      rows: rows.slice(at, at + bulk),
    });
  }
}

async function openIn(dataDir: string) {
  await prepareDataDir(dataDir);
  return await openDatabase({
    dataDir,
    key: await loadKey(dataDir, { create: true }),
    signal: new AbortController().signal,
  });
}

/** Seconds of bare bulk inserts of the rows that a core has written. */
async function insertRaw(loaded: string, empty: string): Promise<number> {
  await using from = await openIn(loaded);
  const { nodes, edges, history } = await readRecord(await from.graph("main"));
  if (nodes.length < NODES || edges.length < 2 * NODES - 1_000) {
    throw new Error(`only ${nodes.length} nodes and ${edges.length} edges`);
  }
  await using into = await openIn(empty);
  const session = await into.graph("main");
  const [seconds] = await timed(async () => {
    await insertAll(session, "INTO node", nodes, BULK);
    await insertAll(session, "RELATION INTO edge_default", edges, BULK);
    await insertAll(session, "INTO history", history, BULK_BLOCKS);
  });
  return seconds;
}

function written(merged: MergeReport): number {
  return merged.nodes_created + merged.nodes_updated + merged.nodes_deleted +
    merged.edges_created + merged.edges_updated + merged.edges_deleted;
}

async function measure(
  chunks: readonly Uint8Array<ArrayBuffer>[],
): Promise<Round> {
  const dataDir = await Deno.makeTempDir({ prefix: "skymap-bench-" });
  const rawDir = await Deno.makeTempDir({ prefix: "skymap-bench-" });
  try {
    const first = await startCore(dataDir);
    await using core = first.process;
    unwrap(await first.client.putModel("main", MODEL));
    const merge = () =>
      timed(async () =>
        unwrap(
          await first.client.merge("main", ReadableStream.from(chunks), {}),
        )
      );
    const [loadSeconds, loaded] = await merge();
    if (loaded.nodes_created < NODES) throw new Error(JSON.stringify(loaded));
    const peakMb = await residentMb(core.pid, "peak");
    const [againSeconds, again] = await merge();
    if (written(again) !== 0 || again.sequence !== loaded.sequence) {
      throw new Error(`the same again wrote: ${JSON.stringify(again)}`);
    }
    const peakAgainMb = await residentMb(core.pid, "peak");
    await core.stop();

    const withIndex = await startCore(dataDir);
    await withIndex.process.stop();
    await Deno.remove(`${dataDir}/index`, { recursive: true });
    const without = await startCore(dataDir);
    await without.process.stop();

    return {
      loadSeconds,
      againSeconds,
      peakMb,
      peakAgainMb,
      rebuildSeconds: without.seconds - withIndex.seconds,
      rawSeconds: await insertRaw(dataDir, rawDir),
    };
  } finally {
    await Deno.remove(dataDir, { recursive: true });
    await Deno.remove(rawDir, { recursive: true });
  }
}

const chunks = makeChunks();
const rounds: Round[] = [];
for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(chunks));

const middle = (read: (round: Round) => number) => median(rounds.map(read));
const load = middle(({ loadSeconds }) => loadSeconds);
const bench = "load";
report({
  bench,
  what: "first load over HTTP, 100,000 nodes and 200,000 edges",
  value: NODES / load,
  unit: "nodes/s",
  against: "raw SDK inserts of the same rows",
  other: NODES / middle(({ rawSeconds }) => rawSeconds),
  ratio: middle(({ rawSeconds, loadSeconds }) => rawSeconds / loadSeconds),
  aim: ">= 0.8, >= 5,850 nodes/s",
}, {
  bench,
  what: "the same again, nothing written",
  value: middle(({ againSeconds }) => againSeconds),
  unit: "s",
  against: "first load",
  other: load,
  ratio: middle(({ againSeconds, loadSeconds }) => loadSeconds / againSeconds),
  aim: ">= 10",
}, {
  bench,
  what: "peak memory of core at the first load",
  value: middle(({ peakMb }) => peakMb),
  unit: "MB",
}, {
  bench,
  what: "peak memory of core after the second load",
  value: middle(({ peakAgainMb }) => peakAgainMb),
  unit: "MB",
}, {
  bench,
  what: "index made anew, beyond a start with one",
  value: middle(({ rebuildSeconds }) => rebuildSeconds),
  unit: "s",
});
