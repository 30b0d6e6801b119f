/**
 * How core stands: queues, runs, graphs. It is read when somebody looks.
 *
 * @module
 */

import { Gauge, type Registry } from "prom-client";
import type { GatewayLoad } from "../../db/mod.ts";
import type { Graph } from "../../graph/mod.ts";
import type { DiskUse } from "./disk_use.ts";

/** What {@linkcode StateMetrics} looks at; none of it may take long. */
export interface CoreState {
  /** Tasks that have not ended. */
  tasks(): Iterable<{ readonly state: string }>;
  /** Actions that have not ended. */
  actions(): Readonly<Record<"pending" | "claimed", number>>;
  /** How many listen. */
  subscribers(): number;
  /** Runs that have not ended. */
  runs(): Iterable<{ readonly state: string }>;
  /** All jobs. */
  jobs(): Iterable<{ readonly isActive: boolean }>;
  /** All plugins that are known. */
  plugins(): Iterable<{ readonly enabled: boolean }>;
  /** All graphs. */
  graphs(): Iterable<Pick<Graph, "name" | "rowsBehind" | "summary">>;
  /** What the gateway serves; undefined when it is none of core's. */
  gateway(): GatewayLoad | undefined;
  /** Milliseconds since 1970 when the next collect is, or was, due. */
  nextCollect(): number | undefined;
  /** What lies on disk. */
  disk(): Promise<DiskUse>;
}

const TASK_STATES = ["pending", "assigned", "running"] as const;
const RUN_STATES = ["waiting", "running"] as const;
const SCOPE_STATES = ["complete", "failed", "gone", "unmentioned"] as const;

type Values = Iterable<readonly [Readonly<Record<string, string>>, number]>;

/** Gauges with what a core says when somebody looks. */
export class StateMetrics {
  readonly #registry: Registry;
  #state: CoreState | undefined;

  /** Adds them to a registry; without a core they have no samples. */
  constructor(registry: Registry) {
    this.#registry = registry;
    this.#addQueues();
    this.#addRuns();
    this.#addGraphs();
    this.#addDisk();
  }

  /** Looks at a core from now on, or at none. */
  watch(state: CoreState | undefined): void {
    this.#state = state;
  }

  #gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: (state: CoreState) => Values | Promise<Values>,
  ): void {
    const values = async (): Promise<Values> => {
      const state = this.#state;
      return state === undefined ? [] : await read(state);
    };
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      async collect() {
        const found = await values();
        this.reset();
        if (labelNames.length === 0) this.remove();
        for (const [labels, value] of found) this.set(labels, value);
      },
    });
  }

  #addQueues(): void {
    this.#gauge(
      "skymap_core_tasks",
      "Tasks that have not ended",
      ["state"],
      (state) =>
        countedBy(state.tasks(), TASK_STATES, ({ state }) => state, "state"),
    );
    this.#gauge(
      "skymap_core_actions",
      "Actions that have not ended",
      ["state"],
      (state) =>
        Object.entries(state.actions())
          .map(([name, count]) => [{ state: name }, count]),
    );
    this.#gauge(
      "skymap_core_subscribers",
      "Workers and others that listen to workflows",
      [],
      (state) => [[{}, state.subscribers()]],
    );
    this.#gauge(
      "skymap_core_gateway_sockets",
      "Connections to the database by way of core",
      [],
      (state) => only(state.gateway()?.sockets),
    );
    this.#gauge(
      "skymap_core_gateway_live_queries",
      "Live queries of these connections",
      [],
      (state) => only(state.gateway()?.liveQueries),
    );
    this.#gauge(
      "skymap_core_plugins",
      "Plugins that core knows, by whether they run",
      ["state"],
      (state) =>
        countedBy(
          state.plugins(),
          ["active", "inactive"],
          ({ enabled }) => enabled ? "active" : "inactive",
          "state",
        ),
    );
  }

  #addRuns(): void {
    this.#gauge(
      "skymap_core_runs",
      "Runs of workflows and jobs that have not ended",
      ["state"],
      (state) =>
        countedBy(state.runs(), RUN_STATES, ({ state }) => state, "state"),
    );
    this.#gauge(
      "skymap_core_jobs",
      "Jobs, by whether they run by themselves",
      ["state"],
      (state) =>
        countedBy(
          state.jobs(),
          ["active", "inactive"],
          ({ isActive }) => isActive ? "active" : "inactive",
          "state",
        ),
    );
    this.#gauge(
      "skymap_core_next_collect_timestamp_seconds",
      "When the collect after the last good one is, or was, due",
      [],
      (state) => only(seconds(state.nextCollect())),
    );
  }

  #addGraphs(): void {
    this.#gauge(
      "skymap_core_index_waiting_rows",
      "Rows of the record that the search index does not have yet",
      ["graph"],
      (state) =>
        [...state.graphs()].map((
          { name: graph, rowsBehind },
        ) => [{ graph }, rowsBehind]),
    );
    for (const element of ["nodes", "edges"] as const) {
      this.#gauge(
        `skymap_core_${element}`,
        `${element === "nodes" ? "Nodes" : "Edges"} of the graph`,
        ["graph"],
        (state) =>
          ofGraphs(state, ({ graph, ...summary }) => [
            [{ graph }, summary[element]],
          ]),
      );
    }
    this.#gauge(
      "skymap_core_scopes",
      "Scopes of the ledger, by how their listing stands",
      ["graph", "cloud", "state"],
      (state) =>
        ofGraphs(
          state,
          ({ graph, scopes }) =>
            [...new Set(scopes.map(({ cloud }) => cloud))].flatMap((cloud) =>
              SCOPE_STATES.map((name) => {
                const found = scopes.find((each) =>
                  each.cloud === cloud && each.status === name
                );
                return [{ graph, cloud, state: name }, found?.count ?? 0];
              })
            ),
        ),
    );
    this.#gauge(
      "skymap_core_oldest_scope_timestamp_seconds",
      "Oldest of the last complete listings of the scopes",
      ["graph", "cloud"],
      (state) =>
        ofGraphs(state, ({ graph, scopes }) => {
          const oldest = new Map<string, number>();
          for (const { cloud, status, oldestMs } of scopes) {
            // Nobody lists what is gone: it waits to be retired.
            if (oldestMs === null || status === "gone") continue;
            const before = oldest.get(cloud) ?? Infinity;
            oldest.set(cloud, Math.min(before, oldestMs));
          }
          return [...oldest].map((
            [cloud, ms],
          ) => [{ graph, cloud }, ms / 1_000]);
        }),
    );
  }

  #addDisk(): void {
    this.#gauge(
      "skymap_core_disk_used_bytes",
      "Bytes of the data directory",
      ["store"],
      async (state) => {
        const { record, index } = await state.disk();
        return [[{ store: "record" }, record], [{ store: "index" }, index]];
      },
    );
    this.#gauge(
      "skymap_core_disk_free_bytes",
      "Bytes that the disk of the data directory has left",
      [],
      async (state) => only((await state.disk()).free),
    );
  }
}

function only(value: number | undefined): Values {
  return value === undefined ? [] : [[{}, value]];
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}

/** How many there are of each value, also of those of which there is none. */
function countedBy<T>(
  elements: Iterable<T>,
  values: readonly string[],
  valueOf: (element: T) => string,
  label: string,
): Values {
  const counts = new Map(values.map((value) => [value, 0]));
  for (const element of elements) {
    const value = valueOf(element);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].map(([value, count]) => [{ [label]: value }, count]);
}

type Summary = Awaited<ReturnType<Graph["summary"]>>;

/** Values of each graph that can be read; one that is being closed has none. */
async function ofGraphs(
  state: CoreState,
  read: (
    summary: Summary & { readonly graph: string },
  ) => (readonly [Readonly<Record<string, string>>, number])[],
): Promise<Values> {
  const found = await Promise.all(
    [...state.graphs()].map(async (graph) => {
      const summary = await graph.summary().catch(() => undefined);
      return summary === undefined
        ? []
        : read({ ...summary, graph: graph.name });
    }),
  );
  return found.flat();
}
