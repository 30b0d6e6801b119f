import assert from "node:assert/strict";
import type { CapabilityJson } from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { TaskRunner } from "@skymap/lib/subscriber";
import { until } from "@skymap/lib/testing";
import { sharedDatabase, TestWorld } from "../events/test_world.ts";
import { TaskQueue, type TaskQueueOptions } from "./queue.ts";

/** A task as its owner's live query shows it. */
interface OwnTask {
  readonly id: RecordId;
  readonly state: string;
  readonly attempts: number;
}

/** Starts a task as a worker does; false when it is not its to start. */
async function begin(
  db: DbSession,
  { id, attempts }: OwnTask,
  leaseUntil?: number,
): Promise<boolean> {
  const [begun] = await db.query<[unknown[]]>(
    `UPDATE $id SET state = 'running', lease_until = $lease ?? lease_until
    WHERE state = 'assigned' AND attempts = $attempts RETURN VALUE id`,
    {
      id,
      attempts,
      lease: leaseUntil === undefined ? undefined : new Date(leaseUntil),
    },
  );
  return begun.length > 0;
}

/** Ends a task as a worker does; false when it is not its any more. */
async function end(
  db: DbSession,
  { id, attempts }: OwnTask,
  answer: { readonly result: Json } | { readonly error: string },
): Promise<boolean> {
  const [ended] = await db.query<[unknown[]]>(
    `UPDATE $id SET state = $state, result = $result, error = $error
    WHERE state = 'running' AND attempts = $attempts RETURN VALUE id`,
    {
      id,
      attempts,
      state: "error" in answer ? "failed" : "done",
      result: "result" in answer ? answer.result : undefined,
      error: "error" in answer ? answer.error : undefined,
    },
  );
  return ended.length > 0;
}

/** A task queue over a control plane, with what tests ask of it. */
class Bench implements AsyncDisposable {
  readonly world: TestWorld;
  readonly queue: TaskQueue;

  private constructor(world: TestWorld, queue: TaskQueue) {
    this.world = world;
    this.queue = queue;
  }

  static async open(
    options: Partial<TaskQueueOptions> = {},
    world?: TestWorld,
  ): Promise<Bench> {
    const here = world ?? await TestWorld.open();
    const { db, clock, subscribers } = here;
    let ids = 0;
    const queue = await TaskQueue.open({
      db,
      clock,
      subscribers,
      newId: () => `task${++ids}`,
      ...options,
    });
    return new Bench(here, queue);
  }

  async restart(): Promise<Bench> {
    const { db, clock } = this.world;
    await this[Symbol.asyncDispose]();
    return await Bench.open({}, await TestWorld.again(db, clock));
  }

  able(
    id: string,
    filter: CapabilityJson["filter"] = {},
    parallel: number = 5,
  ): Promise<void> {
    return this.world.subscribers.put({
      id,
      subscriptions: {},
      capabilities: [{ name: "tag", filter }],
      parallel_tasks: parallel,
    });
  }

  /** Tasks a worker has. */
  async of(worker: string): Promise<OwnTask[]> {
    const [rows] = await this.world.db.query<[OwnTask[]]>(
      `SELECT id, state, attempts FROM task
      WHERE owner = $owner AND state IN ['assigned', 'running']`,
      { owner: new RecordId("worker", worker) },
    );
    return rows;
  }

  /** Waits until a worker has a task of an attempt. */
  given(worker: string, attempts: number = 1): Promise<OwnTask> {
    return until(
      async () =>
        (await this.of(worker)).find((each) => each.attempts === attempts),
      { what: `a task of ${worker}, attempt ${attempts}` },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.queue[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}

const isFailure = (pattern: RegExp) => (error: unknown) =>
  isSkymapError(error, "task_failed") && pattern.test(error.message);

Deno.test({
  name: "TaskQueue",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using database = await sharedDatabase();

    await t.step(
      "submit() gives the task to an able worker, and its answer",
      async () => {
        await using bench = await Bench.open();
        const { world: { db }, queue } = bench;
        await bench.able("aws", { cloud: ["aws"] });
        await bench.able("gcp", { cloud: ["gcp"] });
        const { id, result } = await queue.submit(
          "tag",
          { cloud: "aws" },
          { update: { "a:b": "c" } },
        );
        const task = await bench.given("aws");
        assert.equal(String(task.id.id), id);
        assert.ok(await begin(db, task));
        assert.equal(await begin(db, task), false, "once only");
        assert.equal(queue.list().length, 1);
        assert.ok(await end(db, task, { result: { tagged: true } }));
        assert.deepEqual(await result, { tagged: true });
        assert.deepEqual(await queue.wait(id), { tagged: true }, "again");
        assert.deepEqual(queue.list(), []);
      },
    );

    await t.step(
      "a worker's error is the task's, and is not tried again",
      async () => {
        await using bench = await Bench.open();
        await bench.able("w");
        const { id, result } = await bench.queue.submit("tag", {}, {});
        const task = await bench.given("w");
        await begin(bench.world.db, task);
        await end(bench.world.db, task, { error: "AccessDenied" });
        await assert.rejects(
          result,
          isFailure(/^Cannot do task "tag": AccessDenied$/),
        );
        await assert.rejects(bench.queue.wait(id), isFailure(/AccessDenied/));
      },
    );

    await t.step("no worker has more than it can do side by side", async () => {
      await using bench = await Bench.open();
      await bench.able("a", {}, 2);
      await bench.able("b", {}, 1);
      for (let at = 0; at < 5; at++) await bench.queue.submit("tag", {}, {});
      await until(async () => (await bench.of("a")).length === 2);
      await until(async () => (await bench.of("b")).length === 1);
      assert.equal(
        bench.queue.list().filter((each) => each.state === "pending").length,
        2,
      );
      const [first] = await bench.of("a");
      assert.ok(first);
      await begin(bench.world.db, first);
      await end(bench.world.db, first, { result: null });
      await until(async () =>
        (await bench.of("a")).some((each) => `${each.id}` !== `${first.id}`) &&
        (await bench.of("a")).length === 2
      );
    });

    await t.step("a task is held until an able worker comes", async () => {
      await using bench = await Bench.open();
      await bench.able("gcp", { cloud: ["gcp"] });
      const { result } = await bench.queue.submit("tag", { cloud: "aws" }, {});
      bench.world.clock.advance(30_000);
      await bench.able("aws", { cloud: ["aws"] });
      const task = await bench.given("aws");
      await begin(bench.world.db, task);
      await end(bench.world.db, task, { result: 1 });
      assert.equal(await result, 1);
    });

    await t.step(
      "a task that nobody can do fails at its deadline, and says so",
      async () => {
        await using bench = await Bench.open();
        const { result } = await bench.queue.submit(
          "tag",
          { cloud: "aws" },
          {},
          {
            timeoutMs: 5_000,
          },
        );
        bench.world.clock.advance(5_000);
        await assert.rejects(
          result,
          isFailure(
            /^Cannot do task "tag" cloud=aws: no worker can do it, and none came within 5 s$/,
          ),
        );
      },
    );

    await t.step(
      "a task that nobody can do fails when a worker is not waited for any longer",
      async () => {
        await using bench = await Bench.open();
        const { clock } = bench.world;
        const attrs = { cloud: "aws" };
        const options = { timeoutMs: 180_000, reachMs: 15_000 };
        const late = await bench.queue.submit("tag", attrs, {}, options);
        clock.advance(14_000);
        const early = await bench.queue.submit("tag", attrs, {}, options);
        clock.advance(1_000);
        await assert.rejects(
          late.result,
          isFailure(/: no worker can do it, and none came within 15 s$/),
        );
        // Whoever can do it may be busy for longer.
        await bench.able("aws", { cloud: ["aws"] });
        const task = await bench.given("aws");
        clock.advance(20_000);
        await begin(bench.world.db, task);
        await end(bench.world.db, task, { result: 1 });
        assert.equal(await early.result, 1);
      },
    );

    await t.step(
      "a task whose worker is lost is kept for one that starts again",
      async () => {
        for (const reachMs of [0, 15_000, undefined]) {
          await using bench = await Bench.open();
          const { clock, db } = bench.world;
          const filter = { cloud: ["aws"], account: ["1"] };
          await bench.able("other", { cloud: ["aws"], account: ["2"] });
          await bench.able("one", filter);
          const attrs = { cloud: "aws", account: "1" };
          const { result } = await bench.queue.submit("tag", attrs, {}, {
            timeoutMs: 180_000,
            reachMs,
          });
          await begin(db, await bench.given("one"));
          clock.advance(25_000);
          await bench.world.subscribers.remove("one");
          await until(
            () => bench.queue.list().every((each) => each.owner === undefined),
            { what: "a task that was taken back" },
          );
          clock.advance(14_000);
          await bench.able("two", filter);
          const task = await bench.given("two", 2);
          await begin(db, task);
          await end(db, task, { result: 1 });
          assert.equal(await result, 1);
        }
      },
    );

    await t.step(
      "a task for an account that no worker reaches fails before its deadline",
      async () => {
        await using bench = await Bench.open();
        const { clock } = bench.world;
        await bench.able("one", { cloud: ["aws"], account: ["1"] });
        const attrs = { cloud: "aws", account: "2" };
        const options = { timeoutMs: 180_000 };
        const late = await bench.queue.submit("tag", attrs, {}, options);
        clock.advance(14_000);
        // Another one may come as long as it is waited for.
        const early = await bench.queue.submit("tag", attrs, {}, options);
        clock.advance(1_000);
        await assert.rejects(
          late.result,
          isFailure(
            /: no worker reaches account "2", and none came within 15 s$/,
          ),
        );
        await bench.able("two", { cloud: ["aws"], account: ["2"] });
        const task = await bench.given("two");
        await begin(bench.world.db, task);
        await end(bench.world.db, task, { result: 1 });
        assert.equal(await early.result, 1);
      },
    );

    await t.step(
      "a task for which all are busy fails at its deadline, and says so",
      async () => {
        await using bench = await Bench.open();
        await bench.able("w", {}, 1);
        await bench.queue.submit("tag", {}, {}, { timeoutMs: 60_000 });
        await bench.given("w");
        const { result } = await bench.queue.submit("tag", {}, {}, {
          timeoutMs: 20_000,
        });
        bench.world.clock.advance(20_000);
        await assert.rejects(
          result,
          isFailure(/no worker took it within 20 s, wanted one that is free/),
        );
      },
    );

    await t.step(
      "a task that its worker does not end fails at its deadline",
      async () => {
        await using bench = await Bench.open();
        await bench.able("w");
        const { result } = await bench.queue.submit("tag", {}, {}, {
          timeoutMs: 5_000,
        });
        const task = await bench.given("w");
        await begin(bench.world.db, task);
        bench.world.clock.advance(5_000);
        await assert.rejects(result, isFailure(/worker "w" did not end it/));
        assert.equal(
          await end(bench.world.db, task, { result: 1 }),
          false,
          "too late",
        );
      },
    );

    await t.step(
      "a lease that runs out frees the task, and its old owner",
      async () => {
        await using bench = await Bench.open();
        const { db, clock } = bench.world;
        await bench.able("w");
        const { result } = await bench.queue.submit("tag", {}, {}, {
          timeoutMs: 120_000,
        });
        const first = await bench.given("w");
        await begin(db, first);
        clock.advance(31_000);
        const second = await bench.given("w", 2);
        assert.equal(await end(db, first, { result: "old" }), false);
        assert.ok(await begin(db, second));
        assert.equal(await end(db, first, { result: "old" }), false);
        assert.ok(await end(db, second, { result: "new" }));
        assert.equal(await result, "new");
      },
    );

    await t.step("a renewed lease keeps the task", async () => {
      await using bench = await Bench.open();
      const { db, clock } = bench.world;
      await bench.able("w");
      const { result } = await bench.queue.submit("tag", {}, {}, {
        timeoutMs: 120_000,
      });
      const task = await bench.given("w");
      await begin(db, task, clock.now() + 60_000);
      clock.advance(59_000);
      // Whatever this would have done comes before what is asked for now.
      await bench.queue.cancel("no such task");
      assert.equal((await bench.of("w"))[0]?.attempts, 1);
      await end(db, task, { result: 1 });
      assert.equal(await result, 1);
    });

    await t.step("retries that are spent fail the task", async () => {
      await using bench = await Bench.open();
      const { clock } = bench.world;
      await bench.able("w");
      const { result } = await bench.queue.submit("tag", {}, {}, {
        timeoutMs: 600_000,
        retries: 1,
      });
      await bench.given("w", 1);
      clock.advance(31_000);
      await bench.given("w", 2);
      clock.advance(31_000);
      await assert.rejects(result, isFailure(/given to 2 workers in turn/));
    });

    await t.step(
      "a worker that was removed gives back its tasks at once",
      async () => {
        await using bench = await Bench.open();
        await bench.able("a");
        const { result } = await bench.queue.submit("tag", {}, {});
        const first = await bench.given("a");
        await begin(bench.world.db, first);
        await bench.able("b");
        await bench.world.subscribers.remove("a");
        const second = await bench.given("b", 2);
        await begin(bench.world.db, second);
        await end(bench.world.db, second, { result: "b" });
        assert.equal(await result, "b");
      },
    );

    await t.step("a restarted core takes up what was under way", async () => {
      let bench = await Bench.open();
      const { db, clock } = bench.world;
      await bench.able("w", {}, 1);
      const first = await bench.queue.submit("tag", {}, {}, {
        timeoutMs: 120_000,
      });
      const second = await bench.queue.submit("tag", {}, {}, {
        timeoutMs: 120_000,
      });
      const lost = assert.rejects(
        first.result,
        (error) => isSkymapError(error, "unavailable"),
      );
      const task = await bench.given("w");
      await begin(db, task);
      // Down for longer than the lease, in which no worker could renew it.
      await bench[Symbol.asyncDispose]();
      await lost;
      clock.advance(40_000);
      bench = await Bench.open({}, await TestWorld.again(db, clock));
      await using _ = bench;
      clock.advance(1_000);
      const answers = [bench.queue.wait(first.id), bench.queue.wait(second.id)];
      assert.ok(await end(db, task, { result: 1 }));
      const next = await bench.given("w");
      await begin(db, next);
      await end(db, next, { result: 2 });
      assert.deepEqual(await Promise.all(answers), [1, 2]);
    });

    await t.step(
      "an assignment that was not stored is made again",
      async () => {
        const world = await TestWorld.open();
        let fails = true;
        await using bench = await Bench.open({
          db: {
            query: (sql, bindings) =>
              fails && sql.includes("'assigned', owner")
                ? Promise.reject(new Error("the disk is full"))
                : world.db.query(sql, bindings),
            live: (sql, bindings, onEvent) =>
              world.db.live(sql, bindings, onEvent),
            [Symbol.asyncDispose]: () => Promise.resolve(),
          },
        }, world);
        await bench.able("w");
        const { result } = await bench.queue.submit("tag", {}, {}, {
          retries: 0,
        });
        await until(() => bench.queue.list()[0]?.state === "assigned");
        fails = false;
        world.clock.advance(5_000);
        const task = await bench.given("w");
        await begin(world.db, task);
        await end(world.db, task, { result: 1 });
        assert.equal(await result, 1);
      },
    );

    await t.step("unknown tasks are refused, cancelled ones fail", async () => {
      await using bench = await Bench.open();
      await assert.rejects(
        bench.queue.wait("nope"),
        (error) => isSkymapError(error, "task_unknown"),
      );
      const { id, result } = await bench.queue.submit("tag", {}, {});
      await bench.queue.cancel(id, "not needed any more");
      await assert.rejects(result, isFailure(/not needed any more/));
    });

    await t.step("ended tasks are kept for a while", async () => {
      await using bench = await Bench.open();
      const { clock, db } = bench.world;
      const { id, result } = await bench.queue.submit("tag", {}, {});
      await bench.queue.cancel(id);
      await assert.rejects(result);
      clock.advance(3_500_000);
      await assert.rejects(bench.queue.wait(id), isFailure(/Cancelled/));
      clock.advance(200_000);
      await until(async () => {
        const [rows] = await db.query<[unknown[]]>("SELECT id FROM task");
        return rows.length === 0;
      });
    });

    await t.step(
      "16 processes of 8 workers race for 500 tasks: each is done by one",
      async () => {
        await using bench = await Bench.open();
        const done = new Map<string, string[]>();
        const names = Array.from({ length: 8 }, (_, at) => `w${at}`);
        const stop = new AbortController();
        await using stack = new AsyncDisposableStack();
        for (const name of names) {
          await bench.able(name, {}, 32);
          // Two processes that take themselves for the same worker.
          for (const process of ["first", "second"]) {
            stack.use(
              await TaskRunner.start({
                db: stack.use(await database.connect(name)),
                signal: stop.signal,
                handlers: {
                  tag: ({ id }) => {
                    done.set(id, [...done.get(id) ?? [], process]);
                    return Promise.resolve(process);
                  },
                },
              }),
            );
          }
        }
        const submitted = await Promise.all(
          Array.from(
            { length: 500 },
            (_, at) =>
              bench.queue.submit("tag", { n: String(at) }, { n: at }, {
                timeoutMs: 600_000,
              }),
          ),
        );
        const results = await Promise.all(submitted.map((each) => each.result));
        assert.equal(done.size, 500);
        for (const [at, { id }] of submitted.entries()) {
          assert.deepEqual(done.get(id), [results[at]], id);
        }
        const [[states]] = await bench.world.db.query<[unknown[]]>(
          "SELECT state, count() AS n, math::max(attempts) AS most FROM task GROUP BY state",
        );
        assert.deepEqual(states, { state: "done", n: 500, most: 1 });
      },
    );
  },
});
