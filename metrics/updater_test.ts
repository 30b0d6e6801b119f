import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { pageText } from "@skymap/lib/pages";
import { until } from "@skymap/lib/testing";
import { CONFIG, COVERAGE, KINDS, setUp } from "./_updater_world.ts";

Deno.test("Updater computes the metrics that a change is about, within a second", async () => {
  const { updater, hear, served, signal } = setUp();
  await updater.updateAll(CONFIG, signal);
  hear(["volume"]);
  deepStrictEqual(await served(), ["everything", "volumes"]);
  hear(["bucket"]);
  hear(["instance"]);
  deepStrictEqual(await served(), ["everything", "instances"]);
});

Deno.test("Updater computes all when anything may have changed, and asks anew what searches are about", async () => {
  const { updater, hear, served, signal, world, told } = setUp();
  await updater.updateAll(CONFIG, signal);
  world.kinds = { ...KINDS, volumes: ["volume", "new_volume"] };
  hear(null);
  const all = ["everything", "instances", "volumes"];
  deepStrictEqual(await served(), all);
  hear(["new_volume"]);
  deepStrictEqual(await served(), ["everything", "volumes"]);
  deepStrictEqual(told, ["live", "live"]);
  hear(["volume"], { after: 17, last: 18 });
  deepStrictEqual(told, ["live", "live", "missed"]);
  deepStrictEqual(await served(), all);
});

Deno.test("Updater hears nothing of other graphs, and nothing when it is not to be live", async () => {
  const { updater, hear, signal, world, clock, asked } = setUp();
  await updater.updateAll(CONFIG, signal);
  asked.splice(0);
  hear(["volume"], { graph: "other" });
  world.config = { ...CONFIG, live: false };
  hear(["volume"]);
  updater.reconsider();
  strictEqual(clock.timers, 0);
  clock.advance(10_000);
  deepStrictEqual(asked, []);
});

Deno.test("Updater does not compute again what an update of all has seen", async () => {
  const { updater, hear, signal, clock, asked } = setUp();
  hear(["volume"]);
  await updater.updateAll(CONFIG, signal);
  asked.splice(0);
  strictEqual(clock.timers, 0);
  clock.advance(10_000);
  deepStrictEqual(asked, []);
});

Deno.test("Updater computes one thing after the other", async () => {
  let running = 0;
  let most = 0;
  const { updater, hear, signal, clock, told } = setUp(async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return { rows: [{ value: 1 }], coverage: COVERAGE };
  });
  const first = updater.updateAll(CONFIG, signal);
  hear(null);
  clock.advance(1_000);
  await Promise.all([first, updater.updateAll(CONFIG, signal)]);
  hear(["volume"]);
  clock.advance(1_000);
  await until(() => told.length > 0);
  // Two searches of the same update.
  strictEqual(most, 2);
});

Deno.test("Updater lets an update of all take over what a change is being computed for", async () => {
  let isStuck = false;
  const { updater, exporter, hear, signal, clock, told } = setUp(
    (_, signal) =>
      isStuck
        ? new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          isStuck = false;
        })
        : Promise.resolve({ rows: [{ value: 2 }], coverage: COVERAGE }),
  );
  await updater.updateAll(CONFIG, signal);
  isStuck = true;
  hear(["volume"]);
  clock.advance(1_000);
  await until(() => !isStuck);
  deepStrictEqual(await updater.updateAll(CONFIG, signal), []);
  deepStrictEqual(exporter.failed, []);
  deepStrictEqual(told, ["live"]);
});

Deno.test("Updater lets an update of all take over one that nobody waits for", async () => {
  let isStuck = true;
  const { updater, exporter, signal } = setUp((_, signal) =>
    isStuck
      ? new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        isStuck = false;
      })
      : Promise.resolve({ rows: [{ value: 2 }], coverage: COVERAGE })
  );
  const first = updater.updateAll(CONFIG, signal, { yields: true });
  await until(() => !isStuck);
  deepStrictEqual(await updater.updateAll(CONFIG, signal), []);
  deepStrictEqual(await first, []);
  deepStrictEqual(exporter.failed, []);
});

Deno.test("Updater tries all again when its graph is gone, and nothing for another", async () => {
  let isGone = false;
  const { updater, exporter, signal, served, clock } = setUp(() =>
    isGone
      ? Promise.reject(new Error("there is no such graph"))
      : Promise.resolve({ rows: [{ value: 1 }], coverage: COVERAGE })
  );
  await updater.updateAll(CONFIG, signal);
  updater.forget("other");
  strictEqual(clock.timers, 0);
  isGone = true;
  updater.forget("main");
  const all = ["everything", "instances", "volumes"];
  deepStrictEqual(await served(), all);
  deepStrictEqual([...exporter.failed].sort(), all);
});

Deno.test("Updater leaves a slow metric to updates of all, and there to the end", async () => {
  let isStuck = true;
  const { updater, exporter, hear, served, signal, world, asked } = setUp(
    (search, signal) =>
      search === "everything" && isStuck
        ? new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason))
        )
        : Promise.resolve({ rows: [{ value: 1 }], coverage: COVERAGE }),
  );
  const config = {
    ...CONFIG,
    timeoutSeconds: 0.4,
    metrics: CONFIG.metrics.toReversed(),
  };
  world.config = config;
  await updater.updateAll(config, signal);
  deepStrictEqual(exporter.failed, ["everything"]);
  hear(["volume"]);
  deepStrictEqual(await served(), ["volumes"]);
  isStuck = false;
  await updater.updateAll(config, signal);
  deepStrictEqual(asked, ["instances", "volumes", "everything"]);
  hear(["volume"]);
  deepStrictEqual(await served(), ["everything", "volumes"]);
});

Deno.test("Updater shows what worked, and tells what failed", async () => {
  const down = new Set(["volumes"]);
  const { updater, exporter, hear, signal, served } = setUp((search) =>
    down.has(search)
      ? Promise.reject(new Error("no"))
      : Promise.resolve({ rows: [{ value: 1 }], coverage: COVERAGE })
  );
  deepStrictEqual(await updater.updateAll(CONFIG, signal), ["volumes: no"]);
  match(await pageText(exporter.blocks), /^skymap_instances 1$/m);
  deepStrictEqual(exporter.failed, ["volumes"]);
  down.clear();
  hear(["instance"]);
  deepStrictEqual(await served(), ["everything", "instances", "volumes"]);
  deepStrictEqual(exporter.failed, []);
  for (const { name } of CONFIG.metrics) down.add(name);
  await rejects(
    updater.updateAll(CONFIG, signal),
    /^Error: Cannot update any metric: no$/,
  );
});

Deno.test("Updater shows what was computed before an action was ended, and fails nothing else", async () => {
  const stop = new AbortController();
  const { updater, exporter, signal, clock } = setUp((search, signal) =>
    search === "everything"
      ? new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        stop.abort(new DOMException("The run was stopped", "AbortError"));
      })
      : Promise.resolve({ rows: [{ value: 1 }], coverage: COVERAGE })
  );
  await rejects(
    updater.updateAll(CONFIG, AbortSignal.any([stop.signal, signal])),
    /The run was stopped/,
  );
  const page = await pageText(exporter.blocks);
  match(page, /^skymap_volumes 1$/m);
  match(page, /^skymap_instances 1$/m);
  deepStrictEqual(exporter.failed, []);
  // The rest may be about changes that were heard of before.
  strictEqual(clock.timers, 1);
});

Deno.test("Updater fails what is not computed when its time is up", async () => {
  const { updater, exporter, signal } = setUp((search, signal) =>
    search === "everything"
      ? new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason))
      )
      : Promise.resolve({ rows: [{ value: 1 }], coverage: COVERAGE })
  );
  const failures = await updater.updateAll(
    { ...CONFIG, timeoutSeconds: 0.01 },
    signal,
  );
  deepStrictEqual(failures, ["everything: the time of the update was up"]);
  deepStrictEqual(exporter.failed, ["everything"]);
});
