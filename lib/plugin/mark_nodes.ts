import type { GraphNode, WorkContext } from "./contract.ts";
import { quoted } from "./node_facts.ts";

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

/** Whose marks these are. */
export interface MarkOptions {
  /** The plugin's name: marks that it made before are looked at again. */
  readonly plugin: string;
  /**
   * Whether nobody could look at a node this time: its mark stays. Default: all
   * nodes were looked at.
   */
  readonly isUnseen?: (node: GraphNode) => boolean;
}

/** What of a context it needs. */
export type MarkContext = Pick<WorkContext<unknown>, "graph" | "issue">;

/**
 * Marks nodes to be cleaned up, and tells the operator how many there were. Nodes
 * that could not be marked, such as those that are protected, are told as well.
 *
 * The marks are all that a rule would make now, also of nodes that are marked
 * already. A mark that the plugin made before and would not make now is taken
 * back: whoever gives a resource the tag that it lacked has saved it.
 *
 * @returns How many were marked.
 */
export async function markNodes(
  context: MarkContext,
  marks: AsyncIterable<Mark> | Iterable<Mark>,
  options: MarkOptions,
): Promise<number> {
  const { graph, issue } = context;
  let marked = 0;
  let refused = 0;
  const examples: string[] = [];
  const due = new Set<string>();
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
    if (due.has(node.id)) continue;
    due.add(node.id);
    if (node.desired?.["clean"] === true) continue;
    const ids = waiting.get(reason) ?? [];
    ids.push(node.id);
    waiting.set(reason, ids);
    if (ids.length >= BATCH) await flush(reason, ids);
  }
  for (const [reason, ids] of [...waiting]) await flush(reason, ids);
  const back = await takeBack(context, due, options);
  if (marked > 0) {
    issue("info", `Marked ${marked} resources to be cleaned up`, { marked });
  }
  if (back > 0) {
    issue(
      "info",
      `Took back the marks of ${back} resources, for which there is no reason any more`,
      { back },
    );
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

/** Takes back marks of the plugin that are not due; gives how many. */
async function takeBack(
  { graph }: MarkContext,
  due: ReadonlySet<string>,
  { plugin, isUnseen = () => false }: MarkOptions,
): Promise<number> {
  // Core writes at the end of a reason which plugin gave it.
  const own = quoted(`[(]plugin ${plugin}[)]$`);
  const search = "/desired.clean = true and /metadata.cleaned != true and " +
    `/metadata.clean_reason =~ ${own}`;
  const ids: string[] = [];
  for await (const node of graph.search(search)) {
    if (!due.has(node.id) && !isUnseen(node)) ids.push(node.id);
  }
  return ids.length === 0 ? 0 : (await graph.keep(ids)).changed;
}
