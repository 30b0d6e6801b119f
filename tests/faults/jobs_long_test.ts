import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  type CoreClient,
  type RunJson,
  type RunLogJson,
  unwrap,
} from "@skymap/lib/client";
import { System, until } from "../helpers/system.ts";

/** Waits until a job has so many runs, all of them over. */
async function ended(
  client: CoreClient,
  id: string,
  count: number,
): Promise<readonly RunJson[]> {
  return await until(`${count} ended runs of ${id}`, async () => {
    const runs = unwrap(await client.runs({ workflow: `job:${id}` }));
    return runs.length === count &&
      runs.every((run) => run.ended_at !== undefined) && runs;
  });
}

function messages(log: readonly RunLogJson[]): readonly string[] {
  return log.map(({ message }) => message);
}

Deno.test("jobs run lines of the command line, over a core that is killed", async (t) => {
  await using system = await System.start({
    worker: ["--override", "demo.size=0.1", "--override", "demo.tick=1"],
  });
  await system.untilSubscribed("skymap.worker");
  const client = await system.client();
  const first = await until(
    "the first run starts",
    async () => unwrap(await client.runs())[0],
  );
  await system.untilRunEnds(first.id);

  await t.step("on an event, once for each run of the workflow", async () => {
    unwrap(
      await client.putJob("after", {
        command: "search is(account) | count",
        event: "post_collect",
      }),
    );
    for (let count = 1; count <= 2; count++) {
      const run = await system.runWorkflow("collect");
      // The hour may strike meanwhile, and start a run of its own.
      const runs = unwrap(await client.runs({ workflow: "job:after" }))
        .filter(({ trigger }) => trigger.endsWith(run.id));
      strictEqual(runs.length, 1);
      const [job] = runs;
      strictEqual(job?.trigger, `event:post_collect of run ${run.id}`);
      strictEqual(job.state, "done");
      const step = run.steps.find(({ name }) => name === "post_collect");
      deepStrictEqual(step?.jobs, [
        { job: "after", run: job.id, state: "done" },
      ]);
      const log = messages(unwrap(await client.runLog(job.id)));
      ok(log.some((line) => /total matched: \d+/.test(line)), log.join("\n"));
    }
    unwrap(await client.removeJob("after"));
  });

  await t.step(
    "by the clock, and what was missed is made up once",
    async () => {
      unwrap(
        await client.putJob("clock", {
          command: "echo hi",
          schedule: "* * * * *",
        }),
      );
      await system.process("core").stop("SIGKILL");
      const minute = () => Math.floor(Date.now() / 60_000);
      const killed = minute();
      await until(
        "the minute is over",
        () => Promise.resolve(minute() > killed),
        70_000,
      );
      await system.startCore();
      const runs = await until("the missed run ends", async () => {
        const all = unwrap(await client.runs({ workflow: "job:clock" }));
        return all.some(({ ended_at }) => ended_at !== undefined) && all;
      });
      strictEqual(runs.length, 1);
      match(runs[0]?.trigger ?? "", /^schedule:/);
      unwrap(await client.removeJob("clock"));
    },
  );

  await t.step(
    "stopped and killed in its midst, a job begins again and ends",
    async () => {
      unwrap(
        await client.putJob("slow", {
          command: "echo begun; sleep 4; echo over",
        }),
      );
      const { id } = unwrap(await client.runJob("slow"));
      const begun = (attempt: number) =>
        until(`attempt ${attempt} has begun`, async () => {
          const lines = messages(unwrap(await client.runLog(id)));
          return lines.filter((line) => line === "begun").length === attempt;
        });
      await begun(1);
      strictEqual(await system.process("core").stop(), 0, "it ends at once");
      await system.startCore();
      await begun(2);
      await system.process("core").stop("SIGKILL");
      await system.startCore();
      const frames: string[] = [];
      for await (const frame of client.followRun(id)) {
        frames.push(
          frame.type === "log" ? frame.line.message : frame.run.state,
        );
      }
      deepStrictEqual(frames.slice(-2).sort(), ["Run ended: done", "done"]);
      ok(frames.includes("over"), frames.join("\n"));
      ok(frames.some((line) => /attempt 3 of 3/.test(line)), frames.join("\n"));
      strictEqual((await ended(client, "slow", 1)).length, 1);
    },
  );

  await t.step("in time or not at all", async () => {
    unwrap(
      await client.putJob("late", {
        command: "sleep 600; echo over",
        timeout: 1,
      }),
    );
    const { id } = unwrap(await client.runJob("late"));
    const run = await system.untilRunEnds(id);
    strictEqual(run.state, "failed");
    const log = messages(unwrap(await client.runLog(id)));
    ok(log.includes("Not done within 1 s"), log.join("\n"));
    ok(!log.includes("over"), log.join("\n"));
  });

  await t.step("a line that is wrong is refused with its place", async () => {
    const answer = await client.putJob("wrong", {
      command: "search is(acount) | count",
    });
    strictEqual(answer.ok, false);
    if (answer.ok) return;
    match(answer.problem.detail, /acount/);
    strictEqual(answer.problem.code, "query_invalid");
  });
});
