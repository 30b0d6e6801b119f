/**
 * How the answer to a search changed between two states of a graph.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { SkymapError } from "@skymap/lib/errors";
import { isObject, type JsonObject } from "@skymap/lib/json";
import type { ReactionChanges } from "@skymap/lib/plugin";
import type { Searcher } from "../search/searcher.ts";

/** A graph whose answers are compared. */
export interface WatchedGraph {
  /** Its name. */
  readonly name: string;
  /** Sequence number that can be searched up to. */
  position(): Promise<number>;
  /** Sequence number that can be searched from; undefined while it is empty. */
  oldest(): Promise<number | undefined>;
  /** Answers searches over it. */
  readonly searcher: Pick<Searcher, "lines">;
}

/** Which states of a graph are compared. */
export interface Span {
  /** Sequence number of the first. */
  readonly from: number;
  /** Sequence number of the second. */
  readonly to: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Nodes that an answer may have: more would take too much memory. */
const MAX_WATCHED = 200_000;

async function* nodesAt(
  { searcher }: WatchedGraph,
  search: string,
  sequence: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly id: string; readonly text: string }> {
  for await (
    const lines of searcher.lines(search, "list", { sequence, signal })
  ) {
    for (const text of lines) {
      const { id } = JSON.parse(text) as { readonly id: string };
      yield { id, text };
    }
  }
}

/** The id of each node with the hash of what it is. */
async function hashesAt(
  graph: WatchedGraph,
  search: string,
  sequence: number,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for await (const { id, text } of nodesAt(graph, search, sequence, signal)) {
    hashes.set(id, createHash("sha1").update(contentOf(text)).digest("base64"));
    if (hashes.size <= MAX_WATCHED) continue;
    throw new SkymapError(
      "query_too_large",
      `Cannot watch the search: its answer has more than ${MAX_WATCHED} nodes`,
    );
  }
  return hashes;
}

/** What makes a node another one; when it was looked at does not. */
function contentOf(text: string): string {
  const node = JSON.parse(text) as JsonObject;
  const { reported, desired, metadata, kinds, ancestors } = node;
  return JSON.stringify([reported, desired, metadata, kinds, ancestors]);
}

async function pick(
  graph: WatchedGraph,
  search: string,
  sequence: number,
  ids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, JsonObject>> {
  const nodes = new Map<string, JsonObject>();
  if (ids.size === 0) return nodes;
  for await (const { id, text } of nodesAt(graph, search, sequence, signal)) {
    if (!ids.has(id)) continue;
    const node: unknown = JSON.parse(text);
    if (isObject(node)) nodes.set(id, node as JsonObject);
    if (nodes.size === ids.size) break;
  }
  return nodes;
}

/**
 * What appeared in the answer, what of it changed and what left it. A node may
 * come or go without having changed itself, when the search looks at others.
 *
 * @throws {SkymapError} `query_too_large`, or what the search throws.
 */
export async function answerDifference(
  graph: WatchedGraph,
  search: string,
  { from, to, signal }: Span,
): Promise<ReactionChanges> {
  const before = await hashesAt(graph, search, from, signal);
  const after = await hashesAt(graph, search, to, signal);
  const appeared = new Set<string>();
  const changed = new Set<string>();
  for (const [id, hash] of after) {
    const known = before.get(id);
    if (known === undefined) appeared.add(id);
    else if (known !== hash) changed.add(id);
  }
  const left = new Set([...before.keys()].filter((id) => !after.has(id)));
  const old = await pick(graph, search, from, left.union(changed), signal);
  const now = await pick(graph, search, to, appeared.union(changed), signal);
  const read = (
    nodes: ReadonlyMap<string, JsonObject>,
    ids: ReadonlySet<string>,
  ) => [...ids].map((id) => nodes.get(id)).filter((node) => node !== undefined);
  return {
    appeared: read(now, appeared),
    changed: [...changed].flatMap((id) => {
      const [one, other] = [old.get(id), now.get(id)];
      return one === undefined || other === undefined
        ? []
        : [{ before: one, after: other }];
    }),
    left: read(old, left),
  };
}
