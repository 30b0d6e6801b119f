/**
 * Edges between accounts or plugins, whose ends are found by search.
 *
 * @module
 */

import type { NodeSelector } from "@skymap/lib/plugin";
import { messageOf } from "@skymap/lib/errors";
import type { IndexScope } from "../index/index_batch.ts";
import type { StoredEdge } from "../index/stored_scopes.ts";
import type { DeferredEdge, DeferredRow } from "./record.ts";
import type { EdgeWrite, ScopeChanges, StoodBefore } from "./scope_changes.ts";

/** Finds the ids of the nodes that match a search; two are enough to know. */
export type FindNodes = (search: string) => Promise<readonly string[]>;

/** What became of deferred edges. */
export interface DeferredReport {
  /** Edges that are declared. */
  readonly declared: number;
  /** Edges of which both ends were found. */
  readonly resolved: number;
  readonly created: number;
  readonly deleted: number;
  /** Why edges have no ends; the first 100. */
  readonly unresolved: readonly string[];
}

const MAX_LISTED = 100;

/** What a selector led to. */
type Found = { readonly id: string } | {
  readonly problem: string;
  /** The question failed, so that nothing is known. */
  readonly unknown?: true;
};

/** Answers each selector once. */
class Selectors {
  readonly #find: FindNodes;
  readonly #exists: (id: string) => Promise<boolean>;
  readonly #found = new Map<string, Promise<Found>>();

  constructor(find: FindNodes, exists: (id: string) => Promise<boolean>) {
    this.#find = find;
    this.#exists = exists;
  }

  get(selector: NodeSelector): Promise<Found> {
    const key = JSON.stringify(selector);
    let found = this.#found.get(key);
    if (found === undefined) {
      this.#found.set(
        key,
        found = this.#ask(selector).catch((error) => ({
          problem: `${key}: ${messageOf(error)}`,
          unknown: true,
        })),
      );
    }
    return found;
  }

  async #ask(selector: NodeSelector): Promise<Found> {
    if ("node_id" in selector) {
      const id = selector.node_id;
      return await this.#exists(id)
        ? { id }
        : { problem: `There is no node "${id}"` };
    }
    const ids = await this.#find(selector.search);
    const [id] = ids;
    if (id !== undefined && ids.length === 1) return { id };
    return {
      problem: `Search ${JSON.stringify(selector.search)} finds ${
        ids.length === 0 ? "no node" : "more than one node"
      }, wanted one`,
    };
  }
}

/** Finds the ends of all deferred edges and what has to be written for them. */
export async function resolveDeferred(options: {
  readonly rows: readonly DeferredRow[];
  readonly stored: readonly StoredEdge[];
  readonly scope: IndexScope;
  /** How the scope stands until now. */
  readonly before: StoodBefore;
  readonly find: FindNodes;
  readonly exists: (id: string) => Promise<boolean>;
  readonly run: string | null;
  readonly at: string;
}): Promise<
  { readonly changes: ScopeChanges; readonly report: DeferredReport }
> {
  const { rows, stored, scope, before: stood, find, exists, run, at } = options;
  const selectors = new Selectors(find, exists);
  const before = new Map(
    stored.map((edge) => [`${edge.type} ${edge.from} ${edge.to}`, edge]),
  );
  const wanted = new Map<string, EdgeWrite>();
  const unresolved: string[] = [];
  let declared = 0;
  let isSure = true;
  for (const row of rows) {
    for (const edge of JSON.parse(row.edges) as DeferredEdge[]) {
      declared++;
      const from = await selectors.get(edge.from);
      const to = await selectors.get(edge.to);
      for (const end of [from, to]) {
        if (!("problem" in end)) continue;
        if (end.unknown === true) isSure = false;
        if (unresolved.length < MAX_LISTED) unresolved.push(end.problem);
      }
      if ("problem" in from || "problem" in to) continue;
      wanted.set(`${edge.type} ${from.id} ${to.id}`, {
        from: from.id,
        to: to.id,
        type: edge.type,
        reported: null,
        mode: "new",
      });
    }
  }
  const edges = [...wanted].filter(([key]) => !before.has(key))
    .map(([, edge]) => edge);
  // A search that failed says nothing of the edges it found the last time.
  const goneEdges = isSure
    ? [...before].filter(([key]) => !wanted.has(key))
      .map(([, { from, to, type }]) => ({ from, to, type }))
    : [];
  return {
    changes: {
      scope,
      kinds: [],
      accountName: "",
      regionName: "",
      run,
      parent: null,
      nodes: [],
      goneNodes: [],
      edges,
      goneEdges,
      state: {
        status: "complete",
        error: null,
        since: at,
        lastAttempt: at,
        lastSuccess: at,
        count: 0,
        durationMs: 0,
        edges: "",
      },
      before: stood,
    },
    report: {
      declared,
      resolved: wanted.size,
      created: edges.length,
      deleted: goneEdges.length,
      unresolved,
    },
  };
}
