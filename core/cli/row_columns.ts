/**
 * What the rows of an aggregation have.
 *
 * @module
 */

import type { Aggregate, Path } from "../query/ast.ts";
import { functionName, groupName } from "../search/compile_aggregate.ts";

/** Names of the groups, then those of the functions. */
export function rowColumns(
  { groups, functions }: Aggregate,
): readonly string[] {
  return [...groups.map(groupName), ...functions.map(functionName)];
}

/** Whether rows have a property: `n`, `kind`, `group.kind` or what is in one. */
export function isOfRows({ items }: Path, aggregate: Aggregate): boolean {
  const [first, second] = items.map((item) => "key" in item ? item.key : "");
  const groups = aggregate.groups.map(groupName);
  const functions = aggregate.functions.map(functionName);
  if (first === undefined) return false;
  return functions.includes(first) || groups.includes(first) ||
    (first === "group" && second !== undefined && groups.includes(second));
}
