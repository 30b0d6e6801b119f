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
