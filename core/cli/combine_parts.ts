/**
 * Trees of two searches put together: the second narrows the first.
 *
 * @module
 */

import type { Filter, Navigation, Part } from "../query/ast.ts";
import { turnedBack } from "./default_order.ts";

/** Every node, in no order. */
const ALL_NODES: Part = {
  type: "part",
  filter: { type: "all" },
  sort: [],
  reversed: false,
};

/** Stays where it is: keeps two parts of a search apart. */
const STAY: Navigation = {
  type: "navigation",
  direction: "out",
  types: ["default"],
  from: 0,
  to: 0,
};

/** Both filters. */
function both(left: Filter, right: Filter): Filter {
  if (left.type === "all") return right;
  if (right.type === "all") return left;
  return { type: "combine", operator: "and", left, right };
}

/** Whether a part has taken its stretch, so that what follows sees only that. */
export function isCut(part: Part): boolean {
  return part.limit !== undefined || part.reversed;
}

/** The order in which a part gives its nodes. */
function orderOf({ sort, reversed }: Part): Part["sort"] {
  return reversed ? turnedBack(sort) : sort;
}

/** The parts, the last of which may be narrowed, sorted and cut anew. */
export function openParts(parts: readonly Part[]): readonly Part[] {
  const last = parts.at(-1);
  if (last === undefined) return [ALL_NODES];
  if (last.navigation !== undefined) return [...parts, ALL_NODES];
  if (!isCut(last)) return parts;
  return [
    ...parts.slice(0, -1),
    { ...last, navigation: STAY },
    { ...ALL_NODES, sort: orderOf(last) },
  ];
}

/** One part that does what two do, or undefined when there is none. */
function combined(left: Part, right: Part): Part | undefined {
  if (left.merge !== undefined && right.merge !== undefined) return;
  if (left.with !== undefined && right.with !== undefined) return;
  if (left.withUsage !== undefined && right.withUsage !== undefined) return;
  if (left.tag !== undefined && right.tag !== undefined) return;
  const { merge } = left;
  const sort = right.sort.length > 0 ? right.sort : left.sort;
  const rest = { ...left, ...right, sort };
  if (merge === undefined) {
    return { ...rest, filter: both(left.filter, right.filter) };
  }
  // What was found by sub searches may be asked for by the second.
  const after = both(merge.after ?? ALL_NODES.filter, right.filter);
  return { ...rest, filter: left.filter, merge: { ...merge, after } };
}

/** The parts of a search that narrows what the first found. */
export function narrowParts(
  first: readonly Part[],
  second: readonly Part[],
): readonly Part[] {
  const open = openParts(first);
  const last = open.at(-1) ?? ALL_NODES;
  const [next = ALL_NODES, ...more] = second;
  const one = combined(last, next);
  if (one !== undefined) return [...open.slice(0, -1), one, ...more];
  return [
    ...open.slice(0, -1),
    { ...last, navigation: STAY },
    { ...next, sort: next.sort.length > 0 ? next.sort : last.sort },
    ...more,
  ];
}
