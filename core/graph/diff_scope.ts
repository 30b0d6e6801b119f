/**
 * What has to be written for a scope to be as it was found.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";
import type { Failure, ScopeUsage } from "@skymap/lib/plugin";
import type { EdgeKey } from "../index/index_batch.ts";
import {
  readEdges,
  readNodes,
  type StoredEdge,
  type StoredNode,
} from "../index/stored_scopes.ts";
import { changedPaths } from "./changed_paths.ts";
import type { IndexReader } from "./index_reader.ts";
import type { PendingEdge, PendingNode, ScopeSetup } from "./open_scope.ts";
import type { DeferredEdge } from "./record.ts";
import type {
  EdgeWrite,
  NodeWrite,
  ScopeChanges,
  ScopeState,
} from "./scope_changes.ts";

/** A scope as it was found. */
export interface FoundScope {
  readonly setup: ScopeSetup;
  readonly openedAt: Date;
  /** Why it is not complete, if so. */
  readonly failure: Failure | undefined;
  /** What listing it took, if the plugin told. */
  readonly usage: ScopeUsage | undefined;
  /** Whether no node of it was stored. */
  readonly isNew: boolean;
  /** Ids of all nodes that were found. */
  readonly seen: ReadonlySet<string>;
  /** Ids of stored nodes that were not found as they are stored. */
  readonly unseen: readonly string[];
  /** Nodes that were not found as they are stored. */
  readonly nodes: ReadonlyMap<string, PendingNode>;
  /** Every edge that was found, by type and ends. */
  readonly edges: ReadonlyMap<string, PendingEdge>;
  readonly deferred: readonly DeferredEdge[];
  /** Digest of all edges, deferred ones included. */
  readonly digest: string;
}

/** How many elements were written and how many were not. */
export interface ScopeCounts {
  readonly nodesCreated: number;
  readonly nodesUpdated: number;
  readonly nodesDeleted: number;
  readonly nodesUnchanged: number;
  readonly edgesCreated: number;
  readonly edgesUpdated: number;
  readonly edgesDeleted: number;
  readonly edgesUnchanged: number;
}

/** What has to be written, and how much that is. */
export interface ScopeDiff {
  readonly changes: Omit<ScopeChanges, "run">;
  readonly counts: ScopeCounts;
  readonly failure: Failure | undefined;
}

/** Ids asked for at a time. */
const READ_AT_ONCE = 5_000;

async function storedNodes(
  found: FoundScope,
  reader: IndexReader,
): Promise<Map<string, StoredNode>> {
  const all = new Map<string, StoredNode>();
  if (found.isNew) return all;
  const ids = [...found.nodes.keys()];
  for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
    const some = await reader.ask(
      "read nodes",
      (connection) =>
        readNodes(
          connection,
          found.setup.scope.sid,
          ids.slice(at, at + READ_AT_ONCE),
        ),
    );
    for (const [id, node] of some) all.set(id, node);
  }
  return all;
}

function diffNode(
  node: PendingNode,
  stored: StoredNode | undefined,
  { accountName, regionName, isQuiet }: ScopeSetup,
): NodeWrite {
  if (stored === undefined) return { ...node, mode: "new" };
  const changed = stored.reported === node.text ? [] : changedPaths(
    JSON.parse(stored.reported) as JsonObject,
    node.reported ?? JSON.parse(node.text) as JsonObject,
    "reported",
  );
  const loud = changed.some((path) => !isQuiet(path.split(".")[1] ?? ""));
  const around: [string, unknown, unknown][] = [
    ["ancestors.account.name", stored.accountName, accountName],
    ["ancestors.region.name", stored.regionName, regionName],
    ["ancestors.zone", stored.zone, node.zone],
  ];
  const moved = around.flatMap(([path, before, after]) =>
    before === after ? [] : [path]
  );
  return {
    ...node,
    ...stored.sections,
    mode: loud || moved.length > 0 ? "next" : "same",
    changed: [...changed, ...moved],
  };
}

interface EdgeDiff {
  readonly edges: EdgeWrite[];
  readonly gone: EdgeKey[];
}

/** Compares edges one by one; only a complete scope takes edges away. */
function diffEdges(found: FoundScope, stored: readonly StoredEdge[]): EdgeDiff {
  const before = new Map<string, StoredEdge>();
  for (const edge of stored) {
    // Edges from the parent come and go with the nodes.
    if (edge.from === found.setup.parent && edge.type === "default") continue;
    before.set(`${edge.type} ${edge.from} ${edge.to}`, edge);
  }
  const edges: EdgeWrite[] = [];
  for (const [key, { from, to, type, reported }] of found.edges) {
    const old = before.get(key);
    before.delete(key);
    if (old === undefined) {
      edges.push({ from, to, type, reported, mode: "new" });
    } else if (old.reported !== reported) {
      edges.push({ from, to, type, reported, mode: "next" });
    }
  }
  const gone = found.failure === undefined
    ? [...before.values()].map(({ from, to, type }) => ({ from, to, type }))
    : [];
  return { edges, gone };
}

function nextState(found: FoundScope, wroteEdges: boolean): ScopeState {
  const { setup, failure, openedAt, seen, digest, usage } = found;
  const { row } = setup.stored;
  const now = setup.now();
  const at = now.toISOString();
  const status = failure === undefined ? "complete" : "failed";
  return {
    status,
    error: failure ?? null,
    since: row?.status === status ? null : at,
    lastAttempt: at,
    lastSuccess: failure === undefined ? at : row?.lastSuccess ?? null,
    count: failure === undefined ? seen.size : row?.count ?? 0,
    durationMs: Math.max(0, now.getTime() - openedAt.getTime()),
    usage: usage ?? null,
    edges: failure === undefined ? digest : wroteEdges ? "" : row?.edges ?? "",
  };
}

/** Compares a scope with what is stored. */
export async function diffScope(
  found: FoundScope,
  reader: IndexReader,
): Promise<ScopeDiff> {
  const { setup, failure, seen, digest } = found;
  const { row } = setup.stored;
  const stored = await storedNodes(found, reader);
  const nodes: NodeWrite[] = [];
  for (const node of found.nodes.values()) {
    nodes.push(diffNode(node, stored.get(node.id), setup));
  }
  const goneNodes = failure === undefined
    ? found.unseen.filter((id) => !found.nodes.has(id))
    : [];
  const isSame = row?.edges === digest;
  const { edges, gone } = isSame ? { edges: [], gone: [] } : diffEdges(
    found,
    row === undefined ? [] : await reader.ask(
      "read edges",
      (connection) => readEdges(connection, row.sid),
    ),
  );
  const created = nodes.filter(({ mode }) => mode === "new").length;
  const newEdges = edges.filter(({ mode }) => mode === "new").length;
  const state = nextState(found, edges.length > 0);
  return {
    failure,
    changes: {
      scope: setup.scope,
      kinds: setup.kinds,
      accountName: setup.accountName,
      regionName: setup.regionName,
      parent: setup.parent,
      nodes,
      goneNodes,
      edges,
      goneEdges: gone,
      state,
      before: row ?? null,
      ...(!isSame && failure === undefined && {
        deferred: found.deferred.length === 0
          ? null
          : JSON.stringify(found.deferred),
      }),
    },
    counts: {
      nodesCreated: created,
      nodesUpdated: nodes.length - created,
      nodesDeleted: goneNodes.length,
      nodesUnchanged: seen.size - nodes.length,
      edgesCreated: created + newEdges,
      edgesUpdated: edges.length - newEdges,
      edgesDeleted: goneNodes.length + gone.length,
      edgesUnchanged: seen.size - created + found.edges.size - edges.length,
    },
  };
}
