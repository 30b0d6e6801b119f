/**
 * Where the nodes of a tree stood in the text, beside the tree: two searches
 * that say the same are equal, wherever their blanks are.
 *
 * @module
 */

const OFFSETS = new WeakMap<object, number>();
const ITEM_OFFSETS = new WeakMap<readonly unknown[], readonly number[]>();

/** Remembers where a node starts. */
export function setOffset(node: object, offset: number): void {
  OFFSETS.set(node, offset);
}

/** Where a node starts; unknown for nodes that were not parsed. */
export function offsetOf(node: object): number | undefined {
  return OFFSETS.get(node);
}

/** Remembers where the items of a list start: kinds, values, steps of a path. */
export function setItemOffsets(
  list: readonly unknown[],
  offsets: readonly number[],
): void {
  ITEM_OFFSETS.set(list, offsets);
}

/** Where an item of a list starts, if the list was parsed. */
export function itemOffset(
  list: readonly unknown[],
  at: number,
): number | undefined {
  return ITEM_OFFSETS.get(list)?.[at];
}
