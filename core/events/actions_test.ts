import assert from "node:assert/strict";
import type { DbSession } from "@skymap/lib/db";
import { RecordId } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { type Action, Actions, type NewAction } from "./actions.ts";
import { sharedDatabase, TestWorld } from "./test_world.ts";

function newAction(change: Partial<NewAction> = {}): NewAction {
  return {
    run: "r",
    step: "collect",
    subscriber: "w",
    worker: "w",
    wait: true,
    deadline: Date.UTC(2026, 0, 1, 1),
    payload: { task: "r" },
    ...change,
  };
}

const ID = "r:collect:w";

/** A database without live events, as in a cluster that loses them. */
function deaf(db: DbSession): DbSession {
  return {
    query: (sql, bindings) => db.query(sql, bindings),
    live: () =>
      Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function isUnknown(error: unknown): boolean {
  return isSkymapError(error, "action_unknown");
}

Deno.test({
  name: "Actions",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using database = await sharedDatabase();

    await t.step(
      "create() makes an action once, whatever became of it",
      async () => {
        await using world = await TestWorld.open();
        const { actions, db } = world;
        await actions.create([newAction()]);
        await world.claim(ID);
        await actions.create([newAction()]);
        const [[row]] = await db.query<[Record<string, unknown>[]]>(
          "SELECT * FROM action",
        );
        assert.equal(row?.state, "claimed");
        await until(() => actions.openCounts.claimed === 1);
        assert.deepEqual(actions.openCounts, { pending: 0, claimed: 1 });
        assert.deepEqual(row?.payload, { task: "r" });
        assert.equal(row?.timeout_s, 3_600);
        assert.deepEqual(row?.worker, new RecordId("worker", "w"));
      },
    );

    await t.step("onChange() tells of states and messages", async () => {
      await using world = await TestWorld.open();
      const { actions, db } = world;
      const told: Action[] = [];
      using _ = actions.onChange((action) => void told.push(action));
      await actions.create([newAction()]);
      await world.claim(ID);
      await actions.info(ID, "w", { level: "warning", message: "slow" });
      await actions.progress(ID, "w", { kind: "progress", current: 1 });
      await world.finish(ID, "failed", "broken");
      const last = await until(() =>
        told.find((each) => each.state === "failed")
      );
      assert.deepEqual(last, {
        id: ID,
        run: "r",
        step: "collect",
        subscriber: "w",
        state: "failed",
        error: "broken",
        progress: { kind: "progress", current: 1 },
        infos: [{ level: "warning", message: "slow" }],
      });
      assert.deepEqual((await actions.read([ID]))[0], last);
      assert.deepEqual(await actions.listOpen(), []);
      assert.ok(db);
    });

    await t.step("poll() finds what no live event told", async () => {
      const world = await TestWorld.open();
      await using _world = world;
      await using actions = await Actions.open({
        db: deaf(world.db),
        clock: world.clock,
      });
      const told: string[] = [];
      using _ = actions.onChange(({ state }) => void told.push(state));
      await actions.create([newAction()]);
      await world.claim(ID);
      await actions.poll();
      await actions.poll();
      assert.deepEqual(told, ["claimed"]);
      await world.finish(ID);
      world.clock.advance(5_000);
      await until(() => told.length === 2);
      assert.deepEqual(told, ["claimed", "done"]);
      await actions.poll();
      assert.equal(told.length, 2);
    });

    await t.step("poll() knows what an earlier core left", async () => {
      const world = await TestWorld.open();
      await using _world = world;
      await world.actions.create([newAction()]);
      await using actions = await Actions.open({
        db: deaf(world.db),
        clock: world.clock,
      });
      const told: string[] = [];
      using _ = actions.onChange(({ state }) => void told.push(state));
      await world.claim(ID);
      await world.finish(ID);
      await actions.poll();
      assert.deepEqual(told, ["done"]);
    });

    await t.step("of an answer and a time-out one counts", async () => {
      await using world = await TestWorld.open();
      const { actions } = world;
      for (const first of ["answer", "time-out"]) {
        const run = `run of ${first}`;
        const id = `${run}:collect:w`;
        await actions.create([newAction({ run })]);
        await world.claim(id);
        if (first === "answer") {
          assert.ok(await world.finish(id));
          await actions.end([id], "timed_out", "late");
        } else {
          await actions.end([id], "timed_out", "late");
          assert.equal(await world.finish(id), false);
        }
        const [action] = await actions.read([id]);
        assert.equal(
          action?.state,
          first === "answer" ? "done" : "timed_out",
        );
      }
    });

    await t.step(
      "answer() counts once, and only for the worker it belongs to",
      async () => {
        await using world = await TestWorld.open();
        const { actions } = world;
        await actions.create([newAction()]);
        const done = { state: "done" } as const;
        await assert.rejects(actions.answer(ID, "thief", done), isUnknown);
        await assert.rejects(actions.answer("r:nope:w", "w", done), isUnknown);
        await actions.answer(ID, "w", done);
        await actions.answer(ID, "w", done);
        await assert.rejects(
          actions.answer(ID, "w", { state: "failed", error: "no" }),
          isUnknown,
        );
        await assert.rejects(
          actions.info(ID, "w", { level: "info", message: "late" }),
          isUnknown,
        );
        assert.equal((await actions.read([ID]))[0]?.state, "done");
      },
    );

    await t.step(
      "receive() takes the four messages of a subscriber",
      async () => {
        await using world = await TestWorld.open();
        const { actions } = world;
        await actions.create([newAction(), newAction({ run: "r2" })]);
        const data = { task: "r", step: "collect", subscriber_id: "w" };
        const message_type = "collect";
        await actions.receive("w", {
          kind: "action_info",
          message_type,
          data: { ...data, level: "error", message: "throttled" },
        });
        await actions.receive("w", {
          kind: "action_progress",
          message_type,
          data: {
            ...data,
            at: "2026-01-01T00:00:00Z",
            progress: { current: 1 },
          },
        });
        await actions.receive("w", { kind: "action_done", message_type, data });
        await actions.receive("w", {
          kind: "action_error",
          message_type,
          data: { ...data, task: "r2", error: "broken" },
        });
        const [one] = await actions.read([ID]);
        const [two] = await actions.read(["r2:collect:w"]);
        assert.deepEqual(one?.infos, [{
          level: "error",
          message: "throttled",
        }]);
        assert.deepEqual(one?.progress, { current: 1 });
        assert.equal(one?.state, "done");
        assert.deepEqual([two?.state, two?.error], ["failed", "broken"]);
      },
    );

    await t.step(
      "whatever a worker writes into its row, core can read it",
      async () => {
        await using world = await TestWorld.open();
        const { actions, db } = world;
        await world.subscribe("w", ["collect"]);
        await actions.create([newAction()]);
        await using session = await database.connect("w");
        const write = (info: unknown) =>
          session.query("UPDATE action SET info = $info, error = { a: 1 }", {
            info,
          });
        await write("no list");
        assert.deepEqual((await actions.read([ID]))[0]?.infos, []);
        await write([1, null, { message: 2 }, {
          level: "fatal",
          message: "x",
        }]);
        assert.deepEqual((await actions.read([ID]))[0]?.infos, [
          { level: "info", message: "1" },
          { level: "info", message: "null" },
          { level: "info", message: '{"message":2}' },
          { level: "info", message: "x" },
        ]);
        await session.query(
          "UPDATE action SET run = 'other', deadline = NONE, worker = worker:x",
        ).catch(() => {});
        const [[row]] = await db.query<[Record<string, unknown>[]]>(
          "SELECT * FROM action",
        );
        assert.equal(row?.run, "r");
        assert.ok(row?.deadline instanceof Date);
      },
    );

    await t.step(
      "a worker that was killed takes its action over; its double cannot end it",
      async () => {
        await using world = await TestWorld.open();
        const { actions } = world;
        await world.subscribe("w", ["collect"]);
        await actions.create([newAction()]);
        await using first = await database.connect("w");
        await using second = await database.connect("w");
        const id = new RecordId("action", ID);
        const take = async (session: DbSession, seen: Date | undefined) => {
          const now = new Date();
          const [taken] = await session.query<[unknown[]]>(
            `UPDATE $id SET state = 'claimed', claimed_at = $now WHERE ${
              seen === undefined
                ? "state = 'pending'"
                : "state = 'claimed' AND claimed_at = $seen"
            } RETURN VALUE id`,
            { id, now, seen },
          );
          return taken.length > 0 ? now : undefined;
        };
        const end = async (session: DbSession, claimed: Date) => {
          const [ended] = await session.query<[unknown[]]>(
            `UPDATE $id SET state = 'done'
          WHERE state = 'claimed' AND claimed_at = $claimed RETURN VALUE id`,
            { id, claimed },
          );
          return ended.length > 0;
        };
        const claims = await Promise.all([
          take(first, undefined),
          take(second, undefined),
        ]);
        const claimed = claims.find((each) => each !== undefined);
        assert.ok(claimed);
        assert.equal(claims.filter((each) => each !== undefined).length, 1);
        // A millisecond must pass, or both claims would bear the same time.
        await until(() => Date.now() > claimed.getTime());
        const taken = await take(second, claimed);
        assert.ok(taken);
        assert.equal(await end(first, claimed), false);
        assert.ok(await end(second, taken));
      },
    );
  },
});
