import assert from "node:assert/strict";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { FakeClock, until } from "@skymap/lib/testing";
import { Subscribers } from "./subscribers.ts";
import { sharedDatabase, TestWorld } from "./test_world.ts";

const MINUTE = 60_000;

async function isActive(db: DbSession, worker: string): Promise<unknown> {
  const [[active]] = await db.query<[unknown[]]>(
    "SELECT VALUE active FROM $id",
    {
      id: new RecordId("worker", worker),
    },
  );
  return active;
}

Deno.test({
  name: "Subscribers",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using database = await sharedDatabase();

    await t.step(
      "put() is kept, with defaults, and for() finds by event",
      async () => {
        await using world = await TestWorld.open();
        const { subscribers, db } = world;
        await world.subscribe("b", ["collect", "cleanup"], { timeout: 7 });
        await world.subscribe("a", ["collect"]);
        assert.deepEqual(subscribers.for("collect").map((each) => each.id), [
          "a",
          "b",
        ]);
        assert.deepEqual(subscribers.for("cleanup").map((each) => each.id), [
          "b",
        ]);
        assert.deepEqual(subscribers.for("toString"), []);
        await using again = await Subscribers.open({ db, clock: world.clock });
        assert.deepEqual(again.list(), subscribers.list());
        assert.deepEqual(again.get("b"), {
          id: "b",
          worker: "b",
          subscriptions: {
            collect: {
              message_type: "collect",
              wait_for_completion: true,
              timeout: 7,
            },
            cleanup: {
              message_type: "cleanup",
              wait_for_completion: true,
              timeout: 7,
            },
          },
          capabilities: [],
          parallel_tasks: 5,
          seen: world.clock.now(),
        });
        assert.equal(await isActive(db, "b"), true);
      },
    );

    await t.step(
      "put() lets a worker sign in, remove() ends that",
      async () => {
        await using world = await TestWorld.open();
        const refused = async () => {
          try {
            await using _session = await database.connect("w");
          } catch (error) {
            return isSkymapError(error, "database_denied");
          }
        };
        assert.ok(await refused(), "not known yet");
        await world.subscribe("w", ["collect"]);
        assert.equal(await refused(), undefined);
        await world.subscribers.put({ id: "w2", subscriptions: {} }, {
          worker: "w",
        });
        await world.subscribers.remove("w");
        assert.equal(await refused(), undefined, "another one has this worker");
        await world.subscribers.remove("w2");
        assert.ok(await refused());
        assert.deepEqual(world.subscribers.list(), []);
      },
    );

    await t.step(
      "a subscriber that is silent for 3 minutes is gone",
      async () => {
        await using world = await TestWorld.open();
        const { subscribers, clock } = world;
        const changes: string[] = [];
        using _ = subscribers.onChange(({ type, subscriber }) =>
          void changes.push(`${type} ${subscriber.id}`)
        );
        clock.advance(6 * MINUTE);
        await world.subscribe("silent", ["collect"]);
        await world.subscribe("beating", ["collect"]);
        await world.subscribe("putting", ["collect"]);
        clock.advance(2 * MINUTE);
        await subscribers.heartbeat("beating");
        await world.subscribe("putting", ["collect"]);
        clock.advance(MINUTE + 10_000);
        await until(() => subscribers.get("silent") === undefined);
        assert.deepEqual(subscribers.list().map((each) => each.id), [
          "beating",
          "putting",
        ]);
        assert.equal(changes.at(-1), "gone silent");
        assert.equal(await isActive(world.db, "silent"), true, "may come back");
        await assert.rejects(
          subscribers.heartbeat("silent"),
          (error) => isSkymapError(error, "subscriber_unknown"),
        );
      },
    );

    await t.step("nobody is gone in the first 5 minutes of core", async () => {
      const world = await TestWorld.open();
      await world.subscribe("w", ["collect"]);
      await world[Symbol.asyncDispose]();
      world.clock.advance(60 * MINUTE);
      await using again = await TestWorld.again(world.db, world.clock);
      again.clock.advance(5 * MINUTE - 1);
      await again.subscribe("other", []);
      assert.ok(again.subscribers.get("w"));
      again.clock.advance(30_000);
      await until(() => again.subscribers.get("w") === undefined);
    });

    await t.step(
      "whoever speaks soon after a machine slept is not gone",
      async () => {
        await using world = await TestWorld.open();
        const { subscribers, clock } = world;
        clock.advance(6 * MINUTE);
        await world.subscribe("w", ["collect"]);
        // A timer does not catch up on what it slept through.
        clock.sleep(60 * MINUTE);
        clock.advance(15_000);
        await subscribers.heartbeat("w");
        clock.advance(60_000);
        await world.subscribe("other", []);
        assert.ok(subscribers.get("w"));
      },
    );

    await t.step("a failed write changes nothing", async () => {
      const { db } = database;
      const clock = new FakeClock();
      let fails = false;
      await using subscribers = await Subscribers.open({
        clock,
        db: {
          query: (sql, bindings) =>
            fails
              ? Promise.reject(new Error("the disk is full"))
              : db.system.query(sql, bindings),
          live: (sql, bindings, onEvent) =>
            db.system.live(sql, bindings, onEvent),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        },
      });
      const before = subscribers.list();
      fails = true;
      await assert.rejects(subscribers.put({ id: "new", subscriptions: {} }));
      assert.deepEqual(subscribers.list(), before);
      fails = false;
      await subscribers.put({ id: "new", subscriptions: {} });
      assert.ok(subscribers.get("new"));
    });
  },
});
