/**
 * Reads answers out of the index, several side by side.
 *
 * @module
 */

import {
  DOUBLE,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import { SkymapError } from "@skymap/lib/errors";
import { indexError } from "./open.ts";
import { readError } from "./read_error.ts";
import { type ReadOptions, ReadWatch } from "./read_watch.ts";
import { StatementCache } from "./statement_cache.ts";

export type { ReadOptions } from "./read_watch.ts";

/** A value that is bound to a place of a statement. */
export type ReaderParameter = string | number | boolean | readonly string[];

/** A statement and its values; `$1` stands for the first. */
export interface ReaderStatement {
  /** SQL with places. */
  readonly sql: string;
  /** The values of the places. */
  readonly parameters: readonly ReaderParameter[];
}

/** What connections are made from; the search index of a graph is one. */
export interface ReaderSource {
  /** Changes when older connections read the past. */
  readonly generation: number;
  /** A new connection; the reader closes it. */
  connect(): Promise<DuckDBConnection>;
}

/** Reads side by side at most, unless told otherwise. */
const CONNECTIONS = 4;

/** Answers that are begun at most, most of them waiting for their caller. */
const MAX_OPEN = 64;

interface Lease {
  readonly connection: DuckDBConnection;
  readonly statements: StatementCache;
  readonly generation: number;
}

/**
 * A pool of connections; each open answer has one for itself. Only so many are
 * read from at the same time; an answer whose caller is slow does not count.
 */
export class IndexReader implements AsyncDisposable {
  readonly #source: ReaderSource;
  readonly #limit: number;
  readonly #idle: Lease[] = [];
  readonly #open = new Set<Lease>();
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #closed = false;

  /** Makes a pool of at most `connections`. Default: 4. */
  constructor(
    source: ReaderSource,
    { connections = CONNECTIONS }: { readonly connections?: number } = {},
  ) {
    this.#source = source;
    this.#limit = connections;
  }

  /**
   * The first column of an answer, some thousand rows at a time. The statement
   * has to end with one row whose value is null: the engine ends a stream that
   * failed as if it were whole, and this row tells the two apart.
   *
   * @throws SkymapError `query_interrupted`, `query_too_large`, `query_invalid`
   * or `index_failed`.
   */
  async *texts(
    statement: ReaderStatement,
    options: ReadOptions = {},
  ): AsyncGenerator<readonly string[]> {
    using watch = new ReadWatch(options);
    const lease = await this.#take(watch);
    let prepared: DuckDBPreparedStatement | undefined;
    let result: DuckDBResult | undefined;
    let whole = false;
    try {
      watch.guard(lease.connection);
      prepared = await prepare(lease, statement);
      result = await prepared.stream();
      while (!whole) {
        watch.check();
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const values = chunk.getColumnValues(0) as (string | null)[];
        const end = values.indexOf(null);
        whole = end !== -1;
        const texts = whole ? values.slice(0, end) : values;
        if (texts.length === 0) continue;
        // A caller who stops reading must not keep others from searching.
        let isRunning = false;
        this.#taken--;
        this.#waiting.shift()?.();
        try {
          yield texts as string[];
          while (this.#taken >= this.#limit) await this.#turn(watch);
          isRunning = true;
          this.#taken++;
        } finally {
          if (!isRunning) this.#taken++;
        }
      }
      watch.check();
      if (!whole) throw await this.#whyBroken(lease.connection, statement);
      // The engine keeps what the answer took until it has told its end.
      await result.fetchChunk();
    } catch (error) {
      throw watch.reason ?? readError(error);
    } finally {
      if (!whole && result !== undefined) await abandon(lease, result);
      if (prepared !== undefined) lease.statements.release(prepared);
      this.#give(lease, whole);
    }
  }

  /**
   * All rows of a small answer; numbers that fit are numbers.
   *
   * @throws SkymapError as {@linkcode IndexReader.texts} does.
   */
  async rows(
    statement: ReaderStatement,
    options: ReadOptions = {},
  ): Promise<readonly (readonly unknown[])[]> {
    using watch = new ReadWatch(options);
    const lease = await this.#take(watch);
    let prepared: DuckDBPreparedStatement | undefined;
    try {
      watch.guard(lease.connection);
      prepared = await prepare(lease, statement);
      const reader = await prepared.runAndReadAll();
      watch.check();
      return reader.getRowsJS().map((row) => row.map(plainNumber));
    } catch (error) {
      throw watch.reason ?? readError(error);
    } finally {
      if (prepared !== undefined) lease.statements.release(prepared);
      this.#give(lease, true);
    }
  }

  /** Runs a broken stream's statement again, for this time errors are told. */
  async #whyBroken(
    connection: DuckDBConnection,
    statement: ReaderStatement,
  ): Promise<unknown> {
    try {
      await connection.runAndReadAll(
        `select count(line) from (${statement.sql})`,
        ...bound(statement),
      );
    } catch (error) {
      return error;
    }
    return new SkymapError(
      "index_failed",
      "Cannot read the answer: the index ended it early and does not say why",
    );
  }

  async #take(watch: ReadWatch): Promise<Lease> {
    while (this.#taken >= this.#limit || this.#open.size >= MAX_OPEN) {
      await this.#turn(watch);
    }
    watch.check();
    if (this.#closed) {
      throw new SkymapError(
        "unavailable",
        "Cannot search: the index is closed",
      );
    }
    this.#taken++;
    try {
      const { generation } = this.#source;
      let lease = this.#idle.pop();
      while (lease !== undefined && lease.generation !== generation) {
        close(lease);
        lease = this.#idle.pop();
      }
      lease ??= await this.#connect(generation);
      this.#open.add(lease);
      return lease;
    } catch (error) {
      this.#taken--;
      this.#waiting.shift()?.();
      throw indexError("open a connection to the index", error);
    }
  }

  async #connect(generation: number): Promise<Lease> {
    const connection = await this.#source.connect();
    const statements = new StatementCache(connection);
    return { generation, connection, statements };
  }

  /** Waits until a connection may be free. */
  #turn({ signal }: ReadWatch): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => {
      const at = this.#waiting.indexOf(wake);
      if (at !== -1) this.#waiting.splice(at, 1);
      reject(signal.reason);
    };
    const wake = () => {
      signal.removeEventListener("abort", stop);
      resolve();
    };
    if (signal.aborted) stop();
    else {
      this.#waiting.push(wake);
      signal.addEventListener("abort", stop, { once: true });
    }
    return promise;
  }

  #give(lease: Lease, reusable: boolean): void {
    this.#open.delete(lease);
    this.#taken--;
    const current = lease.generation === this.#source.generation;
    const isWanted = current && this.#idle.length < this.#limit;
    if (reusable && isWanted && !this.#closed) this.#idle.push(lease);
    else close(lease);
    this.#waiting.shift()?.();
  }

  /** Interrupts what is being read and closes every connection. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const { connection } of this.#open) connection.interrupt();
    for (const lease of this.#idle.splice(0)) close(lease);
    for (const wake of this.#waiting.splice(0)) wake();
    return Promise.resolve();
  }
}

function close({ connection, statements }: Lease): void {
  statements[Symbol.dispose]();
  connection.closeSync();
}

/**
 * Makes the engine let go of an answer that is not wanted to its end. Closing
 * its connection is not enough: the answer would keep the engine's memory until
 * it is collected as garbage.
 */
async function abandon(
  { connection }: Lease,
  result: DuckDBResult,
): Promise<void> {
  connection.interrupt();
  try {
    await result.fetchChunk();
  } catch {
    // That it was interrupted.
  }
}

/** A statement with its values. */
async function prepare(
  { statements }: Lease,
  statement: ReaderStatement,
): Promise<DuckDBPreparedStatement> {
  const prepared = await statements.prepare(statement.sql);
  prepared.bind(...bound(statement));
  return prepared;
}

function bound(
  { parameters }: ReaderStatement,
): [DuckDBValue[], DuckDBType[]] {
  // The engine reads an absent entry as "by the value".
  const types: DuckDBType[] = [];
  const values = parameters.map((value, at): DuckDBValue => {
    // By itself, a whole number goes as one of 64 bits, which it may not fit.
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      types[at] = DOUBLE;
    }
    if (typeof value !== "object") return value;
    types[at] = LIST(VARCHAR);
    return listValue([...value]);
  });
  return [values, types];
}

function plainNumber(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
