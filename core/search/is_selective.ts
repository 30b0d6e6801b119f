import type { Filter } from "../query/ast.ts";
import type { FilterScope } from "./compile_filter.ts";
import { conjuncts, filterPaths } from "./filter_paths.ts";

/** Whether the scan of the table applies a condition on its own. */
function isPlain(filter: Filter): boolean {
  switch (filter.type) {
    case "all":
    case "is":
      return true;
    case "predicate":
      return ["==", "<", ">", "<=", ">="].includes(filter.operator);
    default:
      return false;
  }
}

/** Whether a filter reads columns alone, and not the documents. */
function readsColumns(filter: Filter, scope: FilterScope): boolean {
  return filterPaths(filter).every((path) => {
    const { column, map, entries } = scope.field(path);
    return column !== undefined || map !== undefined || entries !== undefined;
  });
}

/**
 * Whether a filter is worth a pass of its own before documents are read: it reads
 * columns alone, and some of it is more than a scan applies by itself.
 */
export function isSelective(filter: Filter, scope: FilterScope): boolean {
  const parts = conjuncts(filter);
  return parts.every((part) => readsColumns(part, scope)) &&
    parts.some((part) =>
      !isPlain(part) ||
      filterPaths(part).some((path) => scope.field(path).column === undefined)
    );
}
