/**
 * Statements that a connection has prepared and may be asked again.
 *
 * @module
 */

import type {
  DuckDBConnection,
  DuckDBPreparedStatement,
} from "@duckdb/node-api";

/** Statements of one connection at most, unless told otherwise. */
const STATEMENTS = 64;

/** Characters of a statement that is worth keeping, at most. */
const MAX_CHARS = 32_768;

/**
 * Keeps the statements that one connection has prepared last. Searches of one
 * shape share a statement, for their values are bound; preparing it is a quarter
 * of what a small search costs.
 *
 * Only statements with values are kept. The engine plans these anew for each set
 * of values; the plan of one without would be that of the time when it was
 * prepared, with what was true then: that a column had no null, say.
 */
export class StatementCache implements Disposable {
  readonly #connection: DuckDBConnection;
  readonly #limit: number;
  /** Least recently used first. */
  readonly #statements = new Map<string, DuckDBPreparedStatement>();

  /** Prepares for a connection; keeps at most `limit` statements. */
  constructor(connection: DuckDBConnection, limit: number = STATEMENTS) {
    this.#connection = connection;
    this.#limit = limit;
  }

  /** How many are kept. */
  get size(): number {
    return this.#statements.size;
  }

  /**
   * A statement that has no values yet. Whoever is done with it calls
   * {@linkcode StatementCache.release}.
   */
  async prepare(sql: string): Promise<DuckDBPreparedStatement> {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      known.clearBindings();
      return known;
    }
    const statement = await this.#connection.prepare(sql);
    if (statement.parameterCount === 0 || sql.length > MAX_CHARS) {
      return statement;
    }
    const [[oldest, unused] = []] = this.#statements;
    if (this.#statements.size >= this.#limit && oldest !== undefined) {
      this.#statements.delete(oldest);
      unused?.destroySync();
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  /**
   * Ends a statement that is not kept: until then it holds on to the memory that
   * its last answer took.
   */
  release(statement: DuckDBPreparedStatement): void {
    for (const kept of this.#statements.values()) {
      if (kept === statement) return;
    }
    statement.destroySync();
  }

  /** Lets go of every statement. */
  [Symbol.dispose](): void {
    for (const statement of this.#statements.values()) statement.destroySync();
    this.#statements.clear();
  }
}
