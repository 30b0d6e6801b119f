import type { ScopeKey } from "@skymap/lib/plugin";
import type { KindRegistry } from "../model/kind_registry.ts";
import { cloudNodeId, parentId } from "./scope_key.ts";

/** Id of the node that contains the nodes of a scope, by what its cloud declares. */
export function scopeParent(
  model: Pick<KindRegistry, "containers">,
  key: ScopeKey,
): string {
  const containers = model.containers(key.cloud);
  return containers === undefined
    ? cloudNodeId(key.cloud)
    : parentId(key, containers);
}
