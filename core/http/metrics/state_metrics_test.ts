import { deepStrictEqual } from "node:assert/strict";
import { TestRegistry } from "./_page.ts";
import { type CoreState, StateMetrics } from "./state_metrics.ts";

const STATE: CoreState = {
  tasks: () => [{ state: "running" }, { state: "running" }],
  actions: () => ({ pending: 2, claimed: 1 }),
  subscribers: () => 4,
  runs: () => [{ state: "waiting" }],
  jobs: () => [{ isActive: false }],
  plugins: () => [{ enabled: true }, { enabled: false }],
  graphs: () => [
    {
      name: "main",
      rowsBehind: 7,
      summary: () => Promise.resolve({ nodes: 3, edges: 2, scopes: [] }),
    },
    {
      name: "closing",
      rowsBehind: 0,
      summary: () => Promise.reject(new Error("it is closed")),
    },
  ],
  gateway: () => ({ sockets: 3, liveQueries: 5 }),
  nextCollect: () => 1_500,
  disk: () => Promise.resolve({ record: 10, index: 20, free: undefined }),
};

Deno.test("StateMetrics tells what core says when somebody looks, and nothing without a core", async () => {
  const registry = new TestRegistry();
  const metrics = new StateMetrics(registry);
  deepStrictEqual(await registry.lines(), []);
  metrics.watch(STATE);
  deepStrictEqual(await registry.lines(), [
    'actions{state="claimed"} 1',
    'actions{state="pending"} 2',
    'disk_used_bytes{store="index"} 20',
    'disk_used_bytes{store="record"} 10',
    'edges{graph="main"} 2',
    "gateway_live_queries 5",
    "gateway_sockets 3",
    'index_waiting_rows{graph="closing"} 0',
    'index_waiting_rows{graph="main"} 7',
    'jobs{state="active"} 0',
    'jobs{state="inactive"} 1',
    "next_collect_timestamp_seconds 1.5",
    'nodes{graph="main"} 3',
    'plugins{state="active"} 1',
    'plugins{state="inactive"} 1',
    'runs{state="running"} 0',
    'runs{state="waiting"} 1',
    "subscribers 4",
    'tasks{state="assigned"} 0',
    'tasks{state="pending"} 0',
    'tasks{state="running"} 2',
  ]);
  metrics.watch({
    ...STATE,
    gateway: () => undefined,
    nextCollect: () => undefined,
  });
  const absent = ["gateway", "next_collect"].map((prefix) =>
    registry.lines(prefix)
  );
  deepStrictEqual(await Promise.all(absent), [[], []]);
  metrics.watch(undefined);
  deepStrictEqual(await registry.lines(), []);
});
