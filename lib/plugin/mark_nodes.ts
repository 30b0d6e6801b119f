import type { GraphNode, WorkContext } from "./contract.ts";

/** Nodes of one reason that are marked at once. */
const BATCH = 500;

/** Nodes that are named, when not all could be marked. */
const NAMED = 10;

/** A node that shall go, and why. */
export interface Mark {
  /** The node. */
  readonly node: GraphNode;
  /** Why, for those who look at the mark. */
  readonly reason: string;
}

/**
 * Marks nodes to be cleaned up, and tells the operator how many there were. Nodes
 * that could not be marked, such as those that are protected, are told as well.
 *
 * @returns How many were marked.
 */
export async function markNodes(
  { graph, issue }: Pick<WorkContext<unknown>, "graph" | "issue">,
  marks: AsyncIterable<Mark> | Iterable<Mark>,
): Promise<number> {
  let marked = 0;
  let refused = 0;
  const examples: string[] = [];
  const waiting = new Map<string, string[]>();
  async function flush(reason: string, ids: readonly string[]): Promise<void> {
    waiting.delete(reason);
    const change = await graph.clean(ids, reason);
    marked += change.changed;
    refused += change.refused.length;
    for (const { id, reason } of change.refused) {
      if (examples.length < NAMED) examples.push(`${id}: ${reason}`);
    }
  }
  for await (const { node, reason } of marks) {
    const ids = waiting.get(reason) ?? [];
    ids.push(node.id);
    waiting.set(reason, ids);
    if (ids.length >= BATCH) await flush(reason, ids);
  }
  for (const [reason, ids] of [...waiting]) await flush(reason, ids);
  if (marked > 0) {
    issue("info", `Marked ${marked} resources to be cleaned up`, { marked });
  }
  if (refused > 0) {
    issue(
      "warning",
      `Did not mark ${refused} resources; ${examples.join("; ")}`,
      { refused },
    );
  }
  return marked;
}
