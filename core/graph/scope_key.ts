/**
 * Scopes by their parts.
 *
 * @module
 */

import { nodeId, ROOT_ID } from "@skymap/lib/ids";
import type { ScopeKey } from "@skymap/lib/plugin";

/** The scope of the root node, which core makes itself. */
export const ROOT_SCOPE: ScopeKey = {
  cloud: "",
  account: "",
  region: "",
  kind: "graph_root",
};

/** The scope that owns edges whose ends were found by search. */
export const DEFERRED_SCOPE: ScopeKey = {
  cloud: "",
  account: "",
  region: "",
  kind: "deferred_edge",
};

/** The scope of a cloud's own node, which core makes itself. */
export function cloudScope(cloud: string): ScopeKey {
  return { cloud, account: "", region: "", kind: "cloud" };
}

/** Whether core fills a scope itself; such scopes are not in the ledger. */
export function isOwnScope({ account, kind }: ScopeKey): boolean {
  return account === "" &&
    (kind === "graph_root" || kind === "cloud" || kind === "deferred_edge");
}

/** 26 characters for a scope; part of the ids of its edges. */
export function scopeHash(key: ScopeKey): string {
  return nodeId({ ...key, id: "" });
}

/** One text for a scope, for maps. */
export function scopeText({ cloud, account, region, kind }: ScopeKey): string {
  return JSON.stringify([cloud, account, region, kind]);
}

/** Id of a cloud's own node. */
export function cloudNodeId(cloud: string): string {
  return nodeId({ ...cloudScope(cloud), id: cloud });
}

/**
 * Id of the node that contains the nodes of a scope: the region's, the
 * account's, the cloud's or the root. The nodes of accounts and regions belong
 * to scopes without a region, and bear the ids of what they contain.
 */
export function parentId(
  { cloud, account, region, kind }: ScopeKey,
  containers: { readonly account: string; readonly region: string },
): string {
  if (account === "") return ROOT_ID;
  if (kind === containers.account) return cloudNodeId(cloud);
  const id = region !== "" && kind !== containers.region
    ? { kind: containers.region, id: region }
    : { kind: containers.account, id: account };
  return nodeId({ cloud, account, region: "", ...id });
}
