/**
 * Files of the search index, and the engine that reads them.
 *
 * @module
 */

import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { INDEX_DDL, INDEX_VERSION } from "./schema.ts";

/** How the engine of an index is set up. */
export interface IndexSettings {
  /** Memory of the engine in bytes; the process needs some more. Default: 1 GB. */
  readonly memoryBytes?: number;
  /**
   * Bytes on disk for what does not fit into memory; a search that needs more is
   * refused. Default: 8 times the memory.
   */
  readonly spillBytes?: number;
  /** Threads of the engine. Default: 2. */
  readonly threads?: number;
}

/** What an index is made of. */
export interface IndexIdentity {
  /** Name of the graph. */
  readonly graph: string;
  /** Id of the database that holds its record. */
  readonly record: string;
}

/** How far an index is. */
export interface IndexPosition {
  /** Last sequence number that was applied. */
  readonly sequence: number;
  /** Last commit that was applied; some change the ledger alone. */
  readonly commit: number;
}

/** Name under which the file is attached. */
const CATALOG = "search";

/**
 * Small groups let two threads share a table of 100,000 rows and skip kinds that
 * are not asked for.
 */
const ROW_GROUP_SIZE = 8192;

/** How rows lie in a file that was written anew. */
const SORT_ORDERS: readonly (readonly [string, string])[] = [
  ["node", "kind, account, id, valid_from"],
  ["edge_out", "src, dst, valid_from"],
  ["edge_in", "dst, src, valid_from"],
  ["scope", "sid"],
  ["scope_past", "sid, valid_from"],
  ["tick", "seq"],
  ["held", "seq"],
  ["meta", "version"],
];

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** One file of an index, open. */
export class IndexFile implements Disposable {
  /** Where it is. */
  readonly path: string;
  readonly #instance: DuckDBInstance;
  /** Keeps the file attached and the engine alive. */
  readonly #keeper: DuckDBConnection;
  #closed = false;

  private constructor(
    path: string,
    instance: DuckDBInstance,
    keeper: DuckDBConnection,
  ) {
    this.path = path;
    this.#instance = instance;
    this.#keeper = keeper;
  }

  /** Opens a file as it is, or makes an empty one; throws the engine's errors. */
  static async open(
    path: string,
    {
      memoryBytes = 1_000_000_000,
      spillBytes = 8 * memoryBytes,
      threads = 2,
    }: IndexSettings,
  ): Promise<IndexFile> {
    const directory = path.slice(0, path.lastIndexOf("/"));
    // What a process left there that was killed is of no use to anyone.
    const spill = `${path}.tmp`;
    await Deno.remove(spill, { recursive: true }).catch(() => {});
    // A file can only be given a row group size when it is attached.
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(threads),
      memory_limit: `${Math.ceil(memoryBytes / 1_000_000)}MB`,
    });
    let keeper: DuckDBConnection | undefined;
    try {
      keeper = await instance.connect();
      // Before the file: reading a long log back may need it, and once it was
      // used it cannot be set any more.
      await keeper.run(`set temp_directory = ${quote(spill)}`);
      await keeper.run(
        `set max_temp_directory_size = '${
          Math.ceil(spillBytes / 1_000_000)
        }MB'`,
      );
      await keeper.run(
        `attach ${
          quote(path)
        } as ${CATALOG} (row_group_size ${ROW_GROUP_SIZE})`,
      );
      await keeper.run("set global TimeZone = 'UTC'");
      // Folding the log into the file stalls the writer for up to a second, so
      // it is done seldom and when nothing waits.
      await keeper.run("set checkpoint_threshold = '256MB'");
      // Documents of few nodes are looked up by row: so many rows at most let the
      // scan skip what holds none of them.
      await keeper.run("set global dynamic_or_filter_threshold = 10000");
      // Its own directory alone, where a compacted copy is written.
      await keeper.run(`set allowed_directories = [${quote(directory)}]`);
      await keeper.run("set enable_external_access = false");
      await keeper.run("set allowed_configs = ['streaming_buffer_size']");
      await keeper.run("set lock_configuration = true");
      await keeper.run(`use ${CATALOG}`);
      return new IndexFile(path, instance, keeper);
    } catch (error) {
      keeper?.closeSync();
      instance.closeSync();
      throw error;
    }
  }

  /** Makes the tables of an empty file. */
  async createTables({ graph, record }: IndexIdentity): Promise<void> {
    for (const statement of INDEX_DDL) await this.#keeper.run(statement);
    await this.#keeper.run("insert into meta values ($1, $2, $3, 0, 0, 0, 0)", [
      INDEX_VERSION,
      graph,
      record,
    ]);
  }

  /**
   * How far the file is.
   *
   * @throws SkymapError `index_failed` when it is of another version, graph or
   * record.
   */
  async position(wanted: IndexIdentity): Promise<IndexPosition> {
    const reader = await this.#keeper.runAndReadAll(
      "select version, graph, record, applied_seq::double, applied_commit::double from meta",
    );
    const rows = reader.getRowsJS();
    const [version, graph, record, sequence, commit] = rows[0] ?? [];
    if (
      rows.length !== 1 || version !== INDEX_VERSION ||
      graph !== wanted.graph || record !== wanted.record ||
      typeof sequence !== "number" || typeof commit !== "number"
    ) {
      throw new SkymapError(
        "index_failed",
        `Cannot use index "${this.path}": it has version ${version} of graph "${graph}" and record "${record}", wanted version ${INDEX_VERSION} of graph "${wanted.graph}" and record "${wanted.record}"`,
      );
    }
    return { sequence, commit };
  }

  /**
   * Reads every block, for the engine opens a file that was cut or overwritten
   * and finds out when it comes to the place: a second for 1 GB.
   *
   * @throws what the engine says of a damaged block, or SkymapError
   * `index_failed`.
   */
  async check(): Promise<void> {
    const size = await this.#keeper.runAndReadAll(
      `select (total_blocks * block_size)::double from pragma_database_size()
       where database_name = $1`,
      [CATALOG],
    );
    const wanted = Number(size.getRowsJS()[0]?.[0]);
    const actual = (await Deno.stat(this.path)).size;
    if (actual < wanted) {
      throw new SkymapError(
        "index_failed",
        `Cannot use index "${this.path}": it has ${actual} bytes, wanted ${wanted}`,
      );
    }
    for (
      const table of [
        "node",
        "edge_out",
        "edge_in",
        "scope",
        "scope_past",
        "tick",
      ]
    ) {
      await this.#keeper.run(`select bit_xor(hash(t)) from ${table} t`);
    }
  }

  /**
   * A new connection; the caller closes it by `closeSync()`. Streams need one
   * each: a second statement on a connection ends an open stream silently.
   */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    try {
      await connection.run(`use ${CATALOG}`);
      // The first rows of a long answer wait until this much of it is there.
      await connection.run("set streaming_buffer_size = '128KB'");
      return connection;
    } catch (error) {
      connection.closeSync();
      throw error;
    }
  }

  /**
   * Writes everything into a new file, sorted as searches like it: what was
   * deleted takes no room there. Nothing may be written meanwhile.
   */
  async copySorted(path: string): Promise<void> {
    const connection = await this.connect();
    try {
      await connection.run(
        `attach ${quote(path)} as copy (row_group_size ${ROW_GROUP_SIZE})`,
      );
      try {
        await connection.run("use copy");
        for (const statement of INDEX_DDL) await connection.run(statement);
        await connection.run(`use ${CATALOG}`);
        for (const [table, order] of SORT_ORDERS) {
          await connection.run(
            `insert into copy.${table} select * from ${table} order by ${order}`,
          );
        }
        await connection.run("checkpoint copy");
      } finally {
        await connection.run(`use ${CATALOG}`);
        await connection.run("detach copy");
      }
    } finally {
      connection.closeSync();
    }
  }

  /** Bytes that the file had when it was last written anew; 0 for never. */
  async compactedBytes(): Promise<number> {
    const reader = await this.#keeper.runAndReadAll(
      "select compacted::double from meta",
    );
    return Number(reader.getRowsJS()[0]?.[0] ?? 0);
  }

  /** Remembers how many bytes the file has now. */
  async setCompacted(bytes: number): Promise<void> {
    await this.#keeper.run("update meta set compacted = $1::bigint", [bytes]);
  }

  /** Folds the log into the file. */
  async checkpoint(): Promise<void> {
    await this.#keeper.run(`checkpoint ${CATALOG}`);
  }

  /**
   * Ends the engine once the last connection is closed; open streams go on.
   */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#keeper.closeSync();
    this.#instance.closeSync();
  }
}

/** Whether the engine gave up, so that it has to be opened anew. */
export function isFatal(error: unknown): boolean {
  return /FATAL|database has been invalidated|previous fatal/i
    .test(messageOf(error));
}

/** Whether an error says that the file is damaged, or that its engine gave up. */
export function isDamage(error: unknown): boolean {
  return isFatal(error) ||
    /corrupt|checksum|could not read enough bytes/i.test(messageOf(error));
}

/** The error of ours for what the engine threw; errors of ours pass. */
export function indexError(what: string, error: unknown): SkymapError {
  if (error instanceof SkymapError) return error;
  const message = messageOf(error);
  const full = /no space left|could not write|disk full|out of disk/i
    .test(message);
  return new SkymapError(
    full ? "database_full" : "index_failed",
    `Cannot ${what}: ${message}`,
    { cause: error },
  );
}
