import assert from "node:assert/strict";
import { RecordId } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { sharedDatabase, TestWorld } from "../events/test_world.ts";
import { defineWorkflow } from "./definition.ts";
import { WorkflowEngine } from "./engine.ts";
import { cronHeartbeat, Schedules } from "./schedules.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const WORKFLOWS = [
  defineWorkflow("hourly", { steps: ["work"], schedule: "0 * * * *" }),
  defineWorkflow("manual", { steps: ["work"] }),
];

/** Schedules over a control plane, a beat by hand, and what was started. */
class Bench implements AsyncDisposable {
  readonly world: TestWorld;
  readonly schedules: Schedules;
  readonly started: string[] = [];
  readonly ids: string[] = [];
  beat: () => Promise<void> = () => Promise.resolve();
  fails = false;

  private constructor(world: TestWorld, schedules: Schedules) {
    this.world = world;
    this.schedules = schedules;
  }

  static async open(world?: TestWorld): Promise<Bench> {
    const here = world ?? await TestWorld.open();
    const beats: (() => Promise<void>)[] = [];
    const schedules = await Schedules.open({
      db: here.db,
      clock: here.clock,
      workflows: WORKFLOWS,
      heartbeat: (callback) => {
        beats.push(callback);
        return { [Symbol.dispose]: () => void beats.pop() };
      },
    });
    const bench = new Bench(here, schedules);
    bench.beat = async () => await beats[0]?.();
    return bench;
  }

  start(): Promise<void> {
    return this.schedules.start((name, trigger, id) => {
      if (this.fails) return Promise.reject(new Error("the disk is full"));
      this.started.push(`${name} ${trigger}`);
      this.ids.push(id);
      return Promise.resolve();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.schedules.stop();
    await this.world[Symbol.asyncDispose]();
  }
}

Deno.test({
  name: "Schedules",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using _database = await sharedDatabase();

    await t.step("a beat starts what is due, once", async () => {
      await using bench = await Bench.open();
      await bench.start();
      await bench.beat();
      assert.deepEqual(bench.started, []);
      bench.world.clock.advance(59 * MINUTE);
      await bench.beat();
      assert.deepEqual(bench.started, []);
      bench.world.clock.advance(MINUTE);
      await bench.beat();
      await bench.beat();
      bench.world.clock.advance(MINUTE);
      await bench.beat();
      assert.deepEqual(bench.started, [
        "hourly schedule:2026-01-01T01:00:00.000Z",
      ]);
      bench.world.clock.advance(HOUR);
      await bench.beat();
      assert.equal(bench.started.length, 2);
      assert.notEqual(bench.ids[0], bench.ids[1]);
    });

    await t.step(
      "what was missed while core was down is made up once",
      async () => {
        const first = await Bench.open();
        await first.start();
        const { db, clock } = first.world;
        await first[Symbol.asyncDispose]();
        clock.advance(5 * HOUR + 20 * MINUTE);
        await using second = await Bench.open(await TestWorld.again(db, clock));
        await second.start();
        assert.deepEqual(second.started, [
          "hourly schedule:2026-01-01T05:00:00.000Z",
        ]);
        await second.beat();
        assert.equal(second.started.length, 1);
      },
    );

    await t.step(
      "a core that is killed before it stored the time asks for the same run",
      async () => {
        const first = await Bench.open();
        await first.start();
        first.world.clock.advance(HOUR);
        const { db, clock } = first.world;
        await first.beat();
        await db.query("UPDATE schedule SET last_due = $at", {
          at: new Date(clock.now() - HOUR),
        });
        await first[Symbol.asyncDispose]();
        await using second = await Bench.open(await TestWorld.again(db, clock));
        await second.start();
        assert.deepEqual(second.ids, first.ids);
      },
    );

    await t.step(
      "a start that fails is tried again at the next beat",
      async () => {
        await using bench = await Bench.open();
        await bench.start();
        bench.world.clock.advance(HOUR);
        bench.fails = true;
        await bench.beat();
        bench.fails = false;
        bench.world.clock.advance(MINUTE);
        await bench.beat();
        assert.deepEqual(bench.started, [
          "hourly schedule:2026-01-01T01:00:00.000Z",
        ]);
      },
    );

    await t.step("set() holds from now on, also after a restart", async () => {
      await using bench = await Bench.open();
      await bench.start();
      bench.world.clock.advance(30 * MINUTE);
      await bench.schedules.set("hourly", "*/10 * * * *", "Europe/Berlin");
      assert.deepEqual(bench.schedules.get("hourly"), {
        cron: "*/10 * * * *",
        timeZone: "Europe/Berlin",
        next: new Date("2026-01-01T00:40:00Z"),
      });
      await bench.beat();
      assert.deepEqual(bench.started, [], "not for what was due before");
      await assert.rejects(
        bench.schedules.set("hourly", "never", "UTC"),
        (error) => isSkymapError(error, "config_invalid"),
      );
      const again = await Schedules.open({
        db: bench.world.db,
        clock: bench.world.clock,
        workflows: WORKFLOWS,
      });
      assert.equal(again.get("hourly")?.cron, "*/10 * * * *");
      assert.equal(again.get("manual"), undefined);
    });

    await t.step("the same schedule set again goes on as it was", async () => {
      await using bench = await Bench.open();
      await bench.start();
      bench.world.clock.advance(HOUR);
      await bench.schedules.set("hourly", "0 * * * *");
      await bench.beat();
      assert.equal(bench.started.length, 1);
    });

    await t.step("remove() ends a schedule, also after a restart", async () => {
      await using bench = await Bench.open();
      await bench.start();
      await bench.schedules.set("manual", "0 * * * *");
      assert.deepEqual(bench.schedules.names(), ["hourly", "manual"]);
      await bench.schedules.remove("manual");
      assert.equal(bench.schedules.get("manual"), undefined);
      bench.world.clock.advance(HOUR);
      await bench.beat();
      assert.equal(bench.started.length, 1);
      const again = await Schedules.open({
        db: bench.world.db,
        clock: bench.world.clock,
        workflows: WORKFLOWS,
      });
      assert.deepEqual(again.names(), ["hourly"]);
    });

    await t.step("paused, schedules start nothing and say so", async () => {
      await using world = await TestWorld.open();
      const schedules = await Schedules.open({
        db: world.db,
        clock: world.clock,
        workflows: WORKFLOWS,
        isPaused: true,
        heartbeat: () => {
          throw new Error("nobody looks at the clock");
        },
      });
      await schedules.start(() => Promise.reject(new Error("starts nothing")));
      world.clock.advance(HOUR);
      await schedules.check();
      assert.deepEqual(schedules.get("hourly"), {
        cron: "0 * * * *",
        timeZone: "UTC",
      });
    });

    await t.step(
      "a schedule that cannot be read hinders no other",
      async () => {
        await using world = await TestWorld.open();
        await world.db.query(
          "CREATE $id SET cron = 'x', tz = 'UTC', last_due = $at",
          {
            id: new RecordId("schedule", "broken"),
            at: new Date(0),
          },
        );
        await using bench = await Bench.open(world);
        assert.equal(bench.schedules.get("broken"), undefined);
        assert.equal(bench.schedules.get("hourly")?.cron, "0 * * * *");
      },
    );

    await t.step(
      "the engine runs by schedule and tells when next",
      async () => {
        await using world = await TestWorld.open();
        const beats: (() => Promise<void>)[] = [];
        await using engine = new WorkflowEngine({
          ...world,
          db: world.db,
          clock: world.clock,
          subscribers: world.subscribers,
          actions: world.actions,
          workflows: WORKFLOWS,
          schedules: await Schedules.open({
            db: world.db,
            clock: world.clock,
            workflows: WORKFLOWS,
            heartbeat: (callback) => {
              beats.push(callback);
              return { [Symbol.dispose]() {} };
            },
          }),
        });
        await engine.start();
        assert.deepEqual(engine.list(), [
          {
            name: "hourly",
            steps: ["work"],
            schedule: "0 * * * *",
            time_zone: "UTC",
            next_run: "2026-01-01T01:00:00.000Z",
          },
          { name: "manual", steps: ["work"] },
        ]);
        world.clock.advance(HOUR);
        await beats[0]?.();
        const run = await until(async () => {
          const [run] = await engine.runs();
          return run?.state === "done" && run;
        });
        assert.equal(run.trigger, "schedule:2026-01-01T01:00:00.000Z");
        assert.equal(engine.list()[0]?.next_run, "2026-01-01T02:00:00.000Z");
      },
    );

    await t.step(
      "cronHeartbeat() ends when it is disposed of, and may begin again",
      async () => {
        for (let round = 0; round < 2; round++) {
          await using _beat = cronHeartbeat(() => Promise.resolve());
        }
      },
    );
  },
});
