import type { Item, Target } from "../declaration.ts";

/** Tag that says, as `false`, that nothing has to be kept of a database. */
export const FINAL_SNAPSHOT_TAG = "skymap:final-snapshot";

/** Letters and digits, joined by single hyphens, as all services want it. */
function nameOf(id: string, created: unknown): string {
  const time = created instanceof Date ? created.toISOString() : "";
  return `skymap-final-${id}-${time.replaceAll(/\D/g, "").slice(0, 14)}`
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replace(/-$/, "")
    .toLowerCase();
}

/**
 * Name of the snapshot that is made when a resource is deleted, or undefined when
 * its tag {@linkcode FINAL_SNAPSHOT_TAG} says `false`. The name holds the time
 * that it was created at: a second try finds the first one's snapshot, and a new
 * resource of the same name gets its own.
 */
export function finalSnapshot(
  item: Item,
  { id, reported }: Pick<Target, "id" | "reported">,
  created: string,
): string | undefined {
  const tags = (reported["tags"] ?? {}) as Readonly<Record<string, unknown>>;
  return tags[FINAL_SNAPSHOT_TAG] === "false"
    ? undefined
    : nameOf(id, item[created]);
}
