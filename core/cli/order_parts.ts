/**
 * The order that the parts of a search get when nobody asked for one.
 *
 * @module
 */

import type { Filter, Part } from "../query/ast.ts";
import { conjuncts } from "../search/filter_paths.ts";
import { openParts } from "./combine_parts.ts";
import { DEFAULT_ORDER } from "./default_order.ts";

/** The parts, the last of which has no navigation yet. */
export function openNavigation(parts: readonly Part[]): readonly Part[] {
  return parts.at(-1)?.navigation === undefined ? parts : openParts(parts);
}

/**
 * The parts with an order, where it matters and nobody asked for one.
 *
 * @param isListed Whether the nodes of the last part are the answer.
 */
export function orderParts(
  parts: readonly Part[],
  isListed: boolean,
): readonly Part[] {
  const open = isListed ? openNavigation(parts) : parts;
  const last = open.at(-1);
  return open.map((part) =>
    part.sort.length === 0 &&
      (part.limit !== undefined || (isListed && part === last))
      ? { ...part, sort: DEFAULT_ORDER }
      : part
  );
}

/** Whether a filter asks for kinds and ids alone, which are cheap to count. */
function isCheap(filter: Filter): boolean {
  switch (filter.type) {
    case "all":
    case "is":
    case "id":
      return true;
    case "not":
      return isCheap(filter.filter);
    default:
      return conjuncts(filter).every((each) =>
        each !== filter && isCheap(each)
      );
  }
}

/** Whether nobody sorted or cut, and to count the nodes costs next to nothing. */
export function isPlain(parts: readonly Part[]): boolean {
  const [part, ...more] = parts;
  return part !== undefined && more.length === 0 && part.sort.length === 0 &&
    part.limit === undefined && !part.reversed &&
    part.navigation === undefined && part.merge === undefined &&
    part.with === undefined && isCheap(part.filter);
}
