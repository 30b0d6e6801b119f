/**
 * Large scopes in parts that fit one transaction each.
 *
 * @module
 */

import {
  edgeWeight,
  nodeWeight,
  reasonOf,
  type ScopeChanges,
  type ScopeState,
} from "./scope_changes.ts";
import { slices } from "./slices.ts";

/** What the ledger says while a scope is written in parts. */
const INTERRUPTED = {
  code: "interrupted",
  message: "Skymap stopped while it wrote this scope",
} as const;

/** A large scope in parts. */
export interface SplitChanges {
  /** Has to be written before all others. */
  readonly first: ScopeChanges;
  /** May be written in any order, and side by side. */
  readonly middle: Iterable<ScopeChanges>;
  /** Has to be written after all others. */
  readonly last: ScopeChanges;
}

/**
 * Splits changes into parts of about `maxRows` rows.
 *
 * Each part is a commit of its own, with its own history, so that after a crash
 * between two of them record, history and index agree on a scope that is half
 * new. The first part says in the ledger that the scope failed, and that the
 * edges it owns are not known; the last one says how it stands. So the next merge
 * compares every node and edge with what is stored, and finishes what was begun.
 */
export function splitChanges(
  changes: ScopeChanges,
  maxRows: number,
  at: string,
): SplitChanges {
  const { nodes, goneNodes, edges, goneEdges, deferred, ...rest } = changes;
  const empty = { nodes: [], goneNodes: [], edges: [], goneEdges: [] };
  const state = changes.state === "unchanged" ? null : changes.state;
  const begun: ScopeState = {
    ...(state ?? {
      lastAttempt: at,
      lastSuccess: null,
      count: 0,
      durationMs: null,
    }),
    // What is being retired stays what it is, however often that is cut.
    status: state === null ? "gone" : "failed",
    since: null,
    error: INTERRUPTED,
    edges: "",
  };
  const silent = { ...rest, ...empty, state: "unchanged" as const };
  function* middle(): Generator<ScopeChanges> {
    for (const part of slices(nodes, nodeWeight, maxRows)) {
      yield { ...silent, nodes: part };
    }
    for (const part of slices(goneNodes, () => 2, maxRows)) {
      yield { ...silent, goneNodes: part };
    }
    for (const part of slices(edges, edgeWeight, maxRows)) {
      yield { ...silent, edges: part };
    }
    for (const part of slices(goneEdges, () => 1, maxRows)) {
      yield { ...silent, goneEdges: part };
    }
  }
  return {
    first: { ...rest, ...empty, state: begun },
    middle: middle(),
    last: {
      ...rest,
      ...empty,
      before: { status: begun.status, reason: reasonOf(begun) },
      ...(deferred !== undefined && { deferred }),
    },
  };
}
