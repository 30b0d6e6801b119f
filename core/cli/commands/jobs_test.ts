import assert from "node:assert/strict";
import type { JobJson } from "@skymap/lib/client";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { sharedDatabase } from "../../events/test_world.ts";
import { JobBench } from "../../workflow/_job_bench.ts";
import type { CoreServices } from "../core_services.ts";
import { runTestLine, type TestLineOptions } from "../_test_line.ts";

/** Jobs and workflows, and lines that use them. */
async function open() {
  const bench = await JobBench.open();
  const services: Partial<CoreServices> = {
    jobs: bench.jobs,
    workflows: bench.engine,
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
    job: (id: string): JobJson => bench.jobs.get(id),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

Deno.test({
  name: "jobs",
  // The native engine of the database outlives the tests.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using _database = await sharedDatabase();

    await t.step("add keeps a line with what it was added with", async () => {
      await using at = await open();
      const [shown] = await at.records(
        'section=desired jobs add --id a --schedule "0 4 * * *" --time-zone Europe/Berlin --timeout 2h "search is(volume) and ctime > @YESTERDAY@ | clean \\"old\\""',
      );
      assert.deepEqual(shown, {
        id: "a",
        active: true,
        schedule: "0 4 * * *",
        time_zone: "Europe/Berlin",
        next_run: "2026-01-01T03:00:00.000Z",
        timeout: 7200,
        command: 'search is(volume) and ctime > @YESTERDAY@ | clean "old"',
      });
      assert.deepEqual(at.job("a").environment, {
        section: "desired",
        no_rewrite: "true",
      });
    });

    await t.step(
      "add takes several lines, a line without quotes, and makes ids",
      async () => {
        await using at = await open();
        const [one] = await at.records("jobs add 'echo a; echo b'");
        assert.match(one.id, /^job-\w{8}$/);
        assert.equal(at.job(one.id).command, "echo a; echo b");
        await at.run("jobs add --id two --wait-for-event post_collect echo c");
        assert.equal(at.job("two").command, "echo c");
        assert.equal(at.job("two").event, "post_collect");
      },
    );

    await t.step("the time a line believes to run is not kept", async () => {
      await using at = await open();
      await at.run("now=2020-01-01T00:00:00Z graph=main jobs add --id a echo");
      assert.deepEqual(at.job("a").environment, { graph: "main" });
    });

    await t.step(
      "what is wrong is told with its place, before anything runs",
      async () => {
        await using at = await open();
        for (
          const [line, message] of [
            ["jobs add --id a:b echo", /"--id" is "a:b"/],
            ['jobs add --schedule "61 * * * *" echo', /61 \* \* \* \*/],
            ["jobs add --timeout soon echo", /"--timeout" is "soon"/],
            ["jobs add --time-zone Atlantis echo", /Atlantis/],
            ["jobs add --time-zone Asia/Tokyo echo", /wanted "--schedule" too/],
            ["jobs add", /LINE is missing/],
            ["jobs update a", /nothing is to be changed/],
            ["jobs history --limit 0", /"--limit" is 0/],
            ["jobs history --started-after soon", /"soon"/],
            ["jobs fly", /wanted add, update/],
          ] as const
        ) {
          await assert.rejects(
            at.run(`jobs add --id first echo; ${line}`),
            (error) => {
              assert.ok(isSkymapError(error, "usage"), `${line}: ${error}`);
              assert.match(error.message, message);
              assert.match(error.message, /\^/, line);
              return true;
            },
          );
        }
        assert.deepEqual(at.bench.jobs.list(), []);
      },
    );

    await t.step("an event that nothing tells of is doubted", async () => {
      await using at = await open();
      const said = async (line: string) =>
        (await at.run(line)).notes.map((note) =>
          note.type === "message" ? note.text : note.type
        );
      assert.deepEqual(
        await said("jobs add --id a --wait-for-event post_colect echo"),
        [
          '"post_colect" is no step and no end of a workflow or job: ' +
          '"jobs emit post_colect" tells of it; did you mean "post_collect"?',
        ],
      );
      for (
        const event of ["post_collect", "collect:end", "job:a:failed", "none"]
      ) {
        const line = `jobs add --id b --wait-for-event ${event} echo`;
        assert.deepEqual(await said(line), [], event);
        await at.run("jobs delete b");
      }
      assert.equal((await said("jobs update --wait-for-event x a")).length, 1);
    });

    await t.step(
      "add refuses an id that there is, and a line that is wrong",
      async () => {
        await using at = await open();
        await at.run("jobs add --id a echo");
        await assert.rejects(
          at.run("jobs add --id a echo"),
          (error) => isSkymapError(error, "conflict"),
        );
        await assert.rejects(
          at.run("jobs add wrong line"),
          /Cannot read "wrong/,
        );
      },
    );

    await t.step("update changes what is named and nothing else", async () => {
      await using at = await open();
      await at.run(
        'graph=main jobs add --id a --schedule "0 4 * * *" --timeout 60 echo a',
      );
      await at.run("section=desired jobs update --time-zone Asia/Tokyo a");
      assert.equal(at.job("a").time_zone, "Asia/Tokyo");
      assert.equal(at.job("a").command, "echo a");
      assert.deepEqual(at.job("a").environment, { graph: "main" });
      await at.run(
        "section=desired jobs update --schedule none --wait-for-event collect:end a 'echo b | uniq'",
      );
      const { schedule, event, command, timeout, environment } = at.job("a");
      assert.deepEqual(
        { schedule, event, command, timeout, environment },
        {
          schedule: undefined,
          event: "collect:end",
          command: "echo b | uniq",
          timeout: 60,
          environment: { section: "desired" },
        },
      );
      await at.run("jobs update --wait-for-event none a");
      assert.equal(at.job("a").event, undefined);
    });

    await t.step("run, running, history and log show how it goes", async () => {
      await using at = await open();
      const end = at.bench.hold("echo");
      await at.run("jobs add --id a echo");
      const [started] = await at.records("jobs run a");
      assert.equal(started.trigger, "cli:test");
      await until(() => at.bench.count("echo") === 1);
      const [running] = await at.records("jobs running");
      assert.deepEqual([running.run, running.state, running.step], [
        started.run,
        "running",
        "execute",
      ]);
      end();
      await at.bench.reaches(started.run, "done");
      assert.deepEqual(await at.records("jobs running"), []);
      const other = await at.bench.engine.run("other", "test");
      await at.bench.reaches(other.id, "done");
      for (const line of ["jobs history", "jobs history a"]) {
        const runs = await at.records(line);
        assert.deepEqual(runs.map(({ run }) => run), [started.run], line);
      }
      assert.deepEqual(await at.records("jobs history --has-errors"), []);
      const log = await at.records("jobs log a");
      assert.deepEqual(log.map(({ message }) => message), [
        "Runs echo",
        "begun",
        "ended",
        "Run ended: done",
      ]);
      await assert.rejects(
        at.run("jobs log b"),
        (error) => isSkymapError(error, "run_unknown"),
      );
    });

    await t.step(
      "run --wait shows the log, and fails if the job does",
      async () => {
        await using at = await open();
        at.bench.lines.set("good", async function* () {
          yield "hello\n";
        });
        at.bench.lines.set("bad", () => {
          throw new SkymapError("query_invalid", "Cannot count sheep");
        });
        await at.run("jobs add --id good good; jobs add --id bad bad");
        const { text, notes } = await at.run("jobs run --wait good");
        assert.deepEqual(text.split("\n"), [
          "00:00:00 execute, core: Runs good",
          "00:00:00 execute, output: hello",
          "00:00:00 core: Run ended: done",
          "",
        ]);
        const last = notes.at(-1);
        assert.deepEqual(last, {
          type: "progress",
          text: "job:good: done",
          done: 1,
          total: 1,
        });
        await assert.rejects(
          at.run("jobs run --wait bad"),
          (error) => isSkymapError(error, "run_failed"),
        );
      },
    );

    await t.step("activate, deactivate, emit and delete do so", async () => {
      await using at = await open();
      await at.run("jobs add --id a --wait-for-event deployed echo");
      await at.run("jobs deactivate a");
      assert.equal(at.job("a").active, false);
      const { text: none, notes } = await at.run("jobs emit deployed");
      assert.equal(none, "");
      assert.deepEqual(notes.map((note) => note.type), ["message"]);
      await at.run("jobs activate a");
      const [run] = await at.records("jobs emit deployed");
      assert.equal(run.workflow, "job:a");
      await at.bench.reaches(run.run, "done");
      assert.equal((await at.records("jobs show a"))[0].event, "deployed");
      assert.equal((await at.records("jobs list")).length, 1);
      const { text } = await at.run("jobs delete a");
      assert.equal(text, "Job a was deleted\n");
      assert.deepEqual(await at.records("jobs list"), []);
    });

    await t.step(
      "who may not change things may look at jobs alone",
      async () => {
        await using at = await open();
        await at.run("jobs add --id a echo");
        const caller = { subject: "m", role: "metrics" } as const;
        await at.run("jobs list", { caller });
        for (const line of ["add echo", "run a", "delete a", "deactivate a"]) {
          await assert.rejects(
            at.run(`jobs ${line}`, { caller }),
            (error) => isSkymapError(error, "permission_denied"),
            line,
          );
        }
      },
    );
  },
});
