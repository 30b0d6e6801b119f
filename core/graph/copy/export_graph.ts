/**
 * Writes a graph as lines.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { DbSession, RecordId } from "@skymap/lib/db";
import type { JsonObject } from "@skymap/lib/json";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import { VERSION } from "@skymap/lib/version";
import { readOldest } from "../oldest.ts";
import {
  ledgerKey,
  readHistory,
  readLedger,
  readModels,
  readState,
} from "../record.ts";
import { readSnapshots } from "../snapshots.ts";
import {
  readSeriesFrame,
  readSeriesPoints,
  type SeriesFrame,
} from "./series_lines.ts";
import {
  type EndLine,
  GRAPH_LINES_VERSION,
  type GraphLine,
} from "./graph_lines.ts";

/** What is exported. */
export interface ExportSource {
  /** Name of the graph. */
  readonly name: string;
  readonly session: DbSession;
  /** Gives the time. */
  readonly now: () => Date;
  /** Runs something while nothing is written. */
  readonly pause: <T>(work: () => Promise<T>) => Promise<T>;
  readonly signal: AbortSignal;
}

async function countRows(session: DbSession, table: string): Promise<number> {
  const [[row]] = await session.query<[{ count: number }[]]>(
    "SELECT count() FROM type::table($table) GROUP ALL",
    { table },
  );
  return row?.count ?? 0;
}

/** Everything but the history, as it is at one moment: small, and read at once. */
async function readFrame(
  { name, session, now }: ExportSource,
): Promise<{
  readonly lines: GraphLine[];
  readonly sequence: number;
  readonly series: SeriesFrame;
}> {
  const { sequence, commit } = await readState(session);
  let edges = 0;
  for (const type of EDGE_TYPES) {
    edges += await countRows(session, `edge_${type}`);
  }
  const lines: GraphLine[] = [{
    type: "skymap_graph",
    version: GRAPH_LINES_VERSION,
    skymap: VERSION,
    graph: name,
    created_at: now().toISOString(),
    sequence,
    commit,
    nodes: await countRows(session, "node"),
    edges,
  }];
  for (const model of await readModels(session)) {
    lines.push({
      type: "kinds",
      plugin: model.name,
      version: model.version,
      model: model as unknown as JsonObject,
    });
  }
  for (const row of await readLedger(session)) {
    const { cloud, account, region, kind } = ledgerKey(row);
    const { id: _, ...state } = row;
    lines.push({
      type: "scope",
      scope: [cloud, account, region, kind],
      state: state as unknown as JsonObject,
    });
  }
  const [deferred] = await session.query<[({ id: RecordId })[]]>(
    "SELECT * FROM deferred_edge ORDER BY id",
  );
  for (const { id, ...row } of deferred) {
    lines.push({ type: "deferred_edges", id: String(id.id), row });
  }
  for (const snapshot of await readSnapshots(session)) {
    const { label, sequence, at, createdAt } = snapshot;
    lines.push({
      type: "snapshot",
      label,
      sequence,
      at,
      created_at: createdAt,
    });
  }
  const oldest = await readOldest(session);
  if (oldest !== undefined) {
    const { prunedAt, isDone, ...rest } = oldest;
    lines.push({ type: "pruned", ...rest, done: isDone, pruned_at: prunedAt });
  }
  const series = await readSeriesFrame(session);
  lines.push(...series.series);
  return { lines, sequence, series };
}

/**
 * The graph as lines with their ends, as it is when the first is asked for; what
 * is merged meanwhile is not in it. The caller sees to it that nothing is pruned or
 * downsampled until the last line.
 */
export async function* exportGraph(
  source: ExportSource,
): AsyncGenerator<string> {
  const { session, signal, pause } = source;
  const hash = createHash("sha256");
  let count = 0;
  const text = (line: GraphLine): string => {
    signal.throwIfAborted();
    const json = `${JSON.stringify(line)}\n`;
    hash.update(json);
    count++;
    return json;
  };
  const { lines, sequence, series } = await pause(() => readFrame(source));
  for (const line of lines) yield text(line);
  for await (const line of readSeriesPoints(session, series)) yield text(line);
  // History up to a number is never written again.
  for await (const block of readHistory(session, 0, sequence)) {
    const { first, last, valid, commit, at, text: changes } = block;
    yield text({
      type: "history",
      first,
      last,
      valid,
      commit,
      at,
      text: changes,
    });
  }
  const end: EndLine = {
    type: "end",
    lines: count,
    sha256: hash.digest("hex"),
  };
  yield `${JSON.stringify(end)}\n`;
}
