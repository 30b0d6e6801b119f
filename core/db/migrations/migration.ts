/**
 * One step of a schema.
 *
 * @module
 */

/** Statements that bring a database from one schema to the next. */
export interface Migration {
  /** Place in the order, from 1, without gaps. */
  readonly id: number;
  /** What it does, in a few words. */
  readonly name: string;
  /**
   * The statements. They run in one transaction, together with the note that
   * they ran. A migration that was released never changes: add another.
   */
  readonly sql: string;
}
