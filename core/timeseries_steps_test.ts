import assert from "node:assert/strict";
import type { TimeSeriesQueryJson } from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import { FakeClock } from "@skymap/lib/testing";
import { openTestDatabase, type TestDatabase } from "./db/test_database.ts";
import { mergeAll, openToyGraph, toyMessages } from "./graph/_toy_graph.ts";
import { IndexReader } from "./index/reader.ts";
import { Searcher } from "./search/searcher.ts";
import { findMatches } from "./timeseries/find_matches.ts";
import { TimeSeries } from "./timeseries/time_series.ts";
import { timeSeriesSteps } from "./timeseries_steps.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();

const BOXES =
  "aggregate(/ancestors.account.reported.name as account, size as size: sum(1) as n): is(toy_box)";

/** A collected graph with its time series, over the real record and index. */
async function openWorld() {
  await using stack = new AsyncDisposableStack();
  const clock = new FakeClock();
  const now = () => new Date(clock.now());
  const toy = await openToyGraph(database, { now });
  const graph = stack.use(toy.graph);
  const reader = stack.use(new IndexReader(graph.index));
  const searcher = new Searcher({
    reader,
    registry: graph.model,
    nowMs: () => clock.now(),
  });
  const series = new TimeSeries({
    session: graph.session,
    searcher,
    findMatches: (pattern, values) => findMatches(reader, pattern, values),
    snapshots: graph.snapshots,
    now,
    whileKept: (work) => graph.whileKept(work),
  });
  await mergeAll(
    toy,
    toyMessages([
      { account: "prod", nodes: { b1: { size: 1 }, b2: { size: 1 } } },
      { account: "test", nodes: { b3: { size: 1 }, b4: { size: 2 } } },
      {
        account: "dev",
        nodes: { b5: {} },
        failed: { code: "Throttled", message: "Slow down" },
      },
    ]),
  );
  const logged: string[] = [];
  const steps = (metrics: JsonObject, isEnabled = true) =>
    timeSeriesSteps({
      isEnabled: () => isEnabled,
      metrics: () => metrics,
      graph: (name) => name === "main" ? series : undefined,
      log: (_run, entries) => {
        logged.push(...entries.map(({ level, message }) =>
          `${level}: ${message.split("\n")[0]}`
        ));
        return Promise.resolve();
      },
    });
  const held = stack.move();
  return {
    graph,
    searcher,
    series,
    clock,
    logged,
    run: async (run: string, metrics: JsonObject, isEnabled?: boolean) => {
      await steps(metrics, isEnabled).generate_metrics?.(run, signal);
      return logged.splice(0);
    },
    values: async (query: TimeSeriesQueryJson = {}) => {
      const { points } = await series.get("boxes", query, signal);
      return (await Array.fromAsync(points)).flat()
        .map(({ v, group }) => `${Object.values(group).join("/")}: ${v}`);
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function documentOf(metrics: JsonObject): JsonObject {
  return { metrics: { metrics } };
}

/** A line of the log without its numbers and what follows from them. */
function shortened(line: string): string {
  return line.startsWith("info")
    ? line.replace(/\d+/g, "N")
    : line.replace(/: its .*/, "");
}

const boxes = { help: "Boxes", search: BOXES };

Deno.test("each metric that has a history gets a snapshot of a run, once", async () => {
  await using world = await openWorld();
  const { series, clock } = world;
  const document = documentOf({
    boxes,
    secret: { ...boxes, history: false },
    instances: { enabled: false },
    broken: {
      help: "None",
      search: "aggregate(toy: sum(1) as n): is(no_kind)",
    },
    many: { ...boxes, series_limit: 2 },
  });
  const told = await world.run("run1", document);
  assert.deepEqual(told.map(shortened), [
    'warning: Cannot take a snapshot of metric "broken": Cannot search at column 33: no plugin declares the kind "no_kind"',
    'warning: Cannot take a snapshot of metric "many": Cannot take a snapshot of time series "many"',
    "info: Took snapshots of N metrics with N values; N rest on an answer that is not complete",
  ]);
  clock.advance(60_000);
  // As after a core that was killed in the midst of the step.
  assert.equal((await world.run("run1", document)).length, 2);
  const counts = async () => {
    const all = (await series.list()).map((each) =>
      [each.name, each.snapshots] as const
    );
    return new Map(all);
  };
  const once = await counts();
  assert.deepEqual(new Set(once.values()), new Set([1]));
  await world.run("run2", document);
  const twice = await counts();
  assert.equal(twice.get("boxes"), 2);
  assert.deepEqual([...twice.keys()], [...once.keys()]);
  for (const name of ["secret", "instances", "broken", "many"]) {
    assert.equal(twice.has(name), false, name);
  }
});

Deno.test("a metric that takes too long hides none behind it", async () => {
  const taken: string[] = [];
  const logged: string[] = [];
  const stop = new AbortController();
  const graph = () => ({
    snapshotOnce: async (
      name: string,
      _search: string,
      { signal }: { readonly signal: AbortSignal },
    ) => {
      if (name === "long" || name === "stopped") {
        if (name === "stopped") stop.abort(new Error("Run stopped"));
        await new Promise((_, reject) => {
          const end = () => reject(signal.reason);
          if (signal.aborted) end();
          else signal.addEventListener("abort", end);
        });
      }
      taken.push(name);
      return undefined;
    },
  });
  const { generate_metrics } = timeSeriesSteps({
    isEnabled: () => true,
    metrics: () => ({
      metrics: {
        timeout: 1,
        metrics: { long: boxes, next: boxes, stopped: boxes, never: boxes },
      },
    }),
    graph,
    log: (_run, entries) => {
      logged.push(...entries.map(({ message }) => message));
      return Promise.resolve();
    },
  });
  const step = async () => await generate_metrics?.("run1", stop.signal);
  await assert.rejects(step, { message: "Run stopped" });
  assert.ok(taken.includes("next"));
  assert.ok(!taken.includes("never"));
  assert.deepEqual(logged, [
    'Cannot take a snapshot of metric "long": The operation was aborted due to timeout',
  ]);
});

Deno.test("a snapshot holds what the search gives, and filters find it", async () => {
  await using world = await openWorld();
  const { series, searcher, graph, clock } = world;
  await series.snapshot("boxes", BOXES, { signal });
  const rows = await Array.fromAsync(searcher.aggregate(BOXES));
  assert.deepEqual(
    (await world.values()).sort(),
    rows.map(({ group, n }) => {
      const { account, size } = group as JsonObject;
      return `${account}/${size ?? ""}: ${n}`;
    }).sort(),
  );
  assert.deepEqual(await world.values({ group: ["account"] }), [
    "dev: 1",
    "prod: 2",
    "test: 2",
  ]);
  const filter = ['account =~ "^(PROD|d.v)$"', "size != null"];
  assert.deepEqual(await world.values({ filter }), ["prod/1: 2"]);
  const nasty = [`account == "x'; drop table nodes; --"`];
  assert.deepEqual(await world.values({ filter: nasty }), []);
  const { coverage } = await series.get("boxes", {}, signal);
  assert.deepEqual(
    [coverage.scopes, coverage.complete, coverage.failed],
    [3, 2, 1],
  );
  // What is exported stays until its last line.
  clock.advance(60_000);
  await series.snapshot("boxes", BOXES, { signal });
  clock.advance(3 * 24 * 3_600_000);
  const lines = graph.export(signal);
  await lines.next();
  const buckets = [{ afterMs: 3_600_000, lengthMs: 4 * 3_600_000 }];
  const downsampled = series.downsample({ buckets });
  let points = 0;
  for await (const line of lines) {
    if (line.startsWith('{"type":"timeseries_point"')) points++;
  }
  assert.equal(points, 2);
  assert.equal((await downsampled)[0]?.left, 1);
});

Deno.test("no snapshots are taken where that is turned off, or without a graph", async () => {
  await using world = await openWorld();
  const { series } = world;
  assert.deepEqual(await world.run("run1", documentOf({ boxes }), false), []);
  assert.deepEqual(await series.list(), []);
  assert.deepEqual(await world.run("run1", { metrics: { graph: "none" } }), [
    'warning: Cannot take snapshots of metrics: there is no graph "none"',
  ]);
  const [first, ...more] = await world.run("run1", { metrics: { graph: 7 } });
  assert.match(first ?? "", /^warning: The default metrics are taken: Cannot/);
  assert.deepEqual(more.map(shortened), [
    "info: Took snapshots of N metrics with N values; N rest on an answer that is not complete",
  ]);
  assert.ok((await series.list()).some(({ name }) => name === "instances"));
});
