import assert from "node:assert/strict";
import fc from "fast-check";
import { until } from "@skymap/lib/testing";
import { sharedDatabase, TestWorld } from "../events/test_world.ts";
import { defineWorkflow } from "./definition.ts";
import { WorkflowEngine } from "./engine.ts";
import { MAX_ATTEMPTS } from "./own_work.ts";
import { ExecuteLines } from "./execute_lines.ts";
import { JobStore } from "./job_store.ts";
import { Jobs } from "./jobs.ts";
import { mortal } from "./_mortal_session.ts";
import { Schedules } from "./schedules.ts";

const WORKFLOWS = [defineWorkflow("flow", { steps: ["one", "two"] })];

/** Jobs and the event that each runs on. */
const JOBS = { step: "one", end: "flow:end", chained: "job:step:end" };

Deno.test({
  name:
    "a core that is killed at any write starts each job once for each event",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using _database = await sharedDatabase();
    const anyKill = fc.record({ write: fc.nat(25), after: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyKill, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (kills, isBusy) => {
          const first = await TestWorld.open();
          const { db, clock } = first;
          await db.query("DELETE job");
          await first[Symbol.asyncDispose]();
          for (const kill of [undefined, ...kills, undefined]) {
            const session = mortal(db, kill);
            let ended = false;
            const life = (async () => {
              const world = await TestWorld.again(session, clock);
              const store = await JobStore.open(session);
              const schedules = await Schedules.open({
                db: session,
                clock,
                workflows: WORKFLOWS,
                isPaused: true,
              });
              const lines = new ExecuteLines({
                runLine: async function* () {
                  yield "begun\n";
                },
                log: (run, entries) => engine.appendLog(run, entries),
              });
              const engine: WorkflowEngine = new WorkflowEngine({
                db: session,
                clock,
                subscribers: world.subscribers,
                actions: world.actions,
                workflows: WORKFLOWS,
                jobs: store,
                execute: lines.execute,
              });
              const jobs = await Jobs.open({
                store,
                schedules,
                engine,
                clock,
                checkLine: () => Promise.resolve(),
              });
              await engine.start();
              // The first core is not killed: it makes the jobs.
              if (store.list().length === 0) {
                for (const [id, event] of Object.entries(JOBS)) {
                  await jobs.put(id, { command: id, event });
                }
                // A run that another one waits behind.
                if (isBusy) await jobs.run("step", "by hand");
              } else {
                await engine.run("flow", "test", { id: "r" });
                await until(async () => {
                  clock.advance(50);
                  const runs = await engine.runs();
                  return runs.every(({ ended_at }) => ended_at !== undefined) &&
                    runs.filter(({ workflow }) => workflow === "job:end")
                        .length > 0;
                }, { what: "every run to end" });
                ended = true;
              }
              await engine[Symbol.asyncDispose]();
              await world[Symbol.asyncDispose]();
            })();
            await Promise.race([life, session.dead]);
            if (kill === undefined) await life;
            life.catch(() => {});
            await session.bury();
            if (ended) break;
          }
          const [runs] = await db.query<
            [{ workflow: string; state: string; trigger: string }[]]
          >("SELECT workflow, state, trigger FROM run");
          const count = (workflow: string) =>
            runs.filter((run) => run.workflow === workflow).length;
          const steps = count("job:step");
          // One that waits already stands for the event too.
          assert.ok(steps === 1 || (isBusy && steps === 2), `${steps} runs`);
          assert.equal(count("job:end"), 1);
          assert.equal(count("job:chained"), steps, "one for each end");
          assert.equal(count("flow"), 1);
          for (const { workflow, state } of runs) {
            assert.ok(
              state === "done" ||
                (kills.length >= MAX_ATTEMPTS && workflow !== "flow"),
              `${workflow} ${state}`,
            );
          }
        },
      ),
      { numRuns: 30 },
    );
  },
});
