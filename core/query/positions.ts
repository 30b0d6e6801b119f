/**
 * Where the nodes of a tree stood in the text, beside the tree: two searches
 * that say the same are equal, wherever their blanks are.
 *
 * @module
 */

const OFFSETS = new WeakMap<object, number>();

/** Remembers where a node starts. */
export function setOffset(node: object, offset: number): void {
  OFFSETS.set(node, offset);
}

/** Where a node starts; unknown for nodes that were not parsed. */
export function offsetOf(node: object): number | undefined {
  return OFFSETS.get(node);
}
