/**
 * What a part of a search gives, before its order and limit.
 *
 * @module
 */

import type { Part } from "../query/ast.ts";
import type { MergedColumn, NodeScope } from "./node_scope.ts";

/** The rows of a part, before its order and limit. */
export interface PartRows {
  /** SQL behind `from`; `n` is the row of the node table. */
  readonly from: string;
  /** Condition on the rows. */
  readonly where: string;
  /** Fields of a row. */
  readonly scope: NodeScope;
  /** Answers of sub searches. */
  readonly merged: readonly MergedColumn[];
  /**
   * Whether to find the rows first and read their documents afterwards: cheaper
   * where the scan of the table could not tell which rows are wanted.
   */
  readonly isLate: boolean;
}

/** A part that keeps every node as it comes. */
export const PLAIN_PART: Part = Object.freeze({
  type: "part",
  filter: Object.freeze({ type: "all" }),
  sort: Object.freeze([]),
  reversed: false,
});
