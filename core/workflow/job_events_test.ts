import assert from "node:assert/strict";
import { until } from "@skymap/lib/testing";
import { sharedDatabase } from "../events/test_world.ts";
import { JobBench } from "./_job_bench.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

Deno.test({
  name: "Events that jobs hear of",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using _database = await sharedDatabase();

    await t.step("a step starts its job once, and waits for it", async () => {
      await using bench = await JobBench.open();
      const end = bench.hold("a");
      await bench.put("a", { event: "post_collect" });
      const { id } = await bench.engine.run("collect", "test");
      await until(() => bench.count("a") === 1);
      const waiting = await bench.engine.get(id);
      const [job] = await bench.runsOf("a");
      assert.equal(job?.trigger, `event:post_collect of run ${id}`);
      assert.deepEqual(waiting?.steps.map((step) => step.state), [
        "done",
        "running",
        "pending",
      ]);
      assert.deepEqual(waiting.steps[1]?.jobs, [
        { job: "a", run: job.id, state: "running" },
      ]);
      end();
      const run = await bench.reaches(id, "done");
      assert.equal(run.steps[1]?.jobs?.[0]?.state, "done");
      assert.deepEqual(await bench.messages(id), [
        "Started; asked: job:a",
        "job:a is done",
        "Run ended: done",
      ]);
      await bench.reaches(
        (await bench.engine.run("collect", "test")).id,
        "done",
      );
      assert.equal(bench.count("a"), 2, "once for each run of the workflow");
      assert.equal((await bench.runsOf("a")).length, 2);
    });

    await t.step("a workflow shows the jobs its steps wait for", async () => {
      await using bench = await JobBench.open();
      await bench.put("b", { event: "post_collect" });
      await bench.put("a", { event: "post_collect" });
      await bench.put("c", { event: "after", active: false });
      assert.deepEqual(bench.engine.list()[0]?.jobs, {
        post_collect: ["a", "b"],
      });
      assert.equal(bench.engine.list()[1]?.jobs, undefined);
    });

    await t.step(
      "a job that fails fails the step, and the run goes on",
      async () => {
        await using bench = await JobBench.open();
        bench.lines.set("a", () => {
          throw new Error("no such graph");
        });
        await bench.put("a", { event: "post_collect" });
        const { id } = await bench.engine.run("collect", "test");
        const run = await bench.reaches(id, "done");
        assert.deepEqual(run.steps.map((step) => step.state), [
          "done",
          "failed",
          "done",
        ]);
        const [job] = await bench.runsOf("a");
        const line = (await bench.engine.log(id)).find((each) =>
          each.level === "error"
        );
        assert.equal(line?.message, `job:a failed, run ${job?.id}`);
        assert.ok(
          (await bench.messages(job?.id ?? "")).includes("no such graph"),
        );
      },
    );

    await t.step(
      "a job has its own time, and the step no longer waits",
      async () => {
        await using bench = await JobBench.open();
        bench.hold("a");
        await bench.put("a", { event: "post_collect", timeout: 60 });
        const { id } = await bench.engine.run("collect", "test");
        await until(() => bench.count("a") === 1);
        bench.world.clock.advance(59_000);
        assert.equal((await bench.engine.get(id))?.state, "running");
        bench.world.clock.advance(1_000);
        await bench.reaches(id, "done");
        const [job] = await bench.ended("a", 1);
        assert.ok(
          (await bench.messages(job?.id ?? "")).includes(
            "Not done within 60 s",
          ),
        );
      },
    );

    await t.step(
      "a job that waits for its turn is not waited for for ever",
      async () => {
        await using bench = await JobBench.open();
        const end = bench.hold("a");
        await bench.put("a", { timeout: 600 });
        const byHand = await bench.jobs.run("a", "test");
        await until(() => bench.count("a") === 1);
        await bench.put("a", { event: "post_collect", timeout: 60 });
        const { id } = await bench.engine.run("collect", "test");
        bench.world.clock.advance(71_000);
        const run = await bench.reaches(id, "done");
        assert.equal(run.steps[1]?.state, "failed");
        assert.equal(run.steps[1]?.jobs?.[0]?.state, "left");
        end();
        await bench.reaches(byHand.id, "done");
        await bench.ended("a", 2);
      },
    );

    await t.step(
      "core killed while a step waits: one run, and the step ends",
      async () => {
        const first = await JobBench.open();
        const end = first.hold("a");
        await first.put("a", { event: "post_collect" });
        const { id } = await first.engine.run("collect", "test");
        await until(() => first.count("a") === 1);
        await using second = await first.restart();
        await until(() => second.count("a") === 2);
        end();
        const run = await second.reaches(id, "done");
        assert.equal(run.steps[1]?.jobs?.[0]?.state, "done");
        assert.equal((await second.runsOf("a")).length, 1);
      },
    );

    await t.step(
      "two workflows at once, one job: each waits for a run",
      async () => {
        await using bench = await JobBench.open();
        await bench.put("a", { event: "elsewhere" });
        await bench.put("b", { event: "post_collect" });
        const end = bench.hold("a");
        const { id } = await bench.engine.run("other", "test");
        await until(() => bench.count("a") === 1);
        await bench.put("a", { event: "post_collect" });
        const collect = await bench.engine.run("collect", "test");
        await until(async () => (await bench.runsOf("a")).length === 2);
        assert.equal(bench.count("a"), 1, "one at a time");
        await bench.ended("b", 1);
        end();
        await bench.reaches(id, "done");
        await bench.reaches(collect.id, "done");
        assert.equal(bench.count("a"), 2);
        assert.equal(bench.count("b"), 1);
      },
    );

    await t.step(
      "a run that waits stands for what is asked for meanwhile",
      async () => {
        const first = await JobBench.open();
        const end = first.hold("a");
        await first.put("a", { event: "post_collect" });
        await first.jobs.run("a", "test");
        const waiting = await first.jobs.run("a", "test");
        const { id } = await first.engine.run("collect", "test");
        const asked = await until(async () =>
          (await first.engine.get(id))?.steps[1]?.jobs
        );
        assert.equal(asked[0]?.run, waiting.id);
        await using second = await first.restart();
        await until(() => second.count("a") === 2);
        end();
        await second.reaches(id, "done");
        await second.reaches(waiting.id, "done");
        assert.equal((await second.runsOf("a")).length, 2);
      },
    );

    await t.step("the end of a workflow and of a job are events", async () => {
      await using bench = await JobBench.open();
      bench.lines.set("fails", () => {
        throw new Error("no");
      });
      await bench.put("ends", { event: "collect:end" });
      await bench.put("done", { event: "collect:done" });
      await bench.put("fails", { event: "job:done:done" });
      await bench.put("alarm", { event: "job:fails:failed" });
      await bench.put("never", { event: "job:fails:done" });
      const { id } = await bench.engine.run("collect", "test");
      await bench.ended("alarm", 1);
      for (const job of ["ends", "done", "fails"]) await bench.ended(job, 1);
      assert.deepEqual(await bench.runsOf("never"), []);
      assert.equal(
        (await bench.runsOf("done"))[0]?.trigger,
        `event:collect:done of run ${id}`,
      );
    });

    await t.step(
      "with schedule and event it waits for the event once due",
      async () => {
        await using bench = await JobBench.open();
        const end = bench.hold("a");
        await bench.put("a", { schedule: "30 * * * *", event: "post_collect" });
        const early = await bench.engine.run("collect", "test");
        await bench.reaches(early.id, "done");
        assert.deepEqual(bench.calls, [], "the event alone starts nothing");
        bench.world.clock.advance(30 * MINUTE);
        await bench.beat();
        const [job] = await until(async () => {
          const runs = await bench.runsOf("a");
          return runs[0]?.steps[0]?.state === "running" && runs;
        });
        assert.deepEqual(job?.steps.map((step) => step.name), [
          "wait",
          "execute",
        ]);
        assert.deepEqual(bench.calls, []);
        const { id } = await bench.engine.run("collect", "test");
        await until(() => bench.count("a") === 1);
        const waiting = await bench.engine.get(id);
        assert.equal(
          waiting?.steps[1]?.state,
          "running",
          "the step waits for it",
        );
        end();
        await bench.reaches(id, "done");
        await bench.reaches(job?.id ?? "", "done");
        assert.ok(
          (await bench.messages(job?.id ?? "")).includes(
            'Event "post_collect" came',
          ),
        );
      },
    );

    await t.step(
      "an event that does not come in time fails the job",
      async () => {
        let bench = await JobBench.open();
        await bench.put("a", {
          schedule: "30 * * * *",
          event: "post_collect",
          timeout: 600,
        });
        bench.world.clock.advance(30 * MINUTE);
        await bench.beat();
        bench.world.clock.advance(300_000);
        bench = await bench.restart();
        await using _ = bench;
        const [job] = await bench.runsOf("a");
        assert.equal(job?.state, "running", "it waits on after a restart");
        bench.world.clock.advance(300_000);
        await bench.reaches(job.id, "failed");
        assert.ok(
          (await bench.messages(job.id)).includes(
            'Event "post_collect" did not come within 600 s',
          ),
        );
        assert.deepEqual(bench.calls, []);
      },
    );

    await t.step(
      "deactivated while it waits for an event, it waits no more",
      async () => {
        await using bench = await JobBench.open();
        await bench.put("a", { schedule: "30 * * * *", event: "post_collect" });
        bench.world.clock.advance(30 * MINUTE);
        await bench.beat();
        const [job] = await bench.runsOf("a");
        await bench.jobs.setActive("a", false);
        await bench.reaches(job?.id ?? "", "stopped");
      },
    );

    await t.step("emit() starts jobs and wakes what waits", async () => {
      await using bench = await JobBench.open();
      await bench.put("a", { event: "deployed" });
      await bench.put("b", { schedule: "30 * * * *", event: "deployed" });
      bench.world.clock.advance(HOUR);
      await bench.beat();
      const [waits] = await bench.runsOf("b");
      const runs = await bench.engine.emit("deployed");
      assert.deepEqual(runs.map((run) => run.workflow), ["job:a", "job:b"]);
      assert.equal(runs[0]?.trigger, "event:deployed");
      assert.equal(runs[1]?.id, waits?.id);
      for (const { id } of runs) await bench.reaches(id, "done");
      await bench.engine.emit("deployed");
      await bench.ended("a", 2);
      assert.deepEqual(await bench.engine.emit("unheard"), []);
    });

    await t.step(
      "a workflow that is stopped leaves its jobs alone",
      async () => {
        await using bench = await JobBench.open();
        const end = bench.hold("a");
        await bench.put("a", { event: "post_collect" });
        const { id } = await bench.engine.run("collect", "test");
        await until(() => bench.count("a") === 1);
        await bench.engine.stop(id);
        const run = await bench.reaches(id, "stopped");
        assert.equal(run.steps[1]?.jobs?.[0]?.state, "left");
        end();
        const [job] = await bench.ended("a", 1);
        assert.equal(job?.state, "done");
      },
    );
  },
});
