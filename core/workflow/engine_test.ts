import assert from "node:assert/strict";
import type { RunJson } from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { sharedDatabase, TestWorld } from "../events/test_world.ts";
import { defineWorkflow } from "./definition.ts";
import { WorkflowEngine, type WorkflowEngineOptions } from "./engine.ts";

const WORKFLOWS = [
  defineWorkflow("small", { steps: ["pre", "work", "post"], locks: ["work"] }),
  defineWorkflow("rival", { steps: ["work"], locks: ["work"] }),
  defineWorkflow("other", { steps: ["elsewhere"] }),
  defineWorkflow("strict", {
    steps: [{ name: "must", onError: "stop" }, "after"],
  }),
];

/** An engine over a control plane, with what tests ask of it. */
class Bench implements AsyncDisposable {
  readonly world: TestWorld;
  readonly engine: WorkflowEngine;

  private constructor(world: TestWorld, engine: WorkflowEngine) {
    this.world = world;
    this.engine = engine;
  }

  static async open(
    options: Partial<WorkflowEngineOptions> = {},
    world?: TestWorld,
  ): Promise<Bench> {
    const here = world ?? await TestWorld.open();
    let ids = 0;
    const engine = new WorkflowEngine({
      ...here,
      db: here.db,
      clock: here.clock,
      subscribers: here.subscribers,
      actions: here.actions,
      workflows: WORKFLOWS,
      newId: () => `run${++ids}`,
      ...options,
    });
    await engine.start();
    return new Bench(here, engine);
  }

  /** Ends this core and starts the next one over the same database. */
  async restart(options: Partial<WorkflowEngineOptions> = {}): Promise<Bench> {
    const { db, clock } = this.world;
    await this[Symbol.asyncDispose]();
    const world = await TestWorld.again(db, clock);
    return await Bench.open({ newId: () => "again", ...options }, world);
  }

  /** Waits until a subscriber has an action in a state. */
  action(
    subscriber: string,
    state: "pending" | "done" | "aborted" | "timed_out" = "pending",
  ): Promise<string> {
    return until(
      async () => (await this.world.actionsOf(subscriber, state))[0],
      { what: `a ${state} action of ${subscriber}` },
    );
  }

  /** Waits until a run is in a state. */
  reaches(id: string, state: RunJson["state"]): Promise<RunJson> {
    return until(async () => {
      const run = await this.engine.get(id);
      return run?.state === state && run;
    }, { what: `run ${id} to be ${state}` });
  }

  async messages(id: string): Promise<string[]> {
    return (await this.engine.log(id)).map((line) => line.message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}

/** A database that fails when it is told to. */
function brittle(db: DbSession, breaks: (sql: string) => boolean): DbSession {
  return {
    query: (sql, bindings) =>
      breaks(sql)
        ? Promise.reject(new Error("the disk is full"))
        : db.query(sql, bindings),
    live: (sql, bindings, onEvent) => db.live(sql, bindings, onEvent),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

Deno.test({
  name: "WorkflowEngine",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using _database = await sharedDatabase();

    await t.step("run() passes steps that nobody subscribed to", async () => {
      await using bench = await Bench.open();
      const { id, trigger } = await bench.engine.run("small", "test");
      const run = await bench.reaches(id, "done");
      assert.equal(trigger, "test");
      assert.deepEqual(run.steps.map((step) => step.state), [
        "done",
        "done",
        "done",
      ]);
      assert.deepEqual(await bench.messages(id), ["Run ended: done"]);
    });

    await t.step("run() waits for the answer of a worker", async () => {
      await using bench = await Bench.open();
      await bench.world.subscribe("w1", ["work"]);
      const { id } = await bench.engine.run("small", "test");
      const action = await bench.action("w1");
      assert.equal(action, "run1:work:w1");
      assert.equal((await bench.engine.get(id))?.state, "running");
      assert.ok(await bench.world.claim(action));
      assert.ok(await bench.world.finish(action));
      const run = await bench.reaches(id, "done");
      assert.equal(run.steps[1]?.state, "done");
    });

    await t.step(
      "run() tells workers when the last run's steps started",
      async () => {
        await using bench = await Bench.open();
        const first = await bench.engine.run("small", "test");
        await bench.reaches(first.id, "done");
        const startedAt = bench.world.clock.now() / 1_000;
        bench.world.clock.advance(60_000);
        await bench.world.subscribe("w1", ["work"]);
        await bench.engine.run("small", "test");
        const action = await bench.action("w1");
        const [[payload]] = await bench.world.db.query<[[unknown]]>(
          "SELECT VALUE payload FROM $id",
          { id: new RecordId("action", action) },
        );
        assert.deepEqual(payload, {
          task: "run2",
          step: "work",
          timing: {
            pre: { started_at: startedAt },
            work: { started_at: startedAt },
            post: { started_at: startedAt },
          },
        });
      },
    );

    await t.step(
      "run() goes on when a worker failed, and logs why",
      async () => {
        await using bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"]);
        const { id } = await bench.engine.run("small", "test");
        const action = await bench.action("w1");
        await bench.world.claim(action);
        await bench.world.finish(action, "failed", "no credentials");
        const run = await bench.reaches(id, "done");
        assert.equal(run.steps[1]?.state, "failed");
        const line = (await bench.engine.log(id)).find((each) =>
          each.message === "no credentials"
        );
        assert.deepEqual([line?.level, line?.step, line?.source], [
          "error",
          "work",
          "w1",
        ]);
      },
    );

    await t.step("run() ends at a failed step that says so", async () => {
      await using bench = await Bench.open();
      await bench.world.subscribe("w1", ["must"]);
      const { id } = await bench.engine.run("strict", "test");
      await bench.world.actions.answer(await bench.action("w1"), "w1", {
        state: "failed",
        error: "broken",
      });
      const run = await bench.reaches(id, "failed");
      assert.deepEqual(run.steps.map((step) => step.state), [
        "failed",
        "pending",
      ]);
    });

    await t.step(
      "a subscriber's time-out is honoured, logged, and final",
      async () => {
        await using bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"], { timeout: 30 });
        const { id } = await bench.engine.run("small", "test");
        const action = await bench.action("w1");
        await bench.world.claim(action);
        bench.world.clock.advance(29_000);
        assert.equal((await bench.engine.get(id))?.state, "running");
        bench.world.clock.advance(1_000);
        const run = await bench.reaches(id, "done");
        assert.equal(run.steps[1]?.state, "failed");
        assert.equal(await bench.action("w1", "timed_out"), action);
        assert.ok((await bench.messages(id)).includes("No answer in time"));
        assert.equal(await bench.world.finish(action), false, "a late answer");
      },
    );

    await t.step(
      "nobody waits for a subscriber that is not waited for",
      async () => {
        await using bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"], {
          wait: false,
          timeout: 20,
        });
        const { id } = await bench.engine.run("small", "test");
        await bench.reaches(id, "done");
        const action = await bench.action("w1");
        await bench.world.actions.info(action, "w1", {
          level: "info",
          message: "late news",
        });
        await until(async () =>
          (await bench.messages(id)).includes("late news")
        );
        bench.world.clock.advance(20_000);
        await bench.action("w1", "timed_out");
        await until(async () =>
          (await bench.messages(id)).includes("No answer in time")
        );
      },
    );

    await t.step(
      "run() queues one more run of a workflow, and only one",
      async () => {
        await using bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"]);
        const first = await bench.engine.run("small", "test");
        const second = await bench.engine.run("small", "test");
        const third = await bench.engine.run("small", "other");
        assert.equal(first.state, "running");
        assert.equal(second.state, "waiting");
        assert.deepEqual(third, second);
        await bench.world.actions.answer(await bench.action("w1"), "w1", {
          state: "done",
        });
        await bench.reaches(second.id, "running");
        assert.equal(await bench.action("w1"), `${second.id}:work:w1`);
      },
    );

    await t.step(
      "runs that share a lock wait for each other, in their order",
      async () => {
        await using bench = await Bench.open();
        await bench.world.subscribe("w1", ["work", "elsewhere"]);
        const small = await bench.engine.run("small", "test");
        const rival = await bench.engine.run("rival", "test");
        const again = await bench.engine.run("small", "test");
        const other = await bench.engine.run("other", "test");
        assert.equal(rival.state, "waiting");
        assert.equal(other.state, "running", "shares nothing");
        const answer = async (run: string) => {
          const id = `${run}:work:w1`;
          await until(() => bench.world.claim(id));
          await bench.world.finish(id);
        };
        await answer(small.id);
        await bench.reaches(rival.id, "running");
        assert.equal((await bench.engine.get(again.id))?.state, "waiting");
        await answer(rival.id);
        await bench.reaches(again.id, "running");
      },
    );

    await t.step(
      "stop() calls back what was asked for and lets the next run go",
      async () => {
        await using bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"]);
        const { id } = await bench.engine.run("small", "test");
        const waiting = await bench.engine.run("small", "test");
        await bench.world.claim(await bench.action("w1"));
        await bench.engine.stop(id, "Stopped by a test");
        const run = await bench.reaches(id, "stopped");
        assert.ok(run.ended_at);
        await bench.action("w1", "aborted");
        assert.ok((await bench.messages(id)).includes("Stopped by a test"));
        await bench.reaches(waiting.id, "running");
        await bench.engine.stop(id);
        assert.deepEqual(await bench.engine.get(id), run);
      },
    );

    await t.step("unknown names and ids are refused", async () => {
      await using bench = await Bench.open();
      const { engine } = bench;
      await assert.rejects(
        engine.run("nope", "test"),
        (error) => isSkymapError(error, "workflow_unknown"),
      );
      await assert.rejects(
        engine.stop("nope"),
        (error) => isSkymapError(error, "run_unknown"),
      );
      await assert.rejects(
        engine.appendLog("nope", []),
        (error) => isSkymapError(error, "run_unknown"),
      );
      assert.equal(await engine.get("nope"), undefined);
      assert.deepEqual(await engine.log("nope"), []);
    });

    await t.step(
      "appendLog() adds lines with details, also after the end",
      async () => {
        await using bench = await Bench.open();
        const { id } = await bench.engine.run("small", "test");
        await bench.reaches(id, "done");
        await bench.engine.appendLog(id, [{
          level: "warning",
          step: "work",
          source: "merge",
          message: "2 nodes were refused",
          details: { rejected: 2, "a:b": null },
        }]);
        assert.deepEqual((await bench.engine.log(id)).at(-1), {
          at: new Date(bench.world.clock.now()).toISOString(),
          level: "warning",
          step: "work",
          source: "merge",
          message: "2 nodes were refused",
          details: { rejected: 2, "a:b": null },
        });
      },
    );

    await t.step(
      "messages of workers are in the log exactly once",
      async () => {
        let bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"]);
        const { id } = await bench.engine.run("small", "test");
        const action = await bench.action("w1");
        await bench.world.claim(action);
        const say = (message: string) =>
          bench.world.actions.info(action, "w1", { level: "info", message });
        await say("one");
        await until(async () => (await bench.messages(id)).includes("one"));
        bench = await bench.restart();
        await using _ = bench;
        await say("two");
        bench.world.clock.advance(5_000);
        await bench.world.finish(action);
        await bench.reaches(id, "done");
        const said = (await bench.messages(id)).filter((message) =>
          message === "one" || message === "two"
        );
        assert.deepEqual(said, ["one", "two"]);
      },
    );

    await t.step("core does its own part of a step", async () => {
      const done: string[] = [];
      await using bench = await Bench.open({
        handlers: {
          work: (run) => {
            done.push(run);
            return Promise.resolve();
          },
          post: () => Promise.reject(new Error("index broken")),
        },
      });
      const { id } = await bench.engine.run("small", "test");
      const run = await bench.reaches(id, "done");
      assert.deepEqual(done, [id]);
      assert.deepEqual(run.steps.map((step) => step.state), [
        "done",
        "done",
        "failed",
      ]);
      assert.ok((await bench.messages(id)).includes("index broken"));
    });

    await t.step(
      "core's own part has a time limit, and hears of a stop",
      async () => {
        const signals: AbortSignal[] = [];
        const { promise: never } = Promise.withResolvers<void>();
        await using bench = await Bench.open({
          handlers: {
            work: (_run, signal) => {
              signals.push(signal);
              return signals.length === 1
                ? never
                : new Promise((_, reject) =>
                  signal.addEventListener("abort", () => reject(signal.reason))
                );
            },
          },
          handlerTimeoutMs: 10_000,
        });
        const late = await bench.engine.run("small", "test");
        await until(() => signals.length === 1);
        bench.world.clock.advance(10_000);
        const run = await bench.reaches(late.id, "done");
        assert.equal(run.steps[1]?.state, "failed");
        assert.ok(signals[0]?.aborted);
        const { id } = await bench.engine.run("small", "test");
        await until(() => signals.length === 2);
        await bench.engine.stop(id);
        await bench.reaches(id, "stopped");
        assert.ok(signals[1]?.aborted);
      },
    );

    await t.step("a restarted core resumes at the same step", async () => {
      let bench = await Bench.open();
      await bench.world.subscribe("w1", ["pre", "work"]);
      await bench.world.subscribe("w2", ["work"]);
      const { id } = await bench.engine.run("small", "test");
      const queued = await bench.engine.run("small", "test");
      const pre = await bench.action("w1");
      await bench.world.actions.answer(pre, "w1", { state: "done" });
      const first = `${id}:work:w1`;
      await until(() => bench.world.claim(first));
      await until(() => bench.world.claim(`${id}:work:w2`));
      bench = await bench.restart();
      await using _ = bench;
      const run = await bench.engine.get(id);
      assert.deepEqual(run?.steps.map((step) => step.state), [
        "done",
        "running",
        "pending",
      ]);
      assert.ok(await bench.world.finish(first), "still claimed");
      assert.ok(await bench.world.finish(`${id}:work:w2`));
      await bench.reaches(id, "done");
      await bench.reaches(queued.id, "running");
    });

    await t.step(
      "a restarted core hears what was answered while it was down",
      async () => {
        const bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"]);
        const { id } = await bench.engine.run("small", "test");
        const action = await bench.action("w1");
        const { db, clock } = bench.world;
        await bench[Symbol.asyncDispose]();
        await bench.world.claim(action);
        await db.query("UPDATE $id SET info = [{ message: 'bye' }]", {
          id: new RecordId("action", action),
        });
        await bench.world.finish(action);
        await using next = await Bench.open(
          {},
          await TestWorld.again(db, clock),
        );
        await next.reaches(id, "done");
        assert.ok((await next.messages(id)).includes("bye"));
      },
    );

    await t.step(
      "a restarted core times out what was due while it was down",
      async () => {
        let bench = await Bench.open();
        await bench.world.subscribe("w1", ["work"]);
        const { id } = await bench.engine.run("small", "test");
        await bench.action("w1");
        bench.world.clock.advance(30_000);
        const { clock } = bench.world;
        bench = await bench.restart();
        await using _ = bench;
        clock.advance(30_000);
        await bench.reaches(id, "done");
        await bench.action("w1", "timed_out");
      },
    );

    await t.step(
      "a restarted core makes actions that it only wrote down",
      async () => {
        const world = await TestWorld.open();
        await world.subscribe("w1", ["work"]);
        // Killed between the run and its actions.
        const killed = new WorkflowEngine({
          db: world.db,
          clock: world.clock,
          subscribers: world.subscribers,
          actions: new Proxy(world.actions, {
            get(target, name) {
              if (name === "create") return () => new Promise(() => {});
              const value = Reflect.get(target, name, target);
              return typeof value === "function" ? value.bind(target) : value;
            },
          }),
          workflows: WORKFLOWS,
        });
        await killed.start();
        void killed.run("small", "test").catch(() => {});
        const run = await until(async () =>
          (await killed.runs()).find((each) => each.state === "running")
        );
        assert.deepEqual(await world.actionsOf("w1", "pending"), []);
        await using bench = await Bench.open({}, world);
        assert.equal(await bench.action("w1"), `${run.id}:work:w1`);
      },
    );

    await t.step(
      "a restarted core runs its own part of a step again",
      async () => {
        const { promise: never } = Promise.withResolvers<void>();
        let bench = await Bench.open({ handlers: { work: () => never } });
        const { id } = await bench.engine.run("small", "test");
        const { db, clock } = bench.world;
        // Left as it is: the process of this engine was killed.
        await bench.world[Symbol.asyncDispose]();
        let calls = 0;
        bench = await Bench.open({
          handlers: { work: () => Promise.resolve(void calls++) },
        }, await TestWorld.again(db, clock));
        await using _ = bench;
        await bench.reaches(id, "done");
        assert.equal(calls, 1);
      },
    );

    await t.step(
      "actions of a run that is not there any more are called back",
      async () => {
        const world = await TestWorld.open();
        await world.actions.create([{
          run: "lost",
          step: "work",
          subscriber: "w1",
          worker: "w1",
          wait: true,
          deadline: world.clock.now() + 60_000,
          payload: {},
        }]);
        await using bench = await Bench.open({}, world);
        assert.equal(await bench.action("w1", "aborted"), "lost:work:w1");
      },
    );

    await t.step(
      "a database that fails for a while delays runs and loses none",
      async () => {
        const world = await TestWorld.open();
        let broken = false;
        await using bench = await Bench.open({
          db: brittle(world.db, () => broken),
        }, world);
        await world.subscribe("w1", ["work"]);
        const { id } = await bench.engine.run("small", "test");
        const action = await bench.action("w1");
        broken = true;
        await world.claim(action);
        await world.finish(action);
        await assert.rejects(bench.engine.run("rival", "test"), /disk is full/);
        world.clock.advance(3_000);
        broken = false;
        world.clock.advance(6_000);
        await bench.reaches(id, "done");
      },
    );

    await t.step("a subscriber that is gone is not waited for", async () => {
      await using bench = await Bench.open();
      const { clock, subscribers } = bench.world;
      await bench.world.subscribe("w1", ["work"], { timeout: 86_400 });
      await bench.world.subscribe("w2", ["work"], { timeout: 86_400 });
      const { id } = await bench.engine.run("small", "test");
      clock.advance(299_000);
      await subscribers.heartbeat("w2");
      clock.advance(60_000);
      await bench.world.actions.answer(await bench.action("w2"), "w2", {
        state: "done",
      });
      await bench.reaches(id, "done");
      assert.ok(
        (await bench.messages(id)).includes(
          "The subscriber was not heard of for too long",
        ),
      );
    });

    await t.step("a removed subscriber is not waited for", async () => {
      await using bench = await Bench.open();
      await bench.world.subscribe("w1", ["work"]);
      const { id } = await bench.engine.run("small", "test");
      await bench.action("w1");
      await bench.world.subscribers.remove("w1");
      await bench.reaches(id, "done");
      assert.ok(
        (await bench.messages(id)).includes("The subscriber was removed"),
      );
    });

    await t.step("run() with an id makes the run once", async () => {
      await using bench = await Bench.open();
      const first = await bench.engine.run("small", "test", { id: "fixed" });
      await bench.reaches(first.id, "done");
      const again = await bench.engine.run("small", "test", { id: "fixed" });
      assert.equal(again.id, "fixed");
      assert.equal(again.state, "done");
      assert.equal((await bench.engine.runs()).length, 1);
    });

    await t.step(
      "runs() gives the newest first, and the oldest are let go",
      async () => {
        let bench = await Bench.open({ keepRuns: 3, keepRunsEach: 1 });
        await bench.world.subscribe("w1", ["pre"], { wait: false });
        for (let at = 0; at < 5; at++) {
          const { id } = await bench.engine.run("small", "test");
          await bench.reaches(id, "done");
          bench.world.clock.advance(1_000);
        }
        assert.deepEqual(
          (await bench.engine.runs({ limit: 2 })).map((run) => run.id),
          ["run5", "run4"],
        );
        bench = await bench.restart({ keepRuns: 3, keepRunsEach: 1 });
        await using _ = bench;
        assert.deepEqual(
          (await bench.engine.runs()).map((run) => run.id),
          ["run5", "run4", "run3"],
        );
        assert.deepEqual(await bench.engine.log("run1"), []);
        const [left] = await bench.world.db.query<[unknown[]]>(
          "SELECT id FROM action",
        );
        assert.equal(left.length, 3);
      },
    );

    await t.step(
      "runs of a busy workflow drive out none of a rare one",
      async () => {
        let bench = await Bench.open();
        for (const name of ["other", "small", "small", "small", "small"]) {
          const { id } = await bench.engine.run(name, "test");
          await bench.reaches(id, "done");
          bench.world.clock.advance(1_000);
        }
        bench = await bench.restart({ keepRuns: 2, keepRunsEach: 1 });
        await using _ = bench;
        assert.deepEqual(
          (await bench.engine.runs()).map((run) => run.id),
          ["run5", "run4", "run1"],
        );
      },
    );

    await t.step("list() names the workflows and their steps", async () => {
      await using bench = await Bench.open();
      assert.deepEqual(bench.engine.list()[0], {
        name: "small",
        steps: ["pre", "work", "post"],
      });
    });
  },
});
