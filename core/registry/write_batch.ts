/**
 * Several rows in one transaction.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";

/** Key of a row: one text, or several that name it together. */
export type RowKey = string | readonly string[];

/** The id of a row. */
export function rowId(table: string, key: RowKey): RecordId {
  return new RecordId(table, typeof key === "string" ? key : [...key]);
}

/** Gathers rows; all of them are written, or none. */
export class WriteBatch {
  readonly #statements: string[] = [];
  readonly #bindings: Record<string, unknown> = {};

  #bind(value: unknown): string {
    const name = `v${Object.keys(this.#bindings).length}`;
    this.#bindings[name] = value;
    return `$${name}`;
  }

  /** Writes a row in the place of the one that may be there. */
  put(table: string, key: RowKey, row: Readonly<Record<string, unknown>>) {
    const id = this.#bind(rowId(table, key));
    this.#statements.push(
      `UPSERT ${id} CONTENT ${this.#bind(row)} RETURN NONE`,
    );
  }

  /** Removes a row, if it is there. */
  delete(table: string, key: RowKey): void {
    this.#statements.push(
      `DELETE ${this.#bind(rowId(table, key))} RETURN NONE`,
    );
  }

  /** Removes every row whose field has a value. */
  deleteWhere(table: string, field: string, value: string): void {
    this.#statements.push(
      `DELETE type::table(${this.#bind(table)})
      WHERE type::field(${this.#bind(field)}) = ${
        this.#bind(value)
      } RETURN NONE`,
    );
  }

  /** Writes everything. */
  async run(db: DbSession): Promise<void> {
    if (this.#statements.length === 0) return;
    await db.query(
      `BEGIN; ${this.#statements.join("; ")}; COMMIT;`,
      this.#bindings,
    );
  }
}
