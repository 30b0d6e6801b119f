/**
 * Tasks, and who can do them.
 *
 * @module
 */

import type { CapabilityJson, TaskState } from "@skymap/lib/client";
import type { Json, JsonObject } from "@skymap/lib/json";

/** Work that exactly one able worker does. */
export interface Task {
  /** Its id. */
  readonly id: string;
  /** What is to be done, such as `tag`. */
  readonly name: string;
  /** Where: cloud, account, region and the like. */
  readonly attrs: Readonly<Record<string, string>>;
  /** What the worker needs to know. */
  readonly payload: JsonObject;
  /** How far it is. */
  readonly state: TaskState;
  /** The worker record that has it. */
  readonly owner?: string;
  /** Milliseconds since 1970 until which it is the owner's. */
  readonly leaseUntil?: number;
  /** How often it was given to a worker. */
  readonly attempts: number;
  /** How often it may be given to a worker again. */
  readonly retries: number;
  /** Milliseconds since 1970 when it is too late. */
  readonly deadline: number;
  /**
   * Milliseconds for which a worker is waited for that can do it; only the core
   * that took the task knows. Default: until its deadline.
   */
  readonly reachMs?: number;
  /** Milliseconds since 1970 at which it was taken from a worker. */
  readonly freedAt?: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** What the worker answered. */
  readonly result?: Json;
  /** Why it failed. */
  readonly error?: string;
}

/** A subscriber as tasks see it. */
export interface TaskWorker {
  /** Id of the subscriber. */
  readonly id: string;
  /** What it can do. */
  readonly capabilities: readonly CapabilityJson[];
  /** How many tasks it does side by side. */
  readonly parallelTasks: number;
  /** How many it has. */
  readonly outstanding: number;
}

/**
 * How closely a capability fits a task: the number of filter keys, all of which
 * hold; undefined when one does not.
 */
export function fitOf(
  capability: CapabilityJson,
  task: Pick<Task, "name" | "attrs">,
): number | undefined {
  if (capability.name !== task.name) return undefined;
  const filters = Object.entries(capability.filter);
  const holds = filters.every(([key, wanted]) => {
    const value = Object.hasOwn(task.attrs, key) ? task.attrs[key] : undefined;
    return value !== undefined && wanted.includes(value);
  });
  return holds ? filters.length : undefined;
}

/**
 * Who shall do a task: of those that can and have a hand free, the one whose
 * filter names most attributes; of these the one with least to do.
 */
export function chooseWorker<W extends TaskWorker>(
  task: Pick<Task, "name" | "attrs">,
  workers: readonly W[],
): W | undefined {
  let best: W | undefined;
  let bestFit = -1;
  for (const worker of workers) {
    if (worker.outstanding >= worker.parallelTasks) continue;
    const fit = Math.max(
      ...worker.capabilities.map((each) => fitOf(each, task) ?? -1),
    );
    if (fit < 0 || fit < bestFit) continue;
    if (
      best === undefined || fit > bestFit ||
      worker.outstanding < best.outstanding
    ) {
      best = worker;
      bestFit = fit;
    }
  }
  return best;
}

/** Why no worker can do a task; undefined when one can, busy or not. */
export function whyUnfit(
  task: Pick<Task, "name" | "attrs">,
  workers: readonly Pick<TaskWorker, "capabilities">[],
): { readonly reason: string; readonly isAccount: boolean } | undefined {
  const capabilities = workers.flatMap((worker) => worker.capabilities)
    .filter(({ name }) => name === task.name);
  if (capabilities.some((each) => fitOf(each, task) !== undefined)) return;
  const { account } = task.attrs;
  // What is done in the cloud is done for the accounts that workers list.
  const isAccount = account !== undefined &&
    capabilities.some(({ name, filter: { account: _, ...filter } }) =>
      fitOf({ name, filter }, task) !== undefined
    );
  return {
    isAccount,
    reason: isAccount
      ? `no worker reaches account "${account}"`
      : "no worker can do it",
  };
}

/** A task in a few words, for messages. */
export function describeTask(task: Pick<Task, "name" | "attrs">): string {
  const attrs = Object.entries(task.attrs).map(([key, value]) =>
    `${key}=${value}`
  );
  return [`"${task.name}"`, ...attrs].join(" ");
}
