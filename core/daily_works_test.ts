import assert from "node:assert/strict";
import { FakeClock } from "@skymap/lib/testing";
import { openTestDatabase, type TestDatabase } from "./db/test_database.ts";
import { TIMESERIES_SECTION } from "./config/timeseries_section.ts";
import { Daily } from "./daily.ts";
import { downsampleDaily, pruneDaily } from "./daily_works.ts";
import { mergeAll, openToyGraph, toyMessages } from "./graph/_toy_graph.ts";
import { historyKeepMs } from "./settings.ts";
import { openToySeries } from "./timeseries/_toy_series.ts";

const DAY_MS = 24 * 3_600_000;

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

Deno.test("Daily prunes a day after the last time, over restarts", async () => {
  const clock = new FakeClock();
  const toy = await openToyGraph(database, {
    now: () => new Date(clock.now()),
  });
  await using graph = toy.graph;
  const collect = (size: number) =>
    mergeAll(toy, toyMessages([{ nodes: { one: { size } } }]));
  const pruned = async () => (await graph.prunedAt())?.slice(0, 13);
  let keepMs: number | undefined = 2 * DAY_MS;
  const start = () =>
    new Daily({
      works: () => keepMs === undefined ? [] : [pruneDaily(graph, keepMs)],
      clock,
    });

  await collect(1);
  {
    await using prune = start();
    clock.advance(DAY_MS);
    await prune.idle();
    assert.equal(await pruned(), undefined, "nothing is old enough");
    clock.advance(DAY_MS);
    await prune.idle();
    assert.equal(await pruned(), "2026-01-03T00");
  }
  await collect(2);
  await using prune = start();
  clock.advance(23 * 3_600_000);
  await prune.idle();
  assert.equal(await pruned(), "2026-01-03T00", "it was pruned today");
  clock.advance(2 * DAY_MS);
  await prune.idle();
  // Of two beats that came while one prune ran, one is enough.
  clock.advance(10 * 60_000);
  await prune.idle();
  assert.equal(await pruned(), "2026-01-05T23");
  // It is asked each time how long that is.
  await collect(3);
  keepMs = undefined;
  clock.advance(3 * DAY_MS);
  await prune.idle();
  assert.equal(await pruned(), "2026-01-05T23", "history is kept for ever");
  keepMs = 2 * DAY_MS;
  clock.advance(10 * 60_000);
  await prune.idle();
  assert.equal(await pruned(), "2026-01-08T23");
  assert.deepEqual((await graph.verify()).differences, []);
});

Deno.test("Daily downsamples a day after the last time, over restarts", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  const config = TIMESERIES_SECTION.parse({});
  const start = () =>
    new Daily({
      works: () => [downsampleDaily({ name: "main" }, series, config)],
      clock,
    });
  const snapshots = async () => (await series.list())[0]?.snapshots;
  for (let hour = 0; hour < 4; hour++) {
    await toy.take("boxes", [["eu", "a", hour]]);
    clock.advance(3_600_000);
  }
  {
    await using daily = start();
    clock.advance(10 * 60_000);
    await daily.idle();
    assert.equal(await snapshots(), 4, "nothing is old enough");
  }
  await using daily = start();
  clock.advance(DAY_MS - 10 * 60_000);
  await daily.idle();
  clock.sleep(2 * DAY_MS);
  assert.equal(await snapshots(), 4);
  clock.advance(10 * 60_000);
  await daily.idle();
  assert.equal(await snapshots(), 1);
});

Deno.test("Daily does what comes behind a work that fails", async () => {
  const clock = new FakeClock();
  let done = 0;
  await using daily = new Daily({
    works: () => [
      {
        name: "fail",
        lastAt: () => Promise.resolve(undefined),
        run: () => Promise.reject(new Error("No")),
      },
      {
        name: "work",
        lastAt: () => Promise.resolve(undefined),
        run: () => Promise.resolve(`${++done}`),
      },
    ],
    clock,
  });
  clock.advance(10 * 60_000);
  await daily.idle();
  assert.equal(done, 1);
});

Deno.test("Daily waits for no time that a wrong clock wrote", async () => {
  const clock = new FakeClock();
  let done = 0;
  await using daily = new Daily({
    works: () => [{
      name: "work",
      lastAt: () =>
        Promise.resolve(
          done === 0
            ? "2040-01-01T00:00:00Z"
            : new Date(clock.now()).toISOString(),
        ),
      run: () => Promise.resolve(`${++done}`),
    }],
    clock,
  });
  clock.advance(10 * 60_000);
  await daily.idle();
  clock.advance(10 * 60_000);
  await daily.idle();
  assert.equal(done, 1);
});

Deno.test("historyKeepMs() reads durations, and none for ever", () => {
  const keep = historyKeepMs;
  assert.equal(keep("180d"), 180 * DAY_MS);
  assert.equal(keep("1w 1d"), 8 * DAY_MS);
  assert.equal(keep("none"), undefined);
  assert.equal(keep("0"), undefined);
  for (const wrong of ["", "-3d", "0d", "long", "12"]) {
    assert.throws(() => keep(wrong), {
      code: "usage",
      message: `Cannot keep history for "${wrong}": expected a duration ` +
        "such as 180d, or none to keep it for ever",
    });
  }
});
