import assert from "node:assert/strict";
import fc from "fast-check";
import type { DbSession, RecordId } from "@skymap/lib/db";
import { until } from "@skymap/lib/testing";
import { sharedDatabase, TestWorld } from "../events/test_world.ts";
import { defineWorkflow } from "./definition.ts";
import { WorkflowEngine } from "./engine.ts";
import { mortal } from "./_mortal_session.ts";

const WORKFLOWS = [
  defineWorkflow("flow", { steps: ["one", "own", "two", "three"] }),
];

/** A worker that is killed, too, in the middle of what it does. */
async function work(
  db: DbSession,
  done: Map<string, number>,
  forgets: () => boolean,
): Promise<void> {
  const [open] = await db.query<[{ id: RecordId; state: string }[]]>(
    "SELECT id, state FROM action WHERE state IN ['pending', 'claimed']",
  );
  for (const { id, state } of open) {
    const [taken] = await db.query<[unknown[]]>(
      `UPDATE $id SET state = 'claimed', claimed_at = time::now(),
      info += [{ message: 'taken' }] WHERE state = $state RETURN VALUE id`,
      { id, state },
    );
    if (taken.length === 0 || forgets()) continue;
    const [ended] = await db.query<[unknown[]]>(
      `UPDATE $id SET state = 'done' WHERE state = 'claimed' RETURN VALUE id`,
      { id },
    );
    if (ended.length === 0) continue;
    done.set(`${id.id}`, (done.get(`${id.id}`) ?? 0) + 1);
  }
}

Deno.test({
  name:
    "WorkflowEngine that is killed at any write ends its run, and loses and doubles nothing",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using _database = await sharedDatabase();
    const anyKill = fc.record({ write: fc.nat(14), after: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyKill, { minLength: 1, maxLength: 6 }),
        fc.array(fc.boolean(), { maxLength: 6 }),
        async (kills, forgetting) => {
          const first = await TestWorld.open();
          for (const id of ["w1", "w2"]) {
            await first.subscribe(id, ["one", "two", "three"], {
              timeout: 86_400,
            });
          }
          const { db, clock } = first;
          await first[Symbol.asyncDispose]();
          const done = new Map<string, number>();
          const forgets = [...forgetting];
          let handled = 0;

          // Workers live on when core is killed.
          let isOver = false;
          const working = until(async () => {
            await work(db, done, () => forgets.shift() ?? false);
            return isOver;
          }, { timeoutMs: 60_000 });

          try {
            for (const kill of [...kills, undefined]) {
              const session = mortal(db, kill);
              let ended = false;
              const life = (async () => {
                const world = await TestWorld.again(session, clock);
                const engine = new WorkflowEngine({
                  db: session,
                  clock,
                  subscribers: world.subscribers,
                  actions: world.actions,
                  workflows: WORKFLOWS,
                  handlers: {
                    own: () => Promise.resolve(void handled++),
                  },
                });
                await engine.start();
                await engine.run("flow", "test", { id: "r" });
                await until(
                  async () => {
                    // An update that began before the live query did, and ended
                    // after the rows were read, is found by the slow look only.
                    clock.advance(50);
                    return (await engine.get("r"))?.state === "done";
                  },
                  { what: "the run to end" },
                );
                ended = true;
                await engine[Symbol.asyncDispose]();
                await world[Symbol.asyncDispose]();
              })();
              await Promise.race([life, session.dead]);
              life.catch(() => {});
              await session.bury();
              if (ended) break;
            }
          } finally {
            isOver = true;
            await working;
          }

          const wanted = ["one", "two", "three"].flatMap((step) =>
            ["w1", "w2"].map((id) => `r:${step}:${id}`)
          );
          assert.deepEqual([...done.keys()].sort(), wanted.sort());
          assert.ok([...done.values()].every((each) => each === 1));
          assert.ok(handled > 0);
          const [[run], lines, rows] = await db.query<
            [
              { state: string; data: { lines: number } }[],
              { id: RecordId; message: string; source: string }[],
              { state: string; info: unknown[] }[],
            ]
          >("SELECT * FROM run; SELECT * FROM run_log; SELECT * FROM action");
          assert.equal(run?.state, "done");
          assert.equal(lines.length, run.data.lines, "lines of the log");
          assert.equal(rows.length, wanted.length);
          assert.ok(rows.every((row) => row.state === "done"));
          const taken = rows.reduce((sum, row) => sum + row.info.length, 0);
          assert.equal(
            lines.filter((line) => line.message === "taken").length,
            taken,
            "messages of workers in the log",
          );
        },
      ),
      { numRuns: 20 },
    );
  },
});
