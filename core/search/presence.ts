/**
 * Which versions of nodes and edges a search sees.
 *
 * @module
 */

import type { StatementBuilder } from "./statement.ts";

/** Gives the condition that the row at an alias is seen. */
export type Presence = (alias: string) => string;

/** Sees what is there now, or what was there at a sequence number. */
export function presenceAt(
  sql: StatementBuilder,
  sequence: number | undefined,
): Presence {
  if (sequence === undefined) return (alias) => `${alias}.valid_to is null`;
  return (alias) => {
    const at = `${sql.bind(sequence)}::bigint`;
    return `${alias}.valid_from <= ${at} and ` +
      `(${alias}.valid_to is null or ${alias}.valid_to > ${at})`;
  };
}

/**
 * SQL of the value that ends an answer: null, or the error that the state which
 * was read is pruned since its sequence number was looked up.
 */
export function endOfAnswer(
  sql: StatementBuilder,
  sequence: number | undefined,
): string {
  if (sequence === undefined) return "null";
  const at = `${sql.bind(sequence)}::bigint`;
  return `case when ${at} < (select max(pruned) from meta) ` +
    `and not exists (select 1 from held where seq = ${at}) ` +
    `then error('the state that is asked for was pruned just now') end`;
}
