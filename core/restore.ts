/**
 * Reads a backup, all of it or nothing. It is what counts from the next start on.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import type { RestoreReport } from "@skymap/lib/client";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { isObject, type Json } from "@skymap/lib/json";
import { BACKUP_VERSION } from "./backup.ts";
import {
  type Database,
  dropRestore,
  fromTypedJson,
  type GraphDraft,
  keptTables,
  readPendingRestore,
  readyRestore,
  stageRows,
  type SystemRow,
} from "./db/mod.ts";
import { linesOf } from "./graph/mod.ts";
import type { Graphs } from "./graphs.ts";

/** What a backup is restored into. */
export interface RestoreTarget {
  readonly database: Database;
  readonly graphs: Graphs;
}

/** How a backup is restored. */
export interface RestoreOptions {
  /** Whether it may take the place of what is there. Default: no. */
  readonly force?: boolean;
  /** Gives it up; then everything is as it was. */
  readonly signal: AbortSignal;
}

/** Rows that are written at once. */
const MAX_ROWS = 200;

function fault(problem: string, cause?: unknown): SkymapError {
  return new SkymapError("body_invalid", `Cannot restore backup: ${problem}`, {
    ...(cause !== undefined && { cause }),
  });
}

/**
 * Refuses to replace what somebody may want.
 *
 * @throws {SkymapError} `conflict`
 */
async function checkEmpty(graphs: Graphs): Promise<void> {
  const full: string[] = [];
  for (const graph of graphs.all()) {
    const { commit, nodes } = await graph.size();
    if (commit > 0) full.push(`"${graph.name}" with ${nodes} nodes`);
  }
  if (full.length === 0) return;
  throw new SkymapError(
    "conflict",
    `Cannot restore backup: there is graph ${
      full.join(" and ")
    }; all graphs, ` +
      "their history, templates, configuration, jobs and plugins would be " +
      "replaced, wanted an empty core, or force",
  );
}

type Line = Readonly<Record<string, unknown>>;

/** Reads lines that have been looked at, and may be looked at again. */
class LineReader {
  readonly #lines: AsyncIterator<string>;
  readonly hash: Hash = createHash("sha256");

  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** The next line of the backup itself; undefined at the end. */
  async next(): Promise<{ line: Line; json: string } | undefined> {
    const { done, value: json } = await this.#lines.next();
    if (done) return undefined;
    try {
      const line: unknown = JSON.parse(json);
      if (isObject(line)) return { line, json };
    } catch {
      // Said below.
    }
    throw fault("it has a line that is no JSON object");
  }

  /** The lines of one graph, its end included. */
  async *graph(): AsyncGenerator<string> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) return;
      yield value;
      if (value.startsWith('{"type":"end",')) return;
    }
  }

  async close(): Promise<void> {
    await this.#lines.return?.();
  }
}

/** Writes a backup beside what is there. */
class Restore {
  readonly #target: RestoreTarget;
  readonly #signal: AbortSignal;
  readonly drafts: GraphDraft[] = [];
  readonly #tables: ReadonlySet<string>;
  #table = "";
  #rows: SystemRow[] = [];
  #count = 0;

  constructor(
    target: RestoreTarget,
    tables: readonly string[],
    signal: AbortSignal,
  ) {
    this.#target = target;
    this.#tables = new Set(tables);
    this.#signal = signal;
  }

  /** Reads all of it; gives when it was made, and what is in it. */
  async read(reader: LineReader): Promise<RestoreReport> {
    const first = await reader.next();
    const { type, version, created_at } = first?.line ?? {};
    if (type !== "skymap_backup" || typeof created_at !== "string") {
      throw fault("it does not begin as a backup does");
    }
    if (version !== BACKUP_VERSION) {
      throw fault(
        `it has version ${JSON.stringify(version)}, this version of Skymap ` +
          `reads ${BACKUP_VERSION}`,
      );
    }
    reader.hash.update(`${first?.json}\n`);
    for (;;) {
      this.#signal.throwIfAborted();
      const next = await reader.next();
      if (next === undefined) throw fault("it ends before its last line");
      const { line, json } = next;
      if (line.type === "backup_end") {
        const isSame = line.sha256 === reader.hash.digest("hex") &&
          line.graphs === this.drafts.length;
        if (!isSame) throw fault("it was changed: its checksum does not fit");
        if (await reader.next() !== undefined) throw fault("more follows it");
        break;
      }
      reader.hash.update(`${json}\n`);
      if (line.type === "row") await this.#row(line);
      else if (line.type === "graph") await this.#graph(line, reader);
      else throw fault(`it has a line of type ${JSON.stringify(line.type)}`);
    }
    await this.#flush();
    return {
      created_at,
      graphs: this.drafts.map(({ name }) => name),
      rows: this.#count,
      restart: true,
    };
  }

  async #row({ table, row }: Line): Promise<void> {
    if (typeof table !== "string" || !this.#tables.has(table)) {
      throw fault(`it has rows of table ${JSON.stringify(table)}`);
    }
    const value = fromTypedJson(row as Json);
    if (!isObject(value) || value.id === undefined) {
      throw fault(`a row of table "${table}" is none`);
    }
    if (table !== this.#table || this.#rows.length >= MAX_ROWS) {
      await this.#flush();
    }
    this.#table = table;
    this.#rows.push(value as SystemRow);
    this.#count++;
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    await stageRows(this.#target.database.system, this.#table, rows);
  }

  async #graph({ name }: Line, reader: LineReader): Promise<void> {
    const known = this.drafts.some((draft) => draft.name === name);
    if (typeof name !== "string" || known) {
      throw fault(`it has graph ${JSON.stringify(name)} twice, or no name`);
    }
    const draft = await this.#target.graphs.makeDraft(
      name,
      reader.graph(),
      this.#signal,
    );
    this.drafts.push(draft);
  }
}

/**
 * Reads a backup; when this resolves, the next start of core makes it what
 * counts. If it rejects, everything is as it was.
 *
 * @throws {SkymapError} `body_invalid` or `conflict`
 */
export async function restore(
  target: RestoreTarget,
  body: AsyncIterable<Uint8Array>,
  { force = false, signal }: RestoreOptions,
): Promise<RestoreReport> {
  const { database, graphs } = target;
  const { system } = database;
  if (!force) await checkEmpty(graphs);
  if (await readPendingRestore(system) !== undefined && !force) {
    throw new SkymapError(
      "conflict",
      "Cannot restore backup: another one waits for the next start of core, " +
        "wanted that start, or force",
    );
  }
  await dropRestore(system);
  const bytes = ReadableStream.from(body)
    .pipeThrough(
      new DecompressionStream("gzip") as ReadableWritablePair<
        Uint8Array,
        Uint8Array
      >,
    );
  const reader = new LineReader(linesOf(bytes));
  const work = new Restore(target, await keptTables(system), signal);
  try {
    const report = await work.read(reader);
    await readyRestore(system, work.drafts, report.created_at);
    return report;
  } catch (error) {
    for (const draft of work.drafts) await graphs.dropDraft(draft);
    await dropRestore(system);
    signal.throwIfAborted();
    if (isSkymapError(error)) throw error;
    throw fault(`its bytes cannot be read (${messageOf(error)})`, error);
  } finally {
    await reader.close().catch(() => {});
  }
}
