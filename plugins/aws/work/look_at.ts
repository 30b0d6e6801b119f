import type { DeleteOutcome, TaskResource } from "@skymap/lib/plugin";
import type { Item, ResourceDeclaration, Target } from "../declaration.ts";
import { parsePath, readFirst } from "../path.ts";
import { reportedOf } from "../reported_of.ts";
import { differingPaths } from "./differing_paths.ts";
import type { ResourceReader } from "./resource_reader.ts";
import { targetOf } from "./target_of.ts";
import type { WorkTools } from "./work_tools.ts";

/** A resource that nothing stands against. */
export interface Looked {
  /** As AWS shows it now. */
  readonly item: Item;
  /** As its calls want to know it. */
  readonly target: Target;
  /** Whether AWS deletes it already: nothing more is to be called. */
  readonly isGoing?: boolean;
}

/** Whether AWS deletes it already: for whom, its state does not say. */
function isGoing({ remove }: ResourceDeclaration, item: Item): boolean {
  const { of, states } = remove?.going ?? {};
  if (of === undefined || states === undefined) return false;
  const state = String(readFirst(parsePath(of), item)).toLowerCase();
  return states.some((each) => each.toLowerCase() === state);
}

/**
 * Reads a resource again, right before something is done to it. Gives an outcome
 * when it is gone, not what the graph has of it, or must be left alone.
 */
export async function lookAt(
  tools: WorkTools,
  reader: ResourceReader,
  declared: ResourceDeclaration,
  resource: TaskResource,
): Promise<Looked | DeleteOutcome> {
  const { node, reported } = resource;
  const { detach, properties, remove } = declared;
  const target = targetOf(resource, declared, tools);
  const item = await reader.read(declared, target, 0);
  if (item === undefined || remove?.isGone?.(item)) {
    return { node, outcome: "gone" };
  }
  // A task that was cut short had it deleted: it is none of what it was before.
  if (isGoing(declared, item)) return { item, target, isGoing: true };
  const paths = differingPaths(
    properties,
    reported,
    reportedOf(declared, target.id, item),
    // What was detached from others has less than the graph has of it.
    { mayHaveLess: detach !== undefined, follows: remove?.follows },
  );
  if (paths.length > 0) return { node, outcome: "changed", paths };
  const reason = remove?.refuse?.(item);
  return reason === undefined
    ? { item, target }
    : { node, outcome: "refused", reason };
}
