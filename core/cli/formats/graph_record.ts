/**
 * The records of a graph as drawing programs want them: flat, with names.
 *
 * @module
 */

import type { EdgeJson, NodeJson } from "@skymap/lib/client";

/** What a drawing knows of a node; undefined and null are left out. */
export interface DrawnNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly resource_id: string;
  readonly cloud: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly zone: string | undefined;
  readonly stale: string | undefined;
  readonly tag: string | undefined;
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

/** A node, flat. */
export function drawnNode(node: NodeJson): DrawnNode {
  const { id, reported, ancestors, metadata, stale } = node;
  const own = text(reported["id"]) ?? id;
  return {
    id,
    kind: text(reported["kind"]) ?? node.kinds[0] ?? "",
    name: text(reported["name"]) ?? own,
    resource_id: own,
    cloud: ancestors.cloud?.reported.name,
    account: ancestors.account?.reported.name,
    region: ancestors.region?.reported.name,
    zone: ancestors.zone?.reported.name,
    stale: stale?.reason,
    tag: text(metadata?.["query_tag"]),
  };
}

/** Reads a record of a graph. */
export function readGraphRecord(record: string): NodeJson | EdgeJson {
  return JSON.parse(record);
}
