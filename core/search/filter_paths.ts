/**
 * What a filter is made of, for planning.
 *
 * @module
 */

import type { Filter, Path } from "../query/ast.ts";
import { hasEach } from "./resolver.ts";

/** The parts of a filter that all have to hold. */
export function conjuncts(filter: Filter): readonly Filter[] {
  const found: Filter[] = [];
  let left = filter;
  while (left.type === "combine" && left.operator === "and") {
    found.push(...conjuncts(left.right));
    left = left.left;
  }
  return left.type === "all" ? found.reverse() : [...found, left].reverse();
}

/** The one filter that holds when all of them do. */
export function allOf(filters: readonly Filter[]): Filter {
  return filters.reduce<Filter | undefined>(
    (left, right) =>
      left === undefined
        ? right
        : { type: "combine", operator: "and", left, right },
    undefined,
  ) ?? { type: "all" };
}

/** Every path that a filter reads, prefixed as its blocks say. */
export function filterPaths(filter: Filter): readonly Path[] {
  switch (filter.type) {
    case "predicate":
      return [filter.path];
    case "call":
      // What is desired need not be a property of any kind.
      return filter.name === "has_desired_change"
        ? [{
          type: "path",
          absolute: true,
          items: [{ key: "desired" }, ...filter.path.items],
        }]
        : [filter.path];
    case "block":
      return hasEach(filter.path.items)
        ? [filter.path]
        : filterPaths(filter.filter).map((path) => ({
          type: "path",
          absolute: filter.path.absolute,
          items: [...filter.path.items, ...path.items],
        }));
    case "not":
      return filterPaths(filter.filter);
    case "combine": {
      const paths: Path[] = [];
      let left: Filter = filter;
      while (left.type === "combine") {
        paths.push(...filterPaths(left.right));
        left = left.left;
      }
      return [...paths, ...filterPaths(left)];
    }
    default:
      return [];
  }
}

/** Whether a filter names kinds or ids anywhere. */
export function namesNodes(filter: Filter): boolean {
  switch (filter.type) {
    case "is":
    case "id":
      return true;
    case "not":
      return namesNodes(filter.filter);
    case "combine": {
      let left: Filter = filter;
      while (left.type === "combine") {
        if (namesNodes(left.right)) return true;
        left = left.left;
      }
      return namesNodes(left);
    }
    default:
      return false;
  }
}

/** Whether at most one node can pass a filter. */
export function isOneNode(filter: Filter): boolean {
  return conjuncts(filter).some((each) =>
    each.type === "id" && each.ids.length === 1
  );
}
