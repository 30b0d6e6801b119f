import {
  type DeleteOutcome,
  type DeleteTask,
  type DeleteTaskResult,
  type Failure,
  mapConcurrent,
  type TaskResource,
} from "@skymap/lib/plugin";
import { AwsCallError } from "../aws_error.ts";
import type {
  Item,
  Removal,
  ResourceDeclaration,
  Target,
} from "../declaration.ts";
import { detailCalls } from "../detail_calls.ts";
import { failureOf } from "./failure_of.ts";
import { lookAt, type Looked } from "./look_at.ts";
import { makeCalls } from "./make_calls.ts";
import { ResourceReader } from "./resource_reader.ts";
import { growingPauses } from "./work_clock.ts";
import type { WorkTools } from "./work_tools.ts";

/** Resources that are worked on side by side, before the limits of the client. */
const SIDE_BY_SIDE = 20;

/** Seconds within which what was deleted is gone, unless its kind says it. */
const WITHIN_SECONDS = 60;

/** For how long one is worked on: a plugin has an hour for a task. */
const LONGEST_MS = 50 * 60_000;

/** Does one thing to each of the resources; what fails fails alone. */
export async function eachOutcome(
  { resources, signal }: WorkTools,
  task: DeleteTask,
  work: (
    declared: ResourceDeclaration,
    resource: TaskResource,
  ) => Promise<DeleteOutcome>,
): Promise<DeleteTaskResult> {
  const results = await mapConcurrent(
    task.resources,
    async (resource): Promise<DeleteOutcome> => {
      const { kind, node } = resource;
      const declared = resources.get(kind);
      if (declared === undefined) {
        const reason = `this plugin has no kind "${kind}"`;
        return { node, outcome: "refused", reason };
      }
      try {
        return await work(declared, resource);
      } catch (error) {
        signal.throwIfAborted();
        return { node, outcome: "failed", error: failureOf(error) };
      }
    },
    { limit: SIDE_BY_SIDE, signal },
  );
  return { results };
}

/** Waits until AWS shows a resource no more; gives why it does not end. */
async function waitUntilGone(
  { clock, signal }: WorkTools,
  reader: ResourceReader,
  declared: ResourceDeclaration & { readonly remove: Removal },
  target: Target,
  until: number,
): Promise<Failure | undefined> {
  const { kind, remove: { isGone } } = declared;
  const begun = clock.now();
  for (const pause of growingPauses()) {
    let failure: Failure = {
      code: "still_there",
      message:
        `Cannot see ${kind} "${target.id}" go: AWS took the call, but shows it ` +
        `after ${Math.round((until - begun) / 1_000)} s still`,
    };
    const since = clock.now();
    try {
      const item = await reader.read(declared, target, since);
      if (item === undefined || isGone?.(item)) return;
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      failure = failureOf(error);
    }
    const left = until - clock.now();
    if (left <= 0) return failure;
    await clock.sleep(Math.min(pause, left), signal);
  }
}

/**
 * Deletes resources: each is read again, compared with what the graph has of it,
 * deleted, and waited for until it is gone.
 */
export async function deleteResources(
  tools: WorkTools,
  task: DeleteTask,
): Promise<DeleteTaskResult> {
  const reader = new ResourceReader(tools);
  return await eachOutcome(tools, task, async (declared, resource) => {
    const { node } = resource;
    const { kind, remove } = declared;
    if (remove === undefined) {
      const reason = `resources of kind "${kind}" cannot be deleted`;
      return { node, outcome: "refused", reason };
    }
    const looked = await lookAt(tools, reader, declared, resource);
    if ("outcome" in looked) return looked;
    const { calls, gone, later = [], withinSeconds = WITHIN_SECONDS } = remove;
    const { client, clock } = tools;
    const { target } = looked;
    const addDetails = detailCalls(client, target.region, remove.details ?? []);
    const detailed = async (item: Item): Promise<Looked | undefined> => {
      const [found] = await addDetails([item]);
      return found && { item: found, target };
    };
    const last = clock.now() + LONGEST_MS;
    const until = (): number =>
      Math.min(last, clock.now() + 1_000 * withinSeconds);
    const first = looked.isGoing ? undefined : await detailed(looked.item);
    // What stands against it may be told by these details alone.
    const reason = first && remove.refuse?.(first.item);
    if (reason !== undefined) return { node, outcome: "refused", reason };
    if (task.dry_run) return { node, outcome: "would_be_done" };
    if (first !== undefined) {
      await makeCalls(tools, calls, first, {
        done: gone,
        later,
        until: until(),
        again: async () => {
          const item = await reader.read(declared, target, clock.now());
          return item === undefined || remove.isGone?.(item)
            ? undefined
            : await detailed(item);
        },
      });
    }
    const error = await waitUntilGone(
      tools,
      reader,
      { ...declared, remove },
      target,
      until(),
    );
    return error === undefined
      ? { node, outcome: "done" }
      : { node, outcome: "failed", error };
  });
}
