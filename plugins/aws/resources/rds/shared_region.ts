import type { Item } from "../../declaration.ts";

/**
 * The region that tells whom a snapshot is shared with, or undefined: only those
 * made by hand can be, and the others are many.
 */
export function sharedRegion(
  { $region, SnapshotType }: Item,
): string | undefined {
  return SnapshotType === "manual" ? String($region) : undefined;
}
