import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { CleanupWorld } from "../../cleanup/_test_cleanup.ts";
import { openTestDatabase, type TestDatabase } from "../../db/test_database.ts";
import { TestRegistry } from "./_page.ts";
import { CleanupMetrics } from "./cleanup_metrics.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

Deno.test("CleanupMetrics counts plans, applies, outcomes and belts, each once", async () => {
  const registry = new TestRegistry();
  const metrics = new CleanupMetrics(registry);
  await using world = await CleanupWorld.open(database);
  world.witness = metrics;
  await world.restart();
  /** Those that are not 0. */
  const counts = async (prefix: string) =>
    (await registry.lines(prefix)).filter((line) => !line.endsWith(" 0"));
  using _heard = world.cleanup.onChange((plan) => metrics.hear(plan));
  await world.put(
    { kind: "toy_net", nodes: { net: {} } },
    {
      kind: "toy_box",
      nodes: { b1: {}, b2: {}, b3: {} },
      hanging: ["toy_net net < toy_box b1"],
    },
  );
  await world.mark("toy_net net", "toy_box b1", "toy_box b2", "toy_box b3");
  const { id } = await world.plan();
  strictEqual((await world.apply(id, { dry_run: true })).state, "planned");
  deepStrictEqual(await counts("cleanup_"), ["cleanup_plans_total 1"]);

  const { config } = world;
  world.config = { ...config, max_count: 2, max_count_per_kind: 1 };
  await rejects(world.apply(id), { code: "cleanup_refused" });
  world.config = { ...config, enabled: false };
  await rejects(world.apply(id), { code: "cleanup_refused" });
  world.config = { ...config, protected_kinds: ["toy_net"] };
  await rejects(world.apply(id), { code: "cleanup_refused" });
  deepStrictEqual(await counts("cleanup_"), [
    'cleanup_applies_total{result="refused"} 3',
    'cleanup_belts_hit_total{belt="enabled"} 1',
    'cleanup_belts_hit_total{belt="max_count"} 1',
    'cleanup_belts_hit_total{belt="max_count_per_kind"} 1',
    'cleanup_belts_hit_total{belt="protection"} 1',
    "cleanup_plans_total 1",
  ]);

  world.config = config;
  world.outcome = (each) =>
    each === "b1"
      ? { outcome: "failed", error: { code: "InUse", message: "busy" } }
      : each === "b2"
      ? { outcome: "gone" }
      : {};
  strictEqual((await world.apply(id)).state, "failed");
  const outcomes = () => counts("cleanup_resources_total");
  deepStrictEqual(await outcomes(), [
    'cleanup_resources_total{outcome="done"} 1',
    'cleanup_resources_total{outcome="failed"} 1',
    'cleanup_resources_total{outcome="gone"} 1',
    'cleanup_resources_total{outcome="skipped"} 1',
  ]);
  world.outcome = () => ({});
  strictEqual((await world.apply(id)).state, "applied");
  deepStrictEqual(await outcomes(), [
    'cleanup_resources_total{outcome="done"} 3',
    'cleanup_resources_total{outcome="failed"} 1',
    'cleanup_resources_total{outcome="gone"} 1',
    'cleanup_resources_total{outcome="skipped"} 1',
  ]);
  deepStrictEqual(await counts("cleanup_applies_total"), [
    'cleanup_applies_total{result="applied"} 1',
    'cleanup_applies_total{result="failed"} 1',
    'cleanup_applies_total{result="refused"} 3',
  ]);
});

Deno.test("CleanupMetrics begins at 0, so that the first one is an increase", async () => {
  const registry = new TestRegistry();
  new CleanupMetrics(registry);
  const lines = await registry.lines("cleanup_");
  for (
    const line of [
      'applies_total{result="refused"} 0',
      'belts_hit_total{belt="max_count"} 0',
      'belts_hit_total{belt="enabled"} 0',
      'resources_total{outcome="failed"} 0',
    ]
  ) strictEqual(lines.includes(`cleanup_${line}`), true, line);
});
