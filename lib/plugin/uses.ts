import type { ResourceRef, ScopeWriter } from "./contract.ts";

/**
 * Says that one resource uses or contains another, and so has to be deleted
 * before it: a `default` edge to what is used, and a `delete` edge back. One of
 * both must be a resource of the scope.
 *
 * @example
 * ```ts
 * import { type ScopeWriter, uses } from "@skymap/lib/plugin";
 *
 * async function addDisk(found: ScopeWriter, server: string, disk: string) {
 *   await found.node({ id: disk, reported: {} });
 *   await uses(
 *     found,
 *     { kind: "my_server", id: server },
 *     { kind: "my_disk", id: disk },
 *   );
 * }
 * ```
 */
export async function uses(
  found: Pick<ScopeWriter, "edge">,
  user: ResourceRef,
  used: ResourceRef,
): Promise<void> {
  await found.edge({ from: user, to: used });
  await found.edge({ from: used, to: user, type: "delete" });
}
