import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { ActivePlugins } from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import type { ReactionChanges } from "@skymap/lib/plugin";
import { TaskRunner } from "@skymap/lib/subscriber";
import { until } from "@skymap/lib/testing";
import { sharedDatabase, TestWorld } from "../events/test_world.ts";
import {
  mergeAll,
  openToyGraph,
  toyMessages,
  type ToyScope,
} from "../graph/_toy_graph.ts";
import { IndexReader } from "../index/reader.ts";
import { Searcher } from "../search/searcher.ts";
import { TaskQueue } from "../tasks/queue.ts";
import { testVersion } from "./_test_plugin.ts";
import type { WatchedGraph } from "./answer_difference.ts";
import { PluginCommands } from "./plugin_commands.ts";
import { pagesOf, Reactions } from "./reactions.ts";

const database = await sharedDatabase();

const SEARCH = "is(toy_box) and size > 10";

/** What the registry says runs. */
function active(search = SEARCH, isEnabled = true): ActivePlugins {
  const { manifest } = testVersion({
    name: "watcher",
    reactions: [{ name: "large", search }],
    commands: ["say"],
  });
  const { name, version, permissions } = manifest;
  const limits = { heap_mb: 64, memory_mb: 128, timeout_s: 30 };
  return {
    revision: "1",
    plugins: isEnabled
      ? [{ name, version, source: "published", manifest, permissions, limits }]
      : [],
    inactive: isEnabled ? [] : [{ name, reason: "it is disabled" }],
  };
}

interface Bench extends AsyncDisposable {
  readonly world: TestWorld;
  readonly tasks: TaskQueue;
  readonly graph: WatchedGraph;
  readonly told: ReactionChanges[];
  /** What the next calls fail with. */
  readonly faults: string[];
  merge(...scopes: readonly ToyScope[]): Promise<void>;
  start(intervalMs?: number): Reactions;
}

/** A graph, a queue of tasks and a worker that keeps what it is told. */
async function openBench(): Promise<Bench> {
  const stack = new AsyncDisposableStack();
  const world = stack.use(await TestWorld.open());
  await world.db.query("DELETE plugin_reaction");
  const { db, clock, subscribers } = world;
  const tasks = stack.use(await TaskQueue.open({ db, clock, subscribers }));
  const toy = await openToyGraph(database);
  stack.use(toy.graph);
  const reader = stack.use(new IndexReader(toy.graph.index));
  const searcher = new Searcher({ reader, registry: toy.graph.model });
  const told: ReactionChanges[] = [];
  const faults: string[] = [];
  await subscribers.put({
    id: "w",
    subscriptions: {},
    capabilities: ["plugin_reaction", "plugin_command"].map((name) => ({
      name,
      filter: { plugin: ["watcher"] },
    })),
  });
  const session = stack.use(await database.connect("w"));
  const stop = new AbortController();
  stack.defer(() => stop.abort());
  stack.use(
    await TaskRunner.start({
      db: session,
      signal: stop.signal,
      handlers: {
        plugin_reaction: ({ payload }) => {
          const fault = faults.shift();
          if (fault !== undefined) return Promise.reject(new Error(fault));
          told.push(payload["changes"] as unknown as ReactionChanges);
          return Promise.resolve(null);
        },
        plugin_command: ({ payload }) =>
          payload["command"] === "say"
            ? Promise.resolve({
              printed: [payload["args"] ?? null],
              messages: [],
            })
            : Promise.reject(new Error("no such command")),
      },
    }),
  );
  const graph: WatchedGraph = {
    name: toy.graph.name,
    position: async () => (await toy.graph.index.position()).sequence,
    oldest: () => Promise.resolve(0),
    searcher,
  };
  return {
    world,
    tasks,
    graph,
    told,
    faults,
    merge: async (...scopes) => {
      await mergeAll(toy, toyMessages(scopes));
    },
    start: (intervalMs = 2_000) =>
      Reactions.start({
        db,
        clock,
        registry: { active: () => active() },
        tasks,
        graphs: () => [graph],
        intervalMs,
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function boxes(nodes: Readonly<Record<string, number>>): ToyScope {
  return {
    nodes: Object.fromEntries(
      Object.entries(nodes).map((
        [id, size],
      ) => [id, { name: id, size } as JsonObject]),
    ),
  };
}

function nameOf(node: JsonObject): unknown {
  return (node["reported"] as JsonObject)["name"];
}

function sizeOf(node: JsonObject): unknown {
  return (node["reported"] as JsonObject)["size"];
}

/** Lets reactions look, and do what they found. */
async function look(reactions: Reactions): Promise<void> {
  // A look that the clock began ends first: it may have looked too early.
  await reactions.idle();
  // The second one sees that the graph is at rest.
  for (let time = 0; time < 2; time++) {
    await reactions.look();
    await reactions.idle();
  }
}

Deno.test("a reaction is told what appeared, changed and left, and nothing of what was there before", async () => {
  await using bench = await openBench();
  await bench.merge(boxes({ a: 20, b: 30, c: 5 }));
  await using reactions = bench.start();
  await look(reactions);
  strictEqual(bench.told.length, 0);
  await bench.merge(boxes({ a: 21, c: 15, d: 1 }));
  await look(reactions);
  const [changes] = bench.told;
  ok(changes !== undefined);
  deepStrictEqual(changes.appeared.map(nameOf), ["c"]);
  deepStrictEqual(
    changes.changed.map(({ before, after }) => [sizeOf(before), sizeOf(after)]),
    [[20, 21]],
  );
  deepStrictEqual(changes.left.map(nameOf), ["b"]);
  deepStrictEqual(changes.left.map(sizeOf), [30]);
  await look(reactions);
  await bench.merge(boxes({ a: 21, c: 15, d: 2 }));
  await look(reactions);
  strictEqual(bench.told.length, 1);
});

Deno.test("a core that starts again tells what happened meanwhile, once", async () => {
  await using bench = await openBench();
  {
    await using reactions = bench.start();
    await look(reactions);
  }
  await bench.merge(boxes({ a: 20 }));
  await bench.merge(boxes({ a: 20, b: 20 }));
  for (let start = 0; start < 2; start++) {
    await using reactions = bench.start();
    await look(reactions);
  }
  deepStrictEqual(
    bench.told.map(({ appeared }) => appeared.map(nameOf).sort()),
    [["a", "b"]],
  );
});

Deno.test("a plugin that was removed and comes again begins anew", async () => {
  await using bench = await openBench();
  const { db, clock } = bench.world;
  let plugins = active();
  await using reactions = Reactions.start({
    db,
    clock,
    registry: { active: () => plugins },
    tasks: bench.tasks,
    graphs: () => [bench.graph],
  });
  await look(reactions);
  const [cursors] = await db.query<[string[]]>(
    "SELECT VALUE plugin FROM plugin_reaction",
  );
  deepStrictEqual(cursors, ["watcher"]);
  plugins = { ...plugins, plugins: [] };
  await look(reactions);
  await db.query("DELETE plugin_reaction WHERE plugin = 'watcher'");
  plugins = active();
  await look(reactions);
  await bench.merge(boxes({ a: 20 }));
  await look(reactions);
  deepStrictEqual(
    bench.told.map(({ appeared }) => appeared.map(nameOf)),
    [["a"]],
  );
});

Deno.test("a reaction that fails is called again, later and later, with all that changed", async () => {
  await using bench = await openBench();
  await using reactions = bench.start();
  await look(reactions);
  bench.faults.push("not now", "not now");
  await bench.merge(boxes({ a: 20 }));
  await look(reactions);
  await look(reactions);
  strictEqual(bench.faults.length, 1);
  await bench.merge(boxes({ a: 20, b: 20 }));
  bench.world.clock.advance(5_000);
  await look(reactions);
  strictEqual(bench.faults.length, 0);
  bench.world.clock.advance(5_000);
  await look(reactions);
  strictEqual(bench.told.length, 0);
  bench.world.clock.advance(5_000);
  await look(reactions);
  deepStrictEqual(
    bench.told.map(({ appeared }) => appeared.map(nameOf).sort()),
    [["a", "b"]],
  );
});

Deno.test("a reaction that the history cannot tell what it missed begins anew", async () => {
  await using bench = await openBench();
  {
    await using reactions = bench.start();
    await look(reactions);
  }
  await bench.merge(boxes({ a: 20 }));
  let isPruned = true;
  const pruned: WatchedGraph = {
    ...bench.graph,
    oldest: () => isPruned ? bench.graph.position() : bench.graph.oldest(),
  };
  const { db, clock } = bench.world;
  await using reactions = Reactions.start({
    db,
    clock,
    registry: { active: () => active() },
    tasks: bench.tasks,
    graphs: () => [pruned],
  });
  await look(reactions);
  strictEqual(bench.told.length, 0);
  isPruned = false;
  await bench.merge(boxes({ a: 20, b: 20 }));
  await look(reactions);
  deepStrictEqual(
    bench.told.map(({ appeared }) => appeared.map(nameOf)),
    [["b"]],
  );
});

Deno.test("a graph that moves on is waited for, but not for ever", async () => {
  await using bench = await openBench();
  // It looks only when the test does.
  await using reactions = bench.start(1_000_000);
  await look(reactions);
  for (let second = 1; second < 40 && bench.told.length === 0; second += 1) {
    await bench.merge(boxes({ a: 20 + second }));
    await reactions.look();
    await reactions.idle();
    if (second < 30) strictEqual(bench.told.length, 0, `second ${second}`);
    bench.world.clock.advance(1_000);
  }
  deepStrictEqual(
    bench.told.map(({ appeared }) => appeared.map(nameOf)),
    [["a"]],
  );
});

Deno.test("pagesOf() cuts changes into parts without losing one", () => {
  const nodes = Array.from({ length: 1_203 }, (_, id) => ({ id }));
  const pages = pagesOf({ appeared: nodes, changed: [], left: nodes.slice(3) });
  strictEqual(pages.length, 3);
  deepStrictEqual(pages.flatMap(({ appeared }) => appeared), nodes);
  deepStrictEqual(pages.flatMap(({ left }) => left), nodes.slice(3));
  deepStrictEqual(pagesOf({ appeared: [], changed: [], left: [] }), []);
});

Deno.test("PluginCommands runs a command on a worker, and says why it cannot", async () => {
  await using bench = await openBench();
  const { tasks } = bench;
  const commandsOf = (plugins: ActivePlugins) =>
    new PluginCommands({
      tasks,
      registry: {
        active: () => plugins,
        get: (name) => {
          if (name === "watcher") return undefined as never;
          throw new Error(`no plugin ${name}`);
        },
      },
    });
  const { signal } = new AbortController();
  const request = { args: ["a", "b"], input: [], signal };
  const commands = commandsOf(active());
  deepStrictEqual(await commands.run("watcher", "say", request), {
    printed: [["a", "b"]],
    messages: [],
  });
  await rejects(commands.run("watcher", "sai", request), {
    code: "not_found",
    message: /there is say; did you mean "say"\?/,
  });
  await rejects(commands.run("nobody", "say", request), /no plugin nobody/);
  await rejects(
    commandsOf(active(SEARCH, false)).run("watcher", "say", request),
    { code: "conflict", message: /it is disabled/ },
  );
  // Nobody is able to any more: the command waits.
  await bench.world.subscribers.put({ id: "w", subscriptions: {} });
  const gone = new AbortController();
  const waiting = commands.run("watcher", "say", {
    ...request,
    signal: gone.signal,
  });
  await until(() => tasks.list().length === 1);
  gone.abort();
  await rejects(waiting, { code: "task_failed" });
  strictEqual(tasks.list().length, 0);
});
