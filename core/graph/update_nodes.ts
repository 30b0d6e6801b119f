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
import type { PatchedNode } from "../index/patched_nodes.ts";
import { changedPaths } from "./changed_paths.ts";
import { checkPatch, checkSize, PATCH_SECTIONS } from "./check_patch.ts";
import type { GraphParts } from "./graph_parts.ts";
import { mergePatch } from "./merge_patch.ts";
import { type PatchedNodes, patchPresent } from "./patch_present.ts";
import type { NodeWrite } from "./scope_changes.ts";

/** How patches are applied. */
export interface UpdateOptions {
  /** Whether nodes with `metadata.protected` are left alone. Default: no. */
  readonly skipProtected?: boolean;
  /** Stops it while it waits for a collect; what was written stays. */
  readonly signal: AbortSignal;
}

/** What became of the nodes of some patches. */
export interface NodeUpdates extends PatchedNodes {
  /** Ids of those that are protected. */
  readonly skipped: readonly string[];
}

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
  const skipped: string[] = [];
  const patched = await patchPresent(parts, [...wanted.keys()], (node) => {
    if (!skipProtected || !isProtected(node)) {
      return patchNode(node, wanted.get(node.id) ?? []);
    }
    skipped.push(node.id);
    return undefined;
  }, signal);
  if (skipped.length === 0) return { ...patched, skipped };
  const left = new Set(skipped);
  const unchanged = patched.unchanged.filter((id) => !left.has(id));
  return { ...patched, unchanged, skipped };
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
