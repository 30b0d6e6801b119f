/**
 * What core's own metrics see of core.
 *
 * @module
 */

import type { Database } from "./db/mod.ts";
import type { Actions } from "./events/actions.ts";
import type { Subscribers } from "./events/subscribers.ts";
import type { Graph } from "./graph/mod.ts";
import type { Graphs } from "./graphs.ts";
import type { CoreMetrics, CoreState, DiskWatch } from "./http/mod.ts";
import type { PluginRegistry } from "./registry/registry.ts";
import type { TaskQueue } from "./tasks/queue.ts";
import type { WorkflowEngine } from "./workflow/engine.ts";
import type { JobStore } from "./workflow/job_store.ts";

/** The parts of core that are looked at. */
export interface WatchedParts {
  readonly database: Pick<Database, "gatewayLoad">;
  readonly graphs: Pick<Graphs, "all">;
  readonly subscribers: Pick<Subscribers, "list">;
  readonly actions: Pick<Actions, "openCounts">;
  readonly tasks: Pick<TaskQueue, "list">;
  readonly engine: Pick<WorkflowEngine, "list" | "open" | "dueAfter">;
  readonly jobs: Pick<JobStore, "list">;
  readonly plugins: Pick<PluginRegistry, "list">;
  readonly disk: DiskWatch;
}

/** Milliseconds since 1970 of the newest complete listing in these graphs. */
export async function newestListing(
  graphs: Iterable<Pick<Graph, "summary">>,
): Promise<number | undefined> {
  const summaries = await Promise.all(
    [...graphs].map((graph) => graph.summary().catch(() => undefined)),
  );
  const newest = summaries
    .flatMap((summary) => summary?.scopes ?? [])
    .reduce((newest, { newestMs }) => Math.max(newest, newestMs ?? 0), 0);
  return newest === 0 ? undefined : newest;
}

/** Step of workflows in which workers collect. */
const COLLECT = "collect";

/** How the parts stand, whenever somebody looks; `startedMs` is when they began. */
export function coreState(
  parts: WatchedParts,
  metrics: CoreMetrics,
  startedMs: number,
): CoreState {
  const { database, graphs, subscribers, actions, tasks, engine } = parts;
  return {
    tasks: () => tasks.list(),
    actions: () => actions.openCounts,
    subscribers: () => subscribers.list().length,
    runs: () => engine.open,
    jobs: () => parts.jobs.list(),
    plugins: () => parts.plugins.list(),
    graphs: () => graphs.all(),
    gateway: () => database.gatewayLoad(),
    nextCollect: () => {
      const since = metrics.runs.lastCollect?.startedAt ?? startedMs;
      const due = engine.list()
        .filter(({ steps }) => steps.includes(COLLECT))
        .flatMap(({ name }) => engine.dueAfter(name, since)?.getTime() ?? []);
      return due.length === 0 ? undefined : Math.min(...due);
    },
    disk: () => parts.disk.read(),
  };
}
