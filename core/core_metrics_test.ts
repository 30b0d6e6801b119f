import type { PluginAccessJson, SubscriberJson } from "@skymap/lib/client";
import { readSettings } from "@skymap/lib/settings";
import { FakeClock, until } from "@skymap/lib/testing";
import assert from "node:assert/strict";
import { coreCommandLine } from "./core_command_line.ts";
import { openTestDatabase, type TestDatabase } from "./db/test_database.ts";
import { toBody, TOY_MODEL, toyMessages } from "./graph/_toy_graph.ts";
import type { Api } from "./http/endpoint.ts";
import { CoreMetrics, createApi, type Services } from "./http/mod.ts";
import { type OpenCore, openCore } from "./open_core.ts";
import { SETTINGS } from "./settings.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 10, 8, 30);

let database: TestDatabase;
Deno.test.beforeEach(async () => {
  database = await openTestDatabase();
});
Deno.test.afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

const CALLER = { subject: "ada", role: "operator" } as const;
const WORKER: SubscriberJson = {
  id: "w1",
  subscriptions: {
    collect: {
      message_type: "collect",
      wait_for_completion: true,
      timeout: 600,
    },
  },
};
const { signal } = new AbortController();

/** A core with its API, and the page of its metrics. */
class MeteredCore implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly core: OpenCore;
  readonly api: Api;
  readonly run: (line: string) => Promise<void>;
  readonly metrics: CoreMetrics;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    parts: Pick<MeteredCore, "clock" | "core" | "api" | "run" | "metrics">,
    stack: AsyncDisposableStack,
  ) {
    this.clock = parts.clock;
    this.core = parts.core;
    this.api = parts.api;
    this.run = parts.run;
    this.metrics = parts.metrics;
    this.#stack = stack;
  }

  static async open(clock = new FakeClock(START_MS)): Promise<MeteredCore> {
    await using stack = new AsyncDisposableStack();
    const metrics = new CoreMetrics();
    const opened = Promise.withResolvers<void>();
    const open: { services?: Services } = {};
    const lazy = new Proxy({} as Services, {
      get: (_target, name) => Reflect.get(open.services ?? {}, name),
    });
    const commandLine = coreCommandLine(lazy, {
      clock,
      watch: (events) => metrics.work.lines(events),
    });
    const stop = new AbortController();
    stack.defer(() => stop.abort());
    const { settings } = readSettings(SETTINGS, {
      role: "core",
      brief: "",
      args: [],
      env: () => undefined,
    });
    const core = stack.use(
      await openCore({
        settings,
        database: database.db,
        dataDir: database.dataDir,
        metrics,
        commandLine,
        opened: opened.promise,
        clock,
        signal: stop.signal,
      }),
    );
    const services: Services = {
      ...core.services,
      version: "1.2.3",
      ready: () => undefined,
      authenticate: () => Promise.resolve(CALLER),
      metrics: () => metrics.blocks(),
      time: metrics.time,
    };
    open.services = services;
    opened.resolve();
    metrics.process.setReady(true);
    const api = createApi(services, commandLine);
    const run = async (line: string) => {
      const events = await commandLine.execute(line, {
        caller: CALLER,
        signal,
      });
      for await (const _ of events);
    };
    return new MeteredCore({ clock, core, api, run, metrics }, stack.move());
  }

  /** The page, as Prometheus reads it. */
  async page(): Promise<string> {
    const response = await this.request("/metrics");
    return await response.text();
  }

  /** Values of samples by their name and labels; undefined where there is none. */
  async values(
    ...names: readonly string[]
  ): Promise<readonly (number | undefined)[]> {
    const lines = (await this.page()).split("\n").map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), Number(line.slice(at + 1))] as const;
    });
    const found = new Map(lines);
    return names.map((name) => found.get(`skymap_core_${name}`));
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    return Promise.resolve(this.api.request(path, {
      ...init,
      headers: { authorization: "Bearer x", ...init.headers },
    }));
  }

  post(path: string, body: string): Promise<Response> {
    return this.request(path, { method: "POST", body });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** Names of the families of a page. */
function familiesOf(page: string): readonly string[] {
  return [...page.matchAll(/^# TYPE (\S+) (\w+)$/gm)]
    .map(([, name = ""]) => name).sort();
}

Deno.test("core's metrics count requests, merges, searches and lines", async () => {
  await using at = await MeteredCore.open();
  const graph = at.core.services.graph("main");
  await graph.updateModel(TOY_MODEL);
  const messages = [
    ...toyMessages([
      { nodes: { b1: { size: 1 }, b2: {} } },
      { kind: "toy_disk", failed: { code: "denied", message: "no" } },
    ]).slice(0, -1),
  ];
  const body = [
    messages[0],
    { type: "node", scope: 1, id: "b3", reported: { size: [1] } },
    ...messages.slice(1),
    { type: "end" },
  ].map((each) => JSON.stringify(each)).join("\n");
  const merged = await at.post("/graph/main/merge", `${body}\n`);
  assert.equal(merged.status, 200, await merged.text());
  await at.post("/graph/main/merge", "nonsense\n");
  await (await at.post("/graph/main/search/list", "is(toy_box)")).text();
  await (await at.post(
    "/graph/main/search/aggregate",
    "aggregate(kind: sum(1) as n): is(toy_box)",
  )).text();
  await (await at.post("/graph/main/search/history/list", "is(toy_box)"))
    .text();
  await (await at.post(
    "/graph/main/search/history/timeline?granularity=1h",
    "is(toy_box)",
  )).text();
  await at.run("search is(toy_box) | count");
  await at.run("workflows show nothing");

  const merge = "merge_duration_seconds_count";
  const search = "search_duration_seconds_count";
  assert.deepEqual(
    await at.values(
      `${merge}{graph="main",result="done"}`,
      `${merge}{graph="main",result="failed"}`,
      'merges_running{graph="main"}',
      'merge_rejected_lines_total{graph="main"}',
      'merged_scopes_total{graph="main",status="complete"}',
      'merged_scopes_total{graph="main",status="failed"}',
      'merged_changes_total{graph="main",element="nodes",change="created"}',
    ),
    // A scope of which a node was refused is not complete.
    [1, 1, 0, 1, 0, 2, 2],
  );
  const page = await at.page();
  assert.match(
    page,
    /^skymap_core_request_duration_seconds_count\{method="POST",path="\/graph\/:graph\/merge",status="200"\} 1$/m,
  );
  assert.deepEqual(
    await at.values(
      `${search}{graph="main",form="list",result="done"}`,
      `${search}{graph="main",form="aggregate",result="done"}`,
      `${search}{graph="main",form="history",result="done"}`,
      `${search}{graph="main",form="timeline",result="done"}`,
      'searches_running{graph="main"}',
      'command_line_duration_seconds_count{result="done"}',
      'command_line_duration_seconds_count{result="failed"}',
      "command_lines_running",
      "requests_running",
    ),
    // The page itself is a request.
    [1, 2, 1, 1, 0, 1, 1, 0, 1],
    page,
  );
});

Deno.test("core's metrics tell how graphs, listings, queues and the disk stand", async () => {
  await using at = await MeteredCore.open();
  const { services } = at.core;
  const graph = services.graph("main");
  await graph.updateModel(TOY_MODEL);
  const merge = async (
    scopes: Parameters<typeof toyMessages>[0],
  ): Promise<void> => {
    const options = { source: "test", signal };
    await graph.merge(toBody(toyMessages(scopes)), options);
  };
  await merge([{ nodes: { b1: {}, b2: {} } }, { kind: "toy_disk" }]);
  await at.clock.advance(HOUR_MS);
  await merge([{
    kind: "toy_disk",
    failed: { code: "denied", message: "no" },
  }]);
  const scopes = (state: string) =>
    `scopes{graph="main",cloud="toy",state="${state}"}`;
  const standing = [
    'nodes{graph="main"}',
    'edges{graph="main"}',
    scopes("complete"),
    scopes("failed"),
    scopes("gone"),
    'oldest_scope_timestamp_seconds{graph="main",cloud="toy"}',
    'index_waiting_rows{graph="main"}',
  ];
  assert.deepEqual(
    await at.values(...standing),
    [4, 3, 1, 1, 0, START_MS / 1_000, 0],
  );
  await merge([{ nodes: { b1: {} } }, { kind: "toy_disk" }]);
  assert.deepEqual(
    await at.values(...standing),
    [3, 2, 2, 0, 0, (START_MS + HOUR_MS) / 1_000, 0],
  );

  await graph.merge(
    toBody([
      { type: "accounts", cloud: "toy", accounts: [] },
      { type: "end" },
    ]),
    { source: "test", signal },
  );
  // Nobody lists what is gone: how old that is says nothing.
  assert.deepEqual(
    await at.values(...standing.slice(2, 6)),
    [0, 0, 2, undefined],
  );

  await services.graphSet.create("other");
  await (await at.post("/graph/other/search/list", "all")).text();
  await services.subscribers.put(WORKER);
  await services.jobs.put("night", { command: "echo 1" });
  await services.plugins.announce([{
    protocol: 1,
    name: "example",
    version: "1.0.0",
    description: "x",
    cloud: "example",
    containers: { account: "example_account", region: "example_region" },
    kinds: [{ name: "example_account" }, { name: "example_region" }],
    collects: true,
    actions: [],
    tasks: [],
    commands: [],
    reactions: [],
    permissions: {
      accounts: {},
      collect: {},
      actions: {},
      tasks: {},
      commands: {},
      reactions: {},
    },
  }], "w1");
  const run = await services.workflows.run("collect", "test");
  await until(async () => {
    const [pending] = await at.values('actions{state="pending"}');
    return pending === 1;
  });
  assert.deepEqual(
    await at.values(
      'nodes{graph="other"}',
      "subscribers",
      'actions{state="claimed"}',
      'runs{state="running"}',
      'runs{state="waiting"}',
      'tasks{state="pending"}',
      'jobs{state="active"}',
      'jobs{state="inactive"}',
      'plugins{state="active"}',
      "gateway_sockets",
      "gateway_live_queries",
      "ready",
      'build_info{version="0.1.0"}',
    ),
    [0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1],
  );
  await services.workflows.stop(run.id);
  await services.graphSet.remove("other");
  assert.ok(!(await at.page()).includes('graph="other"'));
  const [other, record, index, free, memory] = await at.values(
    'nodes{graph="other"}',
    'disk_used_bytes{store="record"}',
    'disk_used_bytes{store="index"}',
    "disk_free_bytes",
    "resident_memory_bytes",
  );
  assert.equal(other, undefined);
  for (const bytes of [record, index, free, memory]) {
    assert.ok((bytes ?? 0) > 10_000, `${bytes}`);
  }

  await services.plugins.record([
    {
      plugin: "example",
      version: "1.0.0",
      permission: "net",
      value: "evil.example.org:443",
      allowed: false,
      count: 3,
      first_at: new Date(START_MS).toISOString(),
      last_at: new Date(START_MS).toISOString(),
    } satisfies PluginAccessJson,
  ], "w1");
  assert.deepEqual(
    await at.values(
      'plugin_denials_total{plugin="example",permission="net"}',
    ),
    [3],
  );
});

Deno.test("core's metrics tell how runs ended and when a collect is due, also after a restart", async () => {
  const clock = new FakeClock(START_MS);
  const collect = async (
    at: MeteredCore,
    state: "done" | "failed",
    scopes: Parameters<typeof toyMessages>[0],
  ): Promise<void> => {
    const { services } = at.core;
    await services.subscribers.put(WORKER);
    const { id } = await services.workflows.run("collect", "test");
    await services.graph("main").merge(
      toBody(
        scopes.length > 0 ? toyMessages(scopes) : [
          { type: "accounts", cloud: "toy", accounts: [] },
          { type: "end" },
        ],
      ),
      { source: "test", signal },
    );
    const action = `${id}:collect:w1`;
    const { system } = database.db;
    await until(async () => {
      const [[row]] = await system.query<[unknown[]]>(
        `UPDATE type::record('action', $action) SET state = $state,
          ended_at = time::now() RETURN id`,
        { action, state },
      );
      return row !== undefined;
    });
    await until(async () => {
      await clock.advance(1_000);
      const run = await services.workflows.get(id);
      return run?.state !== "running";
    });
  };
  const names = [
    "last_collect_timestamp_seconds",
    "next_collect_timestamp_seconds",
    'last_run_timestamp_seconds{workflow="collect",result="done"}',
    'run_duration_seconds_count{workflow="collect",result="done"}',
  ];
  const dueSeconds = Date.UTC(2026, 0, 10, 9) / 1_000;
  let known: readonly (number | undefined)[];
  {
    await using at = await MeteredCore.open(clock);
    assert.deepEqual(
      await at.values(...names),
      [undefined, dueSeconds, undefined, undefined],
    );
    await at.core.services.graph("main").updateModel(TOY_MODEL);
    await collect(at, "done", []);
    const none = await at.values(...names.slice(0, 2));
    assert.deepEqual(none, [undefined, dueSeconds], "it lists no account");
    // An account that cannot be reached does not make the others old.
    await collect(at, "failed", [{ nodes: { b1: {} } }]);
    known = await until(async () => {
      const values = await at.values(...names);
      return values[0] === undefined ? undefined : values;
    });
    const [collected = 0, due, ended = 0, count] = known;
    assert.ok(collected >= START_MS / 1_000 && collected <= ended);
    assert.deepEqual([due, count], [dueSeconds, 2]);
    const denied = { code: "denied", message: "no" };
    for (const scopes of [[], [{ failed: denied }]]) {
      await clock.advance(HOUR_MS);
      await collect(at, "done", scopes);
      const after = await at.values(...names.slice(0, 2));
      assert.deepEqual(after, known.slice(0, 2), "it listed nothing");
    }
  }
  await using again = await MeteredCore.open(clock);
  assert.deepEqual(
    (await again.values(...names)).slice(0, 3),
    [known[0], dueSeconds, (await again.values(names[2] ?? ""))[0]],
  );
  assert.notEqual((await again.values(names[2] ?? ""))[0], undefined);
});

Deno.test("docs/operations.md has every series of core", async () => {
  await using at = await MeteredCore.open();
  const docs = new URL("../docs/operations.md", import.meta.url);
  const text = await Deno.readTextFile(docs);
  const written = [...text.matchAll(/^\| `(skymap_core_\w+)/gm)]
    .map(([, name = ""]) => name).sort();
  assert.deepEqual(written, familiesOf(await at.page()));
});
