/**
 * Changes what people want and know of nodes: their sections `desired` and
 * `metadata`.
 *
 * It is written as a merge is: record, history and index together, while the
 * scope of the node is held, so that no collect of it comes in between. A collect
 * replaces what is reported and keeps the rest.
 *
 * @module
 */

import type { NodePatch, NodeUpdateReport } from "@skymap/lib/client";
import { canonicalJson, type JsonObject } from "@skymap/lib/json";
import {
  type PatchedNode,
  readNodeScopes,
  readPatchedNodes,
} from "../index/patched_nodes.ts";
import { changedPaths } from "./changed_paths.ts";
import { checkPatch, checkSize, PATCH_SECTIONS } from "./check_patch.ts";
import type { GraphParts } from "./graph_parts.ts";
import { mergePatch } from "./merge_patch.ts";
import { nodeWeight, type NodeWrite } from "./scope_changes.ts";
import { scopeText } from "./scope_key.ts";
import type { ScopeLease } from "./scope_locks.ts";
import { slices } from "./slices.ts";

/** How patches are applied. */
export interface UpdateOptions {
  /** Whether nodes with `metadata.protected` are left alone. Default: no. */
  readonly skipProtected?: boolean;
  /** Stops it while it waits for a collect; what was written stays. */
  readonly signal: AbortSignal;
}

/** What became of the nodes of some patches. */
export interface NodeUpdates {
  readonly updated: readonly string[];
  readonly unchanged: readonly string[];
  readonly missing: readonly string[];
  readonly skipped: readonly string[];
}

/** Rows of one part that is written, about: fewer than a transaction may have. */
const PART_ROWS = 800;

/** Ids that a report names at most. */
const MAX_IDS = 100;

/** Counts what became of nodes, batch after batch. */
export class UpdateCounter {
  readonly #counts = { updated: 0, unchanged: 0, missing: 0, skipped: 0 };
  readonly #missing: string[] = [];
  readonly #skipped: string[] = [];

  /** Adds what became of some. */
  add({ updated, unchanged, missing, skipped }: NodeUpdates): void {
    this.#counts.updated += updated.length;
    this.#counts.unchanged += unchanged.length;
    this.#counts.missing += missing.length;
    this.#counts.skipped += skipped.length;
    this.#missing.push(...missing.slice(0, MAX_IDS - this.#missing.length));
    this.#skipped.push(...skipped.slice(0, MAX_IDS - this.#skipped.length));
  }

  /** All of it. */
  report(): NodeUpdateReport {
    return {
      ...this.#counts,
      missing_ids: this.#missing,
      skipped_ids: this.#skipped,
    };
  }
}

class Outcome implements NodeUpdates {
  readonly updated: string[] = [];
  readonly unchanged: string[] = [];
  readonly missing: string[] = [];
  readonly skipped: string[] = [];
}

/** What has to be done in one scope. */
interface ScopeWork {
  readonly text: string;
  readonly ids: string[];
}

/**
 * Applies patches, those of one node in their order. Nothing is written when one
 * of them is refused.
 *
 * @throws {SkymapError} `body_invalid`
 */
export async function updateNodes(
  parts: GraphParts,
  patches: readonly NodePatch[],
  { skipProtected = false, signal }: UpdateOptions,
): Promise<NodeUpdates> {
  const wanted = new Map<string, NodePatch[]>();
  for (const patch of patches) {
    const checked = checkPatch(patch);
    const known = wanted.get(checked.id);
    if (known === undefined) wanted.set(checked.id, [checked]);
    else known.push(checked);
  }
  await parts.writer.settle();
  const outcome = new Outcome();
  const works = await findScopes(parts, [...wanted.keys()], outcome);
  const apply = (some: readonly ScopeWork[]) =>
    applyPatches(parts, some, wanted, skipProtected, outcome);
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
  wanted: ReadonlyMap<string, readonly NodePatch[]>,
  skipProtected: boolean,
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
    if (skipProtected && isProtected(node)) {
      outcome.skipped.push(id);
      continue;
    }
    const write = patchNode(node, wanted.get(id) ?? []);
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
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
  }
  outcome.updated.push(...updated);
}

function parse(text: string | undefined): JsonObject {
  return text === undefined ? {} : JSON.parse(text) as JsonObject;
}

function isProtected({ sections }: PatchedNode): boolean {
  return parse(sections.metadata).protected === true;
}

/** The node with its patches; undefined when they change nothing. */
function patchNode(
  node: PatchedNode,
  patches: readonly NodePatch[],
): NodeWrite | undefined {
  const changed: string[] = [];
  const sections: { desired?: string; metadata?: string } = {};
  for (const name of PATCH_SECTIONS) {
    const before = parse(node.sections[name]);
    let after = before;
    for (const patch of patches) {
      const part = patch[name];
      if (part === undefined) continue;
      after = part === null ? {} : mergePatch(after, part);
    }
    changed.push(...changedPaths(before, after, name));
    if (Object.keys(after).length === 0) continue;
    const text = canonicalJson(after);
    checkSize(node.id, name, text);
    sections[name] = text;
  }
  if (changed.length === 0) return undefined;
  const { id, hash, zone, reported } = node;
  return {
    id,
    hash,
    zone,
    text: reported,
    ...sections,
    mode: "next",
    changed,
    isPatch: true,
  };
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
