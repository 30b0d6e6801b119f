import assert from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { sharedDatabase } from "../events/test_world.ts";
import { JobBench } from "./_job_bench.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function isCode(code: Parameters<typeof isSkymapError>[1]) {
  return (error: unknown) => isSkymapError(error, code);
}

Deno.test({
  name: "Jobs",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using _database = await sharedDatabase();

    await t.step("a job is kept as it was put, over a restart", async () => {
      const first = await JobBench.open();
      const put = await first.put("mark", {
        command: "  search all | clean  ",
        schedule: "0 4 * * *",
        time_zone: "Europe/Berlin",
        event: "cleanup_plan",
        timeout: 60,
        environment: { graph: "main", section: "desired" },
      });
      assert.deepEqual(put, {
        id: "mark",
        command: "search all | clean",
        schedule: "0 4 * * *",
        time_zone: "Europe/Berlin",
        event: "cleanup_plan",
        timeout: 60,
        environment: { graph: "main", section: "desired" },
        active: true,
        created_at: "2026-01-01T00:00:00.000Z",
        updated_at: "2026-01-01T00:00:00.000Z",
        next_run: "2026-01-01T03:00:00.000Z",
      });
      first.world.clock.advance(MINUTE);
      const again = await first.put("mark", { command: "echo" });
      assert.equal(again.created_at, put.created_at);
      assert.notEqual(again.updated_at, put.updated_at);
      assert.equal(again.schedule, undefined);
      await using second = await first.restart();
      assert.deepEqual(second.jobs.list(), [again]);
      assert.deepEqual(second.jobs.get("mark"), again);
    });

    await t.step(
      "a job that cannot be is refused, with all faults",
      async () => {
        await using bench = await JobBench.open();
        const cases = [
          ["a:b", {}, /its id is "a:b"/],
          ["a", { command: " " }, /its command has 0 characters/],
          ["a", { timeout: 0 }, /its timeout is 0 s/],
          ["a", { event: "two words" }, /its event is "two words"/],
          ["a", { schedule: "often" }, /schedule "often"/],
          ["a", { schedule: "0 0 31 2 *" }, /is never due/],
          ["a", { schedule: "@daily", time_zone: "Atlantis" }, /Atlantis/],
          ["a", { event: "job:a:end" }, /start itself, a then a/],
        ] as const;
        for (const [id, wanted, message] of cases) {
          await assert.rejects(bench.put(id, wanted), (error) => {
            assert.ok(isCode("job_invalid")(error));
            assert.match(error instanceof Error ? error.message : "", message);
            return true;
          });
        }
        await assert.rejects(
          bench.put("a:b", { timeout: -1, schedule: "often" }),
          (error) =>
            isSkymapError(error, "job_invalid") &&
            Array.isArray(error.details["problems"]) &&
            error.details["problems"].length === 3,
        );
        await assert.rejects(bench.put("wrong"), isCode("usage"));
        assert.deepEqual(bench.jobs.list(), []);
      },
    );

    await t.step(
      "jobs that would start each other for ever are refused",
      async () => {
        await using bench = await JobBench.open();
        await bench.put("a", { event: "job:c:done" });
        await bench.put("b", { event: "job:a:end" });
        await assert.rejects(
          bench.put("c", { event: "job:b:failed" }),
          /start itself, c then a then b then c/,
        );
        await bench.put("c", { event: "job:b:failed", schedule: "@daily" });
      },
    );

    await t.step("a job that is not there cannot be used", async () => {
      await using bench = await JobBench.open();
      const { jobs } = bench;
      assert.throws(() => jobs.get("no"), isCode("job_unknown"));
      await assert.rejects(jobs.remove("no"), isCode("job_unknown"));
      await assert.rejects(jobs.run("no", "test"), isCode("job_unknown"));
      await assert.rejects(jobs.setActive("no", true), isCode("job_unknown"));
    });

    await t.step("one that shall be new replaces none", async () => {
      await using bench = await JobBench.open();
      await bench.put("a", { command: "one" });
      await assert.rejects(
        bench.jobs.put("a", { command: "two" }, { isNew: true }),
        isCode("conflict"),
      );
      assert.equal(bench.jobs.get("a").command, "one");
    });

    await t.step(
      "run() runs the lines with their environment, into the log",
      async () => {
        await using bench = await JobBench.open();
        bench.lines.set("echo hello", async function* ({ note }) {
          note({ type: "message", level: "warning", text: "so so" });
          yield "hel";
          yield "lo\nworld";
        });
        const environment = { graph: "main", section: "metadata" };
        await bench.put("a", { command: "echo hello", environment });
        const { id } = await bench.jobs.run("a", "cli:me");
        const run = await bench.reaches(id, "done");
        assert.equal(run.workflow, "job:a");
        assert.equal(run.trigger, "cli:me");
        assert.deepEqual(run.steps.map((step) => step.name), ["execute"]);
        const [call] = bench.calls;
        assert.deepEqual(call?.environment, environment);
        assert.equal(call?.subject, "job:a");
        assert.deepEqual(await bench.messages(id), [
          "Runs echo hello",
          "so so",
          "hello",
          "world",
          "Run ended: done",
        ]);
      },
    );

    await t.step(
      "an answer that is not whole is said so in the log",
      async () => {
        await using bench = await JobBench.open();
        bench.lines.set("a", async function* ({ note }) {
          note({
            type: "coverage",
            coverage: {
              type: "coverage",
              scopes: 3,
              complete: 2,
              stale: 1,
              failed: 1,
              sequence: 1,
              problems: [],
              problems_total: 1,
              gaps: ["volume"],
              warnings: ["age is odd"],
            },
          });
          yield "x";
        });
        await bench.put("a");
        const { id } = await bench.jobs.run("a", "test");
        await bench.reaches(id, "done");
        const warnings = (await bench.engine.log(id)).filter((line) =>
          line.level === "warning"
        ).map((line) => line.message);
        assert.deepEqual(warnings, [
          "The answer is not complete: 1 of 3 scopes are not up to date, 1 kinds were never listed",
          "age is odd",
        ]);
      },
    );

    await t.step(
      "a line that fails ends the job, with the reason and its output",
      async () => {
        await using bench = await JobBench.open();
        bench.lines.set("a", async function* () {
          yield "half a li";
          throw new SyntaxError("Cannot parse search");
        });
        await bench.put("a");
        const { id } = await bench.jobs.run("a", "test");
        const run = await bench.reaches(id, "failed");
        assert.equal(run.steps[0]?.state, "failed");
        assert.deepEqual(await bench.messages(id), [
          "Runs a",
          "half a li",
          "Cannot parse search",
          "Run ended: failed; steps that failed: execute",
        ]);
        const failed = await bench.engine.runs({ hasErrors: true });
        assert.deepEqual(failed.map((each) => each.id), [id]);
      },
    );

    await t.step(
      "a job that takes too long is stopped, and its next run is not",
      async () => {
        await using bench = await JobBench.open();
        bench.hold("a");
        await bench.put("a", { timeout: 30 });
        const { id } = await bench.jobs.run("a", "test");
        await until(async () => (await bench.messages(id)).includes("begun"));
        bench.world.clock.advance(29_000);
        assert.equal((await bench.engine.get(id))?.state, "running");
        bench.world.clock.advance(1_000);
        await bench.reaches(id, "failed");
        assert.ok((await bench.messages(id)).includes("Not done within 30 s"));
        assert.equal(
          bench.calls[0]?.signal.aborted,
          true,
          "the line is stopped",
        );
        assert.ok(!(await bench.messages(id)).includes("ended"));
        bench.lines.delete("a");
        await bench.reaches((await bench.jobs.run("a", "test")).id, "done");
      },
    );

    await t.step("stop() stops the lines of a job", async () => {
      await using bench = await JobBench.open();
      bench.hold("a");
      await bench.put("a");
      const { id } = await bench.jobs.run("a", "test");
      await until(() => bench.count("a") === 1);
      await bench.engine.stop(id);
      await bench.reaches(id, "stopped");
      await until(() => bench.calls[0]?.signal.aborted);
    });

    await t.step(
      "one run of a job at a time, and one more may wait",
      async () => {
        await using bench = await JobBench.open();
        const end = bench.hold("a");
        await bench.put("a");
        const first = await bench.jobs.run("a", "test");
        const second = await bench.jobs.run("a", "test");
        const third = await bench.jobs.run("a", "test");
        assert.deepEqual([second.state, third.id], ["waiting", second.id]);
        await until(() => bench.count("a") === 1);
        end();
        await bench.reaches(first.id, "done");
        await bench.reaches(second.id, "done");
        assert.equal(bench.count("a"), 2);
      },
    );

    await t.step(
      "a schedule starts a job once each time it is due",
      async () => {
        await using bench = await JobBench.open();
        await bench.put("a", { schedule: "30 * * * *" });
        await bench.beat();
        bench.world.clock.advance(30 * MINUTE);
        await bench.beat();
        await bench.beat();
        const [run] = await bench.ended("a", 1);
        assert.equal(run?.trigger, "schedule:2026-01-01T00:30:00.000Z");
        assert.equal(bench.jobs.get("a").next_run, "2026-01-01T01:30:00.000Z");
        bench.world.clock.advance(HOUR);
        await bench.beat();
        await bench.ended("a", 2);
        assert.equal(bench.count("a"), 2);
      },
    );

    await t.step(
      "what was missed while core was down is made up once",
      async () => {
        const first = await JobBench.open();
        await first.put("a", { schedule: "30 * * * *" });
        first.world.clock.sleep(5 * HOUR);
        await using second = await first.restart();
        const [run] = await second.ended("a", 1);
        assert.equal(run?.trigger, "schedule:2026-01-01T04:30:00.000Z");
        await second.beat();
        assert.equal((await second.runsOf("a")).length, 1);
      },
    );

    await t.step(
      "a new schedule counts from now on, the same one goes on",
      async () => {
        const first = await JobBench.open();
        await first.put("a", { schedule: "30 * * * *" });
        await first.put("b", { schedule: "30 * * * *" });
        first.world.clock.sleep(HOUR);
        await first.put("a", { schedule: "30 * * * *", command: "new" });
        await first.put("b", { schedule: "20 * * * *" });
        await first.beat();
        await first.ended("a", 1);
        assert.deepEqual(await first.runsOf("b"), []);
        await first[Symbol.asyncDispose]();
      },
    );

    await t.step(
      "deactivated, a job is started by nothing but a person",
      async () => {
        await using bench = await JobBench.open();
        await bench.put("a", { schedule: "30 * * * *" });
        await bench.put("b", { event: "post_collect" });
        for (const id of ["a", "b"]) {
          const job = await bench.jobs.setActive(id, false);
          assert.equal(job.active, false);
          assert.equal(job.next_run, undefined);
        }
        bench.world.clock.advance(HOUR);
        await bench.beat();
        const { id } = await bench.engine.run("collect", "test");
        await bench.reaches(id, "done");
        assert.deepEqual(bench.calls, []);
        await bench.reaches((await bench.jobs.run("a", "test")).id, "done");
        await bench.jobs.setActive("a", true);
        await bench.beat();
        assert.equal(
          bench.count("a"),
          1,
          "what was due meanwhile is not made up",
        );
        bench.world.clock.advance(HOUR);
        await bench.beat();
        await bench.ended("a", 2);
      },
    );

    await t.step("an update while it runs changes the next run", async () => {
      await using bench = await JobBench.open();
      const end = bench.hold("old");
      await bench.put("a", { command: "old" });
      const { id } = await bench.jobs.run("a", "test");
      await until(() => bench.count("old") === 1);
      await bench.put("a", { command: "new" });
      end();
      await bench.reaches(id, "done");
      assert.ok((await bench.messages(id)).includes("ended"));
      await bench.reaches((await bench.jobs.run("a", "test")).id, "done");
      assert.deepEqual(bench.calls.map((each) => each.line), ["old", "new"]);
    });

    await t.step(
      "deleted while it runs, it ends; what waits is called off",
      async () => {
        await using bench = await JobBench.open();
        const end = bench.hold("a");
        await bench.put("a", { schedule: "30 * * * *" });
        const running = await bench.jobs.run("a", "test");
        const waiting = await bench.jobs.run("a", "test");
        await until(() => bench.count("a") === 1);
        await bench.jobs.remove("a");
        await bench.reaches(waiting.id, "stopped");
        end();
        await bench.reaches(running.id, "done");
        bench.world.clock.advance(HOUR);
        await bench.beat();
        assert.equal((await bench.runsOf("a")).length, 2);
      },
    );

    await t.step(
      "a job killed in its midst runs again from its start, three times at most",
      async () => {
        let bench = await JobBench.open();
        bench.hold("a");
        await bench.put("a");
        const { id } = await bench.jobs.run("a", "test");
        for (let attempt = 1; attempt <= 3; attempt++) {
          await until(() => bench.count("a") === attempt);
          bench = await bench.restart();
        }
        await using last = bench;
        const run = await last.reaches(id, "failed");
        assert.equal(run.steps[0]?.state, "failed");
        assert.equal(last.count("a"), 3);
        const messages = await last.messages(id);
        assert.ok(
          messages.includes(
            "Core ended before it was done: it is run again from its start, attempt 2 of 3",
          ),
        );
        assert.ok(
          messages.includes(
            "Core ended 3 times before it was done: it is not tried again",
          ),
        );
      },
    );

    await t.step(
      "a job killed in its midst ends well at the next core",
      async () => {
        const first = await JobBench.open();
        const end = first.hold("a");
        await first.put("a");
        const { id } = await first.jobs.run("a", "test");
        await until(() => first.count("a") === 1);
        await using second = await first.restart();
        await until(() => second.count("a") === 2);
        end();
        await second.reaches(id, "done");
      },
    );

    await t.step(
      "a core killed between a job and its schedule mends it",
      async () => {
        const first = await JobBench.open();
        await first.put("a", { schedule: "30 * * * *" });
        await first.put("b", { schedule: "30 * * * *" });
        await first.world.db.query(
          "DELETE schedule:`job:a`; DELETE job:b",
        );
        await using second = await first.restart();
        assert.equal(second.jobs.get("a").next_run, "2026-01-01T00:30:00.000Z");
        second.world.clock.advance(HOUR);
        await second.beat();
        await second.ended("a", 1);
        assert.deepEqual(await second.runsOf("b"), []);
      },
    );

    await t.step(
      "follow() tells of progress, the log, and ends with the run",
      async () => {
        await using bench = await JobBench.open();
        const { promise: go, resolve } = Promise.withResolvers<void>();
        bench.lines.set("a", async function* ({ note }) {
          note({ type: "progress", text: "counting", done: 3, total: 7 });
          await go;
          yield "seven\n";
        });
        await bench.put("a");
        const { id } = await bench.jobs.run("a", "test");
        const lines: string[] = [];
        const progress = new Set<string>();
        const signal = AbortSignal.timeout(9_000);
        for await (const frame of bench.engine.follow(id, signal)) {
          if (frame.type === "log") lines.push(frame.line.message);
          else progress.add(frame.run.steps[0]?.progress ?? frame.run.state);
          if (progress.has("counting (3 of 7)")) resolve();
          else bench.world.clock.advance(1_000);
        }
        assert.deepEqual(lines, ["Runs a", "seven", "Run ended: done"]);
        assert.equal([...progress].at(-1), "done");
      },
    );

    await t.step("follow() ends when nobody listens", async () => {
      await using bench = await JobBench.open();
      bench.hold("a");
      await bench.put("a");
      const { id } = await bench.jobs.run("a", "test");
      const stop = new AbortController();
      const timers = bench.world.clock.timers;
      await assert.rejects(async () => {
        for await (const _ of bench.engine.follow(id, stop.signal)) {
          stop.abort();
        }
      }, { name: "AbortError" });
      assert.equal(bench.world.clock.timers, timers);
      await assert.rejects(
        bench.engine.follow("no", stop.signal).next(),
        isCode("run_unknown"),
      );
    });
  },
});
