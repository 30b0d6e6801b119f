/**
 * Kinds that a filter without `is(…)` is about.
 *
 * @module
 */

import type { Filter, Path } from "../query/ast.ts";
import { namesNodes } from "./filter_paths.ts";
import type { Resolver } from "./resolver.ts";

/** Kinds, sorted; undefined stands for every kind. */
type Kinds = readonly string[] | undefined;

/** The kinds that have a property below `reported`; undefined for any. */
export function kindsOf(resolver: Resolver, path: Path): Kinds {
  const [first, ...items] = resolver.absolute(path, []);
  return first !== undefined && "key" in first && first.key === "reported" &&
      items.length > 0
    ? resolver.model.reported(items)?.kinds
    : undefined;
}

function both(left: Kinds, right: Kinds): Kinds {
  if (left === undefined) return right;
  return right === undefined
    ? left
    : left.filter((kind) => right.includes(kind));
}

function either(left: Kinds, right: Kinds): Kinds {
  if (left === undefined || right === undefined) return undefined;
  return [...new Set([...left, ...right])].sort();
}

function implied(resolver: Resolver, filter: Filter): Kinds {
  switch (filter.type) {
    case "predicate":
    case "call":
    case "block":
      return kindsOf(resolver, filter.path);
    case "not":
      return implied(resolver, filter.filter);
    case "combine": {
      const join = filter.operator === "and" ? both : either;
      const left = implied(resolver, filter.left);
      return join(left, implied(resolver, filter.right));
    }
    default:
      return undefined;
  }
}

/**
 * The kinds that have the properties of a filter which names no kind and no id.
 * As in the original, such a filter is about these kinds alone: `volume_size !=
 * 3` does not list what is no volume.
 */
export function impliedKinds(resolver: Resolver, filter: Filter): Kinds {
  return namesNodes(filter) ? undefined : implied(resolver, filter);
}
