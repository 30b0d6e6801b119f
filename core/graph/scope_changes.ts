/**
 * What a merge found out about one scope: what has to be written.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";
import type { ScopeStatus } from "@skymap/lib/client";
import type { Failure, ScopeUsage } from "@skymap/lib/plugin";
import type {
  EdgeKey,
  IndexScope,
  NodeSections,
  ScopeRow,
  ScopeStanding,
  VersionMode,
} from "../index/index_batch.ts";

/** A node that is written, with its other sections as they are from now on. */
export interface NodeWrite extends NodeSections {
  readonly id: string;
  /** Hash of what was merged. */
  readonly hash: string;
  readonly zone: string | null;
  /** Canonical JSON of `reported`. */
  readonly text: string;
  /** The same as an object; read out of the text when it is absent. */
  readonly reported?: JsonObject;
  readonly mode: VersionMode;
  /** Paths that changed, for a node that was there before. */
  readonly changed?: readonly string[];
  /** Whether the other sections changed and nothing else. Default: no. */
  readonly isPatch?: true;
}

/** An edge that is written. */
export interface EdgeWrite extends EdgeKey {
  /** Canonical JSON, or null. */
  readonly reported: string | null;
  readonly mode: "new" | "next";
}

/** How a scope stands, as the ledger keeps it. */
export interface ScopeState {
  readonly status: ScopeStatus;
  /** Why it is not complete. */
  readonly error: Failure | null;
  /** ISO time since when it has this status; null when it had it before. */
  readonly since: string | null;
  readonly lastAttempt: string;
  readonly lastSuccess: string | null;
  readonly count: number;
  /** Null when it is as it was. */
  readonly durationMs: number | null;
  /** What the listing took; null when that is not known. Default: as it was. */
  readonly usage?: ScopeUsage | null;
  /** Digest of the edges it owns; empty when it is not known. */
  readonly edges: string;
}

/** How a scope stood before: null when the ledger did not have it. */
export type StoodBefore = Pick<ScopeRow, "status" | "reason"> | null;

/** Why a scope is not complete, for people. */
export function reasonOf({ error }: Pick<ScopeState, "error">): string | null {
  return error === null ? null : `${error.code}: ${error.message}`;
}

/**
 * How a scope stands from now on, if that is not how it stood before: most
 * collects find every scope complete again, which is no change.
 */
export function standingOf(
  { state, before }: Pick<ScopeChanges, "state" | "before">,
): ScopeStanding | null | undefined {
  if (state === "unchanged") return undefined;
  if (state === null) return before === null ? undefined : null;
  const { status, lastAttempt, lastSuccess } = state;
  const reason = reasonOf(state);
  return before?.status === status && before.reason === reason
    ? undefined
    : { status, reason, lastAttempt, lastSuccess };
}

/** Everything about one scope that is written. */
export interface ScopeChanges {
  readonly scope: IndexScope;
  /** The kind of its nodes and all its bases. */
  readonly kinds: readonly string[];
  readonly accountName: string;
  readonly regionName: string;
  /** The run that found it, or null. */
  readonly run: string | null;
  /**
   * Node that contains its nodes: edges from it come and go with them. Null when
   * there is none.
   */
  readonly parent: string | null;
  readonly nodes: readonly NodeWrite[];
  readonly goneNodes: readonly string[];
  /** Edges beside those from the parent. */
  readonly edges: readonly EdgeWrite[];
  readonly goneEdges: readonly EdgeKey[];
  /** How it stands when all of it is written; null takes it off the ledger. */
  readonly state: ScopeState | null | "unchanged";
  /** How the ledger says it stands until then. */
  readonly before: StoodBefore;
  /** Deferred edges to keep in the place of what was kept: JSON, or null. */
  readonly deferred?: string | null;
}

/** Characters that weigh as much as a row. */
const CHARS_PER_ROW = 1_024;

/** What the writing of a node costs, in rows: itself, and its edge. */
export function nodeWeight(
  { text, desired = "", metadata = "" }: Pick<
    NodeWrite,
    "text" | "desired" | "metadata"
  >,
): number {
  const chars = text.length + desired.length + metadata.length;
  return 2 + Math.floor(chars / CHARS_PER_ROW);
}

/** What the writing of an edge costs, in rows. */
export function edgeWeight({ reported }: Pick<EdgeWrite, "reported">): number {
  return 1 + Math.floor((reported?.length ?? 0) / CHARS_PER_ROW);
}

/**
 * What the writing of changes costs, in rows. Large texts count as several: a
 * transaction must stay far below the engine's write buffers, or it never ends.
 */
export function weight(changes: ScopeChanges): number {
  const { nodes, goneNodes, edges, goneEdges, deferred } = changes;
  let sum = 1 + 2 * goneNodes.length + goneEdges.length +
    Math.floor((deferred?.length ?? 0) / CHARS_PER_ROW);
  for (const node of nodes) sum += nodeWeight(node);
  for (const edge of edges) sum += edgeWeight(edge);
  return sum;
}
