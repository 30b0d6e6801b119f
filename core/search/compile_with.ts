/**
 * Conditions on how many neighbours a node has.
 *
 * @module
 */

import type { Part, With } from "../query/ast.ts";
import {
  type NavigationCompiler,
  reverseNavigation,
} from "./compile_navigation.ts";
import { PLAIN_PART } from "./part_rows.ts";
import type { StatementBuilder } from "./statement.ts";

/** What the condition needs of the compiler of parts. */
export interface NodesCompiler {
  /** Compiles the navigations of the same statement. */
  readonly navigations: NavigationCompiler;
  /** Table `(nid)` of the nodes of a part. */
  nodes(part: Part): string;
}

/**
 * The condition that the node at alias `n` has so many neighbours. It is looked at
 * from the other end: which nodes do the neighbours reach?
 */
export function compileWith(
  sql: StatementBuilder,
  parts: NodesCompiler,
  clause: With,
): string {
  const { count, navigation, filter, with: nested } = clause;
  const targets = parts.nodes({
    ...PLAIN_PART,
    filter: filter ?? { type: "all" },
    ...(nested !== undefined && { with: nested }),
  });
  const back = reverseNavigation(navigation);
  const isAny = count.operator === ">" && count.value === 0;
  const isEmpty = count.operator === "==" && count.value === 0;
  if (isAny || isEmpty) {
    const reached = parts.navigations.reach(targets, back);
    return `n.nid ${isEmpty ? "not " : ""}in (select nid from ${reached})`;
  }
  const pairs = parts.navigations.pairs(targets, back);
  const wanted = sql.bind(count.value);
  const operator = count.operator === "==" ? "=" : count.operator;
  const passing = (condition: string) =>
    `(select nid from ${pairs} group by nid ` +
    `having ${condition}(count(distinct origin) ${operator} ${wanted}::bigint))`;
  // Nodes without a neighbour stand in no row of the pairs.
  return holdsForZero(count)
    ? `n.nid not in ${passing("not ")}`
    : `n.nid in ${passing("")}`;
}

function holdsForZero({ operator, value }: With["count"]): boolean {
  switch (operator) {
    case "==":
      return value === 0;
    case "!=":
      return value !== 0;
    case "<":
      return value > 0;
    case "<=":
      return value >= 0;
    case ">=":
      return value <= 0;
    default:
      return false;
  }
}
