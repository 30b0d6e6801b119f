/**
 * Changes nodes that are there, whatever of them it is: record, history and index
 * together, while the scope of the node is held, so that no collect of it comes in
 * between.
 *
 * @module
 */

import {
  type PatchedNode,
  readNodeScopes,
  readPatchedNodes,
} from "../index/patched_nodes.ts";
import type { GraphParts } from "./graph_parts.ts";
import { nodeWeight, type NodeWrite } from "./scope_changes.ts";
import { scopeText } from "./scope_key.ts";
import type { ScopeLease } from "./scope_locks.ts";
import { slices } from "./slices.ts";

/** What became of nodes. */
export interface PatchedNodes {
  /** Ids of those that were changed. */
  readonly updated: readonly string[];
  /** Ids of those that stay as they are. */
  readonly unchanged: readonly string[];
  /** Ids of those that are not there. */
  readonly missing: readonly string[];
}

/** The node as it shall be; undefined when it stays as it is. */
export type PatchNode = (node: PatchedNode) => NodeWrite | undefined;

/** Rows of one part that is written, about: fewer than a transaction may have. */
const PART_ROWS = 800;

class Outcome implements PatchedNodes {
  readonly updated: string[] = [];
  readonly unchanged: string[] = [];
  readonly missing: string[] = [];
}

/** What has to be done in one scope. */
interface ScopeWork {
  readonly text: string;
  readonly ids: string[];
}

/**
 * Changes the nodes of these ids, each once. `signal` stops it while it waits for
 * a collect; what was written stays.
 */
export async function patchPresent(
  parts: GraphParts,
  ids: readonly string[],
  patch: PatchNode,
  signal: AbortSignal,
): Promise<PatchedNodes> {
  await parts.writer.settle();
  const outcome = new Outcome();
  const works = await findScopes(parts, ids, outcome);
  const apply = (some: readonly ScopeWork[]) =>
    applyPatches(parts, some, patch, outcome);
  const busy = await withFreeScopes(parts, works, apply);
  // One at a time, and nothing else held: no two can wait for each other.
  for (const work of busy) {
    const holder = { name: "node update" };
    const lease = await parts.locks.acquire(work.text, holder, signal);
    try {
      await apply([work]);
    } finally {
      lease.release();
    }
  }
  return outcome;
}

async function findScopes(
  { reader }: GraphParts,
  ids: readonly string[],
  outcome: Outcome,
): Promise<ScopeWork[]> {
  const scopes = await reader.ask(
    "find nodes",
    (connection) => readNodeScopes(connection, ids),
  );
  const works = new Map<string, ScopeWork>();
  for (const id of ids) {
    const key = scopes.get(id);
    if (key === undefined) {
      outcome.missing.push(id);
      continue;
    }
    const text = scopeText(key);
    const work = works.get(text);
    if (work === undefined) works.set(text, { text, ids: [id] });
    else work.ids.push(id);
  }
  return [...works.values()];
}

/** Does what can be done without waiting; gives the scopes that others hold. */
async function withFreeScopes(
  { locks }: GraphParts,
  works: readonly ScopeWork[],
  apply: (free: readonly ScopeWork[]) => Promise<void>,
): Promise<ScopeWork[]> {
  const holder = { name: "node update" };
  const leases: ScopeLease[] = [];
  const free: ScopeWork[] = [];
  const busy: ScopeWork[] = [];
  for (const work of works) {
    const lease = locks.take(work.text, holder);
    if (lease === undefined) busy.push(work);
    else {
      lease.finish();
      leases.push(lease);
      free.push(work);
    }
  }
  try {
    if (free.length > 0) await apply(free);
  } finally {
    for (const lease of leases) lease.release();
  }
  return busy;
}

/** Patches nodes whose scopes are held. */
async function applyPatches(
  parts: GraphParts,
  works: readonly ScopeWork[],
  patch: PatchNode,
  outcome: Outcome,
): Promise<void> {
  const ids = works.flatMap((work) => work.ids);
  const stored = await parts.reader.ask(
    "read nodes",
    (connection) => readPatchedNodes(connection, ids),
  );
  const groups = new Map<string, [PatchedNode, NodeWrite[]]>();
  const updated: string[] = [];
  for (const id of ids) {
    const node = stored.get(id);
    if (node === undefined) {
      outcome.missing.push(id);
      continue;
    }
    const write = patch(node);
    if (write === undefined) {
      outcome.unchanged.push(id);
      continue;
    }
    updated.push(id);
    const { scope, kinds, accountName, regionName } = node;
    const key = JSON.stringify([scope.sid, kinds, accountName, regionName]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node, [write]]);
    else group[1].push(write);
  }
  const written: Promise<void>[] = [];
  for (const [node, writes] of groups.values()) {
    for (const some of slices(writes, nodeWeight, PART_ROWS)) {
      written.push(submit(parts, node, some));
    }
  }
  parts.writer.flush();
  const results = await Promise.allSettled(written);
  for (const { text } of works) parts.clock.tick(text);
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
  }
  outcome.updated.push(...updated);
}

function submit(
  { writer }: GraphParts,
  { scope, kinds, accountName, regionName }: PatchedNode,
  nodes: readonly NodeWrite[],
): Promise<void> {
  return writer.submit({
    scope,
    kinds: JSON.parse(kinds) as string[],
    accountName,
    regionName,
    run: null,
    parent: null,
    nodes,
    goneNodes: [],
    edges: [],
    goneEdges: [],
    state: "unchanged",
    before: null,
  });
}
