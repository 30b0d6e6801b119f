import { AskRefused } from "./asks.ts";
import type { GraphNode, GraphSearchOptions } from "./contract.ts";

const DAY_MS = 86_400_000;

/** Looks into the past at most, beside the one at the begin. */
const MAX_LOOKS = 14;

/** How {@linkcode held} looks into the past. */
export interface HeldOptions {
  /** Milliseconds for which it must have been so. */
  readonly forMs: number;
  /** What time it is, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** The points in time that are looked at: now is not one of them. */
function looks({ forMs, nowMs }: HeldOptions): string[] {
  if (forMs <= 0) return [];
  const step = Math.max(DAY_MS, forMs / MAX_LOOKS);
  const ages = [forMs];
  for (let age = forMs - step; age > 0; age -= step) ages.push(age);
  return ages.map((age) => new Date(nowMs - age).toISOString());
}

/**
 * Whether nobody knows what was there: a search that can be answered now was
 * refused for its time alone, or what it is about could not be listed then.
 */
function isUnknown(error: unknown): boolean {
  return error instanceof AskRefused &&
    (error.code === "query_invalid" || error.code === "answer_incomplete");
}

/**
 * The nodes that are found now and were found for a while: in each state of the
 * graph that is looked at, one a day. What the graph does not remember was not
 * so: a new graph holds nothing for long, and what could not be listed then may have
 * been otherwise.
 *
 * @param find Finds them in one state, by searches with these options. The answers
 * must be complete: what could not be listed is not "gone".
 */
export async function held(
  find: (options: GraphSearchOptions) => AsyncIterable<GraphNode>,
  options: HeldOptions,
): Promise<readonly GraphNode[]> {
  let nodes = new Map<string, GraphNode>();
  for await (const node of find({ requireComplete: true })) {
    nodes.set(node.id, node);
  }
  for (const at of looks(options)) {
    if (nodes.size === 0) break;
    const then = new Map<string, GraphNode>();
    try {
      for await (const { id, stale } of find({ at, requireComplete: true })) {
        const node = nodes.get(id);
        if (node !== undefined && stale === undefined) then.set(id, node);
      }
    } catch (error) {
      if (!isUnknown(error)) throw error;
      return [];
    }
    nodes = then;
  }
  return [...nodes.values()];
}
