/**
 * The order of nodes that nobody asked for.
 *
 * @module
 */

import type { Path, SortKey } from "../query/ast.ts";

function path(...keys: readonly string[]): Path {
  return {
    type: "path",
    absolute: true,
    items: keys.map((key) => ({ key })),
  };
}

/** By kind, then name, then the provider's id. */
export const DEFAULT_ORDER: readonly SortKey[] = [
  ["reported", "kind"],
  ["reported", "name"],
  ["reported", "id"],
].map((keys) => ({ path: path(...keys), direction: "asc" }));

const NODE_ID: SortKey = { path: path("id"), direction: "asc" };

/** Whether a key only parts what is equal in all that was asked for. */
export function isLastKey({ path }: SortKey): boolean {
  return path === NODE_ID.path;
}

function turned({ path, direction }: SortKey): SortKey {
  return { path, direction: direction === "asc" ? "desc" : "asc" };
}

/** The order turned round, to the last tie; of none, the default one. */
export function reversedOrder(keys: readonly SortKey[]): readonly SortKey[] {
  if (keys.length === 0) return REVERSED_DEFAULT;
  return [...keys, NODE_ID].map(turned);
}

const REVERSED_DEFAULT: readonly SortKey[] = [...DEFAULT_ORDER, NODE_ID]
  .map(turned);

/** The order of what was sorted by `keys` and then turned round. */
export function turnedBack(keys: readonly SortKey[]): readonly SortKey[] {
  if (keys === REVERSED_DEFAULT) return [];
  const last = keys.at(-1);
  const isWhole = last !== undefined && isLastKey(last);
  return isWhole
    ? keys.slice(0, -1).map(turned)
    : [...keys, NODE_ID].map(turned);
}
