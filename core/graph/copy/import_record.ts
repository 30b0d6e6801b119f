/**
 * Writes the lines of an export into an empty record: all but nodes and edges.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type DbSession, RecordId } from "@skymap/lib/db";
import type { JsonObject } from "@skymap/lib/json";
import { writeOldest } from "../oldest.ts";
import { checkLine, importFault } from "./check_line.ts";
import type { GraphLine, HeadLine } from "./graph_lines.ts";
import { blockRows } from "./series_lines.ts";

/** Characters of rows that are written at once, about. */
const MAX_CHARS = 1_000_000;

/** Rows that are written at once. */
const MAX_ROWS = 500;

/** Gathers rows of a table until there are enough for a statement. */
class RowWriter {
  readonly #session: DbSession;
  readonly #table: string;
  #rows: unknown[] = [];
  #chars = 0;

  constructor(session: DbSession, table: string) {
    this.#session = session;
    this.#table = table;
  }

  async add(row: Record<string, unknown>, chars: number): Promise<void> {
    this.#rows.push(row);
    this.#chars += chars;
    if (this.#chars >= MAX_CHARS || this.#rows.length >= MAX_ROWS) {
      await this.flush();
    }
  }

  async flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    this.#chars = 0;
    if (rows.length === 0) return;
    await this.#session.query(`INSERT INTO ${this.#table} $rows RETURN NONE`, {
      rows,
    });
  }
}

/** What a line is about, of which there is one; undefined for history. */
function subjectOf(line: GraphLine): string | undefined {
  switch (line.type) {
    case "kinds":
      return `kinds of plugin "${line.plugin}"`;
    case "scope":
      return `scope ${JSON.stringify(line.scope)}`;
    case "deferred_edges":
      return `deferred edges "${line.id}"`;
    case "snapshot":
      return `snapshot "${line.label}"`;
    case "pruned":
      return "pruned";
    case "timeseries":
      return `time series "${line.name}"`;
    case "timeseries_point":
      return `point ${line.at} of time series "${line.name}"`;
  }
}

/**
 * Writes lines into an empty record; resolves to the head when all of them are
 * in, and are what was exported.
 *
 * @throws {SkymapError} `body_invalid`
 */
export async function importRecord(
  session: DbSession,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<HeadLine> {
  const hash = createHash("sha256");
  const scopes = new RowWriter(session, "ledger");
  const history = new RowWriter(session, "history");
  const points = new RowWriter(session, "timeseries_point");
  const blocks = new RowWriter(session, "timeseries_block");
  let head: HeadLine | undefined;
  let isWhole = false;
  let count = 0;
  let last = 0;
  const subjects = new Set<string>();
  const series = new Set<string>();
  for await (const json of lines) {
    signal.throwIfAborted();
    if (isWhole) throw importFault(`line ${count + 2} follows the end`);
    const line = checkLine(json, count + 1);
    if (line.type === "end") {
      if (line.lines !== count || line.sha256 !== hash.digest("hex")) {
        throw importFault("it was changed: its checksum does not fit");
      }
      isWhole = true;
      continue;
    }
    hash.update(`${json}\n`);
    count++;
    const subject = subjectOf(line);
    if (subject !== undefined) {
      if (subjects.has(subject)) throw importFault(`it has ${subject} twice`);
      subjects.add(subject);
    }
    if (line.type === "skymap_graph") head = line;
    else if (line.type === "history") {
      if (line.first <= last || line.last < line.first) {
        throw importFault(`line ${count} is out of order`);
      }
      last = line.last;
      const { type: _, ...block } = line;
      const row = { id: new RecordId("history", line.first), ...block };
      await history.add(row, line.text.length);
    } else if (line.type === "scope") {
      const id = new RecordId("ledger", [...line.scope]);
      await scopes.add({ ...line.state, id }, json.length);
    } else if (line.type === "timeseries_point") {
      if (line.row.blocks !== line.blocks.length || line.row.at !== line.at) {
        throw importFault(`"row" of line ${count} is not what it should be`);
      }
      if (!series.has(line.name)) {
        throw importFault(
          `line ${count} is of time series "${line.name}", of which it says ` +
            "nothing",
        );
      }
      const id = new RecordId("timeseries_point", [line.name, line.at]);
      await points.add({ ...line.row, id }, 500);
      for (const row of blockRows(line)) {
        await blocks.add(row, row.data.length);
      }
    } else {
      if (line.type === "timeseries") series.add(line.name);
      await writeLine(session, line);
    }
  }
  for (const rows of [scopes, history, points, blocks]) await rows.flush();
  if (head === undefined || !isWhole) {
    throw importFault(
      `it ends after ${count} lines, wanted a line that says that it is whole`,
    );
  }
  if (last > head.sequence) throw importFault("its head is not of its history");
  if (head.commit > 0) {
    await session.query("CREATE $id CONTENT $row RETURN NONE", {
      id: new RecordId("commit", head.commit),
      row: { sequence: head.sequence },
    });
  }
  return head;
}

/** A line of which there are few. */
async function writeLine(
  session: DbSession,
  line: Exclude<
    GraphLine,
    {
      type:
        | "skymap_graph"
        | "history"
        | "scope"
        | "timeseries_point"
        | "end";
    }
  >,
): Promise<void> {
  const create = (id: RecordId, row: JsonObject) =>
    session.query("CREATE $id CONTENT $row RETURN NONE", { id, row });
  switch (line.type) {
    case "kinds":
      await create(new RecordId("kind", line.plugin), {
        version: line.version,
        model: JSON.stringify(line.model),
      });
      return;
    case "deferred_edges":
      await create(new RecordId("deferred_edge", line.id), line.row);
      return;
    case "snapshot": {
      const { label, type: _, ...row } = line;
      await create(new RecordId("snapshot", label), row);
      return;
    }
    case "timeseries":
      await create(new RecordId("timeseries", line.name), line.row);
      return;
    case "pruned": {
      const { sequence, at, held, done: isDone, pruned_at: prunedAt } = line;
      await writeOldest(session, { sequence, at, held, isDone, prunedAt });
    }
  }
}
