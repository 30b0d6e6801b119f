/**
 * Large scopes in parts that fit one transaction each.
 *
 * @module
 */

import { type ScopeChanges, weight } from "./scope_changes.ts";

/** What the ledger says while a scope is written in parts. */
const INTERRUPTED = {
  code: "interrupted",
  message: "Skymap stopped while it wrote this scope",
} as const;

/**
 * Splits changes into parts of at most `maxRows` rows.
 *
 * Each part is a commit of its own, with its own history, so that after a crash
 * between two of them record, history and index agree on a scope that is half
 * new. All parts but the last say in the ledger that the scope failed, and that
 * the edges it owns are not known: the next merge compares every node and edge
 * with what is stored and so finishes what was begun.
 */
export function* splitChanges(
  changes: ScopeChanges,
  maxRows: number,
  at: string,
): Generator<ScopeChanges> {
  if (weight(changes) <= maxRows) {
    yield changes;
    return;
  }
  const { nodes, goneNodes, edges, goneEdges, state, deferred, ...scope } =
    changes;
  const perPart = { nodes: Math.floor(maxRows / 2), edges: maxRows };
  const last = state;
  const { deferred: _deferred, ...rest } = changes;
  const empty = { nodes: [], goneNodes: [], edges: [], goneEdges: [] };
  const open: ScopeChanges = {
    ...rest,
    ...empty,
    state: state === null
      ? {
        status: "gone",
        error: INTERRUPTED,
        since: null,
        lastAttempt: at,
        lastSuccess: null,
        count: 0,
        durationMs: 0,
        edges: "",
      }
      : { ...state, status: "failed", error: INTERRUPTED, edges: "" },
  };
  for (const part of slices(nodes, perPart.nodes)) {
    yield { ...open, nodes: part };
  }
  for (const part of slices(goneNodes, perPart.nodes)) {
    yield { ...open, goneNodes: part };
  }
  for (const part of slices(edges, perPart.edges)) {
    yield { ...open, edges: part };
  }
  for (const part of slices(goneEdges, perPart.edges)) {
    yield { ...open, goneEdges: part };
  }
  yield {
    ...scope,
    ...empty,
    state: last,
    ...(deferred !== undefined && { deferred }),
  };
}

function* slices<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += size) {
    yield list.slice(at, at + size);
  }
}
