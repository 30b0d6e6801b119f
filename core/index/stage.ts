/**
 * Temporary tables that take rows from JavaScript fast.
 *
 * @module
 */

import {
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  VARCHAR,
} from "@duckdb/node-api";

/** Types of staged columns, chosen for what JavaScript gives without detours. */
const TYPES = {
  varchar: VARCHAR,
  double: DOUBLE,
  integer: INTEGER,
  boolean: BOOLEAN,
} as const satisfies Record<string, DuckDBType>;

/** A value of a staged column. */
export type StageValue = string | number | boolean | null;

/** Rows of a chunk: what the engine works on at a time. */
const CHUNK_ROWS = 2048;

/** A temporary table of one connection. */
export class Stage {
  readonly #name: string;
  readonly #columns: readonly (readonly [string, keyof typeof TYPES])[];
  #values: StageValue[][];

  /** Names the table and its columns; nothing is made yet. */
  constructor(
    name: string,
    columns: readonly (readonly [string, keyof typeof TYPES])[],
  ) {
    this.#name = name;
    this.#columns = columns;
    this.#values = columns.map(() => []);
  }

  /** How many rows wait. */
  get size(): number {
    return this.#values[0]?.length ?? 0;
  }

  /** Adds a row: one value for each column. */
  add(...row: StageValue[]): void {
    for (let at = 0; at < row.length; at++) {
      this.#values[at]?.push(row[at] ?? null);
    }
  }

  /** Makes the table anew and fills it with the rows that wait. */
  async write(connection: DuckDBConnection): Promise<void> {
    const columns = this.#columns.map(([name, type]) => `${name} ${type}`);
    await connection.run(
      `create or replace temp table ${this.#name}(${columns.join(", ")})`,
    );
    const size = this.size;
    const values = this.#values;
    this.#values = this.#columns.map(() => []);
    if (size === 0) return;
    const types = this.#columns.map(([, type]) => TYPES[type]);
    const appender = await connection.createAppender(
      this.#name,
      "main",
      "temp",
    );
    try {
      for (let start = 0; start < size; start += CHUNK_ROWS) {
        const rows = Math.min(CHUNK_ROWS, size - start);
        const chunk = DuckDBDataChunk.create(types, rows);
        for (let at = 0; at < values.length; at++) {
          chunk.setColumnValues(
            at,
            values[at]?.slice(start, start + rows) ?? [],
          );
        }
        appender.appendDataChunk(chunk);
      }
    } finally {
      appender.closeSync();
    }
  }
}
