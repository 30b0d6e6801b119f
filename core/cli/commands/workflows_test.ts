import assert from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { until } from "@skymap/lib/testing";
import { sharedDatabase } from "../../events/test_world.ts";
import { JobBench } from "../../workflow/_job_bench.ts";
import type { CoreServices } from "../core_services.ts";
import { runTestLine, type TestLineOptions } from "../_test_line.ts";

async function open() {
  const bench = await JobBench.open();
  const patches: unknown[] = [];
  const services: Partial<CoreServices> = {
    jobs: bench.jobs,
    workflows: bench.engine,
    subscribers: bench.world.subscribers,
    configs: {
      patch: (
        id: string,
        patch: JsonObject,
        { by }: { readonly by: string },
      ) => {
        patches.push({ id, patch, by });
        return Promise.resolve({ notes: ["somebody else says so"] });
      },
    } as unknown as CoreServices["configs"],
  };
  const run = (line: string, options: TestLineOptions = {}) =>
    runTestLine(line, { clock: bench.world.clock, ...options, services });
  const records = async (line: string) => {
    const { text } = await run(`no_rewrite=true ${line}`);
    return text.trim().split("\n").filter((each) => each !== "")
      .map((each) => JSON.parse(each));
  };
  return {
    bench,
    run,
    records,
    patches,
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

Deno.test({
  name: "workflows",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using _database = await sharedDatabase();

    await t.step("list and show say what there is", async () => {
      await using at = await open();
      await at.bench.put("mark", { event: "post_collect" });
      await at.bench.world.subscribe("w1", ["collect"]);
      assert.deepEqual(await at.records("workflows list"), [
        { name: "collect", schedule: "none", steps: 3 },
        { name: "other", schedule: "none", steps: 1 },
      ]);
      assert.deepEqual(await at.records("workflows show collect"), [
        { step: "collect", subscribers: ["w1"], jobs: [] },
        { step: "post_collect", subscribers: [], jobs: ["mark"] },
        { step: "after", subscribers: [], jobs: [] },
      ]);
      await assert.rejects(
        at.run("workflows show no"),
        (error) => isSkymapError(error, "workflow_unknown"),
      );
    });

    await t.step(
      "running says whom a run waits for, and how far that is",
      async () => {
        await using at = await open();
        const end = at.bench.hold("mark");
        await at.bench.put("mark", { event: "post_collect" });
        await at.bench.world.subscribe("w1", ["post_collect"]);
        const [run] = await at.records("workflows run collect");
        const action = await until(async () =>
          (await at.bench.world.actionsOf("w1", "pending"))[0]
        );
        await at.bench.world.actions.progress(action, "w1", {
          kind: "progress",
          name: "aws",
          current: 2,
          total: 7,
        });
        const running = (await at.records("workflows running")).find((each) =>
          each.run === run.run
        );
        assert.deepEqual(
          [running.run, running.step, running.waits_for],
          [run.run, "post_collect", ["w1 (aws 2/7)", "job:mark"]],
        );
        end();
        await at.bench.world.claim(action);
        await at.bench.world.finish(action);
        await at.bench.reaches(run.run, "done");
      },
    );

    await t.step(
      "run --wait follows to the end and tells of the progress",
      async () => {
        await using at = await open();
        const { text, notes } = await at.run("workflows run --wait collect");
        assert.match(text, /Run ended: done\n$/);
        assert.deepEqual(notes.at(-1), {
          type: "progress",
          text: "collect: done",
          done: 3,
          total: 3,
        });
      },
    );

    await t.step(
      "follow ends when its line is stopped, the run goes on",
      async () => {
        await using at = await open();
        await at.bench.world.subscribe("w1", ["collect"]);
        const { id } = await at.bench.engine.run("collect", "test");
        const stop = new AbortController();
        const following = at.run(`workflows follow ${id}`, {
          signal: stop.signal,
        });
        stop.abort();
        await assert.rejects(following, { name: "AbortError" });
        assert.equal((await at.bench.engine.get(id))?.state, "running");
        const failed = assert.rejects(
          at.run(`workflows follow ${id}`),
          (error) => isSkymapError(error, "run_failed"),
        );
        const [stopped] = await at.records(`workflows stop ${id}`);
        assert.equal(stopped.state, "stopped");
        await failed;
      },
    );

    await t.step("history and log say what was", async () => {
      await using at = await open();
      await at.bench.world.subscribe("w1", ["elsewhere"], { timeout: 10 });
      const good = await at.bench.engine.run("collect", "test");
      await at.bench.reaches(good.id, "done");
      at.bench.world.clock.sleep(3_600_000);
      const bad = await at.bench.engine.run("other", "test");
      at.bench.world.clock.advance(11_000);
      await at.bench.reaches(bad.id, "done");
      const ids = async (line: string) =>
        (await at.records(`workflows history ${line}`)).map(({ run }) => run);
      assert.deepEqual(await ids(""), [bad.id, good.id]);
      assert.deepEqual(await ids("collect"), [good.id]);
      assert.deepEqual(await ids("--has-errors"), [bad.id]);
      assert.deepEqual(await ids("--limit 1"), [bad.id]);
      assert.deepEqual(await ids("--started-after 30min"), [bad.id]);
      assert.deepEqual(await ids("--started-before 30min"), [good.id]);
      assert.deepEqual(
        await ids("--started-before 2026-01-01T00:30:00Z"),
        [good.id],
      );
      const [failed] = await at.records("workflows history --has-errors");
      assert.deepEqual(failed.failed_steps, ["elsewhere"]);
      const log = await at.records(`workflows log ${bad.id}`);
      assert.ok(log.some(({ message }) => message === "No answer in time"));
      for (const line of ["log no", "follow no", "stop no"]) {
        await assert.rejects(
          at.run(`workflows ${line}`),
          (error) => isSkymapError(error, "run_unknown"),
          line,
        );
      }
    });

    await t.step("schedule changes the configuration", async () => {
      await using at = await open();
      const { notes } = await at.run(
        'workflows schedule --time-zone Europe/Berlin collect "0 4 * * *"',
      );
      await at.run("workflows schedule other none");
      assert.deepEqual(at.patches, [
        {
          id: "skymap.core",
          patch: {
            core: {
              workflows: {
                collect: { schedule: "0 4 * * *", time_zone: "Europe/Berlin" },
              },
            },
          },
          by: "test",
        },
        {
          id: "skymap.core",
          patch: {
            core: {
              workflows: { other: { schedule: "none", time_zone: "UTC" } },
            },
          },
          by: "test",
        },
      ]);
      assert.deepEqual(notes, [{
        type: "message",
        level: "warning",
        text: "somebody else says so",
      }]);
      await assert.rejects(
        at.run("workflows schedule no @daily"),
        (error) => isSkymapError(error, "workflow_unknown"),
      );
      await assert.rejects(
        at.run("workflows schedule collect often"),
        (error) => isSkymapError(error, "usage"),
      );
    });
  },
});
