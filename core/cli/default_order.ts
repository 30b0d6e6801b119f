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

/** The order turned round, to the last tie. */
export function reversedOrder(keys: readonly SortKey[]): readonly SortKey[] {
  return [...keys, NODE_ID].map(({ path, direction }) => ({
    path,
    direction: direction === "asc" ? "desc" : "asc",
  }));
}
