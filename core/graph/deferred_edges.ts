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

/** The account that a node lies in; undefined when there is no such node. */
export type FindOwner = (
  id: string,
) => Promise<{ readonly cloud: string; readonly account: string } | undefined>;

/** What a selector led to. */
type Found = { readonly id: string; readonly owner: string } | {
  readonly problem: string;
  /** The question failed, so that nothing is known. */
  readonly unknown?: true;
};

/** Answers each selector once. */
class Selectors {
  readonly #find: FindNodes;
  readonly #owner: FindOwner;
  readonly #found = new Map<string, Promise<Found>>();

  constructor(find: FindNodes, owner: FindOwner) {
    this.#find = find;
    this.#owner = owner;
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
    if ("node_id" in selector) return await this.#node(selector.node_id);
    const ids = await this.#find(selector.search);
    const [id] = ids;
    if (id !== undefined && ids.length === 1) return await this.#node(id);
    return {
      problem: `Search ${JSON.stringify(selector.search)} finds ${
        ids.length === 0 ? "no node" : "more than one node"
      }, wanted one`,
    };
  }
  async #node(id: string): Promise<Found> {
    const node = await this.#owner(id);
    return node === undefined
      ? { problem: `There is no node "${id}"` }
      : { id, owner: ownerText(node.cloud, node.account) };
  }
}

/** An account as one text. */
function ownerText(cloud: string, account: string): string {
  return JSON.stringify([cloud, account]);
}

/**
 * Finds the ends of all deferred edges and what has to be written for them. One
 * end must lie in the account whose collect declared the edge: nobody connects
 * what belongs to others.
 */
export async function resolveDeferred(options: {
  readonly rows: readonly DeferredRow[];
  readonly stored: readonly StoredEdge[];
  readonly scope: IndexScope;
  /** How the scope stands until now. */
  readonly before: StoodBefore;
  readonly find: FindNodes;
  readonly owner: FindOwner;
  readonly run: string | null;
  readonly at: string;
}): Promise<
  { readonly changes: ScopeChanges; readonly report: DeferredReport }
> {
  const { rows, stored, scope, before: stood, find, owner, run, at } = options;
  const selectors = new Selectors(find, owner);
  const before = new Map(
    stored.map((edge) => [`${edge.type} ${edge.from} ${edge.to}`, edge]),
  );
  const wanted = new Map<string, EdgeWrite>();
  const unresolved: string[] = [];
  let declared = 0;
  let isSure = true;
  for (const row of rows) {
    const [cloud, account] = row.scope;
    const own = ownerText(cloud, account);
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
      if (from.owner !== own && to.owner !== own) {
        if (unresolved.length < MAX_LISTED) {
          unresolved.push(
            `The edge from "${from.id}" to "${to.id}" connects no node of ` +
              `account "${account}" of cloud "${cloud}", which declared it`,
          );
        }
        continue;
      }
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
