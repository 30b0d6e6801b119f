import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { CleanupWorld } from "./_test_cleanup.ts";
import { cleanupSteps } from "./cleanup_steps.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function boxWorld(
  config: Parameters<typeof CleanupWorld.open>[1] = {},
) {
  const world = await CleanupWorld.open(database, config);
  await world.put(
    { kind: "toy_box", nodes: { b1: {}, b2: {} } },
    { kind: "toy_rock", nodes: { rock: {} } },
  );
  const log: string[] = [];
  const steps = cleanupSteps({
    cleanup: world.cleanup,
    log: (run, entries) => {
      log.push(
        ...entries.map(({ step, level, message }) =>
          `${run} ${step} ${level}: ${message.replace(/[0-9a-v]{8}/, "ID")}`
        ),
      );
      return Promise.resolve();
    },
  });
  const step = async (
    name: string,
    run = "run1",
    signal = new AbortController().signal,
  ) => {
    await steps[name]?.(run, signal);
    return log.splice(0);
  };
  return { world, step };
}

Deno.test("steps of a run say one line when nothing is marked", async () => {
  const { world, step } = await boxWorld();
  await using _world = world;
  deepStrictEqual(await step("pre_cleanup"), [
    "run1 pre_cleanup info: Nothing is marked to be cleaned up",
  ]);
  deepStrictEqual(await step("cleanup"), []);
});

Deno.test("steps of a run plan what is marked and apply that plan", async () => {
  const { world, step } = await boxWorld({ max_count: 0 });
  await using _world = world;
  await world.mark("toy_box b1", "toy_rock rock");
  deepStrictEqual(await step("pre_cleanup"), [
    "run1 pre_cleanup info: Plan ID: 1 resource to delete in 1 wave; 1 to keep",
    "run1 pre_cleanup warning: Plan ID crosses a limit: it deletes 1 " +
    "resources, max_count is 0",
    "run1 pre_cleanup warning: Stays: toy_rock rock in account a1: no plugin " +
    "says that it can delete a toy_rock",
  ]);
  await rejects(step("cleanup"), { code: "cleanup_refused" });
  world.config = { ...world.config, enabled: false };
  deepStrictEqual(await step("cleanup"), [
    "run1 cleanup info: Plan ID is not applied: core.cleanup.enabled is false",
  ]);
  deepStrictEqual(await step("cleanup", "another"), []);
  world.config = {
    ...world.config,
    enabled: true,
    max_count: 9,
    dry_run: true,
  };
  deepStrictEqual(await step("cleanup"), [
    "run1 cleanup warning: DRY RUN: everything is looked at, and NOTHING is " +
    "deleted, for core.cleanup.dry_run is true",
    "run1 cleanup info: Dry run of plan ID: 1 step would be done, 0 would not",
  ]);
  strictEqual(world.asked.every(({ dryRun }) => dryRun), true);
  world.config = { ...world.config, dry_run: false };
  deepStrictEqual(await step("cleanup"), [
    "run1 cleanup info: All of plan ID is applied: 1 step done, 0 gone before",
  ]);
});

Deno.test("a run that finds the same plan makes no second one", async () => {
  const { world, step } = await boxWorld();
  await using _world = world;
  await world.mark("toy_box b1");
  const plans = async () =>
    (await world.cleanup.list(world.graph.name)).map(({ run, checked_at }) => ({
      run,
      checked_at,
    }));
  await step("pre_cleanup");
  world.clock.advance(3_600_000);
  await step("pre_cleanup", "run2");
  deepStrictEqual(await plans(), [{
    run: "run2",
    checked_at: "2026-01-10T01:00:00.000Z",
  }]);
  await world.mark("toy_box b2");
  await step("pre_cleanup", "run3");
  deepStrictEqual((await plans()).map(({ run }) => run), ["run3", "run2"]);
});

Deno.test("a step fails with what was not deleted, and stops when its run is", async () => {
  const { world, step } = await boxWorld();
  await using _world = world;
  await world.mark("toy_box b1");
  await step("pre_cleanup");
  world.outcome = () => ({ outcome: "refused", reason: "it is the last" });
  await rejects(step("cleanup"), /Cannot apply all of plan \w+: 1 of 1 steps/);
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<Record<string, never>>();
  world.outcome = () => {
    reached.resolve();
    return held.promise;
  };
  const stop = new AbortController();
  const stopped = step("cleanup", "run1", stop.signal);
  await reached.promise;
  stop.abort();
  const lines = await stopped;
  match(
    lines.join("\n"),
    /Not deleted: toy_box b1 .*: refused, it is the last/,
  );
  held.resolve({});
});
