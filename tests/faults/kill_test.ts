import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type RunJson, unwrap } from "@skymap/lib/client";
import { delay } from "@skymap/lib/lifecycle";
import { RoleProcess, System, until } from "../helpers/system.ts";
import { pick, seeded } from "../helpers/random.ts";

const SEED = Number(Deno.env.get("SKYMAP_TEST_SEED") ?? 20_261_121);

/** How many processes are killed in all. */
const KILLS = 50;

/** Every id of the graph, sorted, over the API. */
async function idsOf(system: System): Promise<string[]> {
  const client = await system.client();
  const ids: string[] = [];
  for await (const record of client.search("main", "list", "all")) {
    if (record["type" as keyof typeof record] === "node") {
      ids.push(String((record as { id: string }).id));
    }
  }
  return ids.sort();
}

/** The seven facts that must hold once a run has ended. */
function checkRun(run: RunJson): void {
  strictEqual(run.state, "done", JSON.stringify(run));
  for (const step of run.steps) {
    ok(step.state === "done" || step.state === "failed", JSON.stringify(run));
  }
  const names = run.steps.map(({ name }) => name);
  strictEqual(new Set(names).size, names.length);
}

/** Compares record and index row by row, in a process of its own. */
export async function verify(system: System): Promise<string> {
  await system.process("core").stop();
  await using verifier = new RoleProcess("core", [
    "--data-dir",
    system.dataDir,
    "--verify",
  ]);
  const code = await verifier.exit();
  strictEqual(code, 0, verifier.text);
  const { text } = verifier;
  await system.startCore();
  return text;
}

Deno.test(`kill -9 of core, worker and metrics at ${KILLS} random moments loses nothing`, async () => {
  const random = seeded(SEED);
  await using system = await System.start({
    metrics: true,
    core: ["--no-scheduling"],
    worker: [
      "--override",
      "demo.size=0.1",
      "--override",
      "demo.tick=1",
      "--override",
      "demo.latency_ms=2",
    ],
  });
  await system.untilSubscribed("skymap.worker", "skymap.metrics");
  checkRun(await system.runWorkflow("collect"));
  const source = await idsOf(system);
  ok(source.length > 50, `only ${source.length} nodes`);

  for (let kills = 0; kills < KILLS;) {
    const client = await system.client();
    const { id } = unwrap(await client.runWorkflow("collect"));
    for (let turn = 0; turn < 5 && kills < KILLS; turn++, kills++) {
      // Where in the run it falls is the point: moments, not a wait for a fact.
      await delay(random() * 800);
      const role = pick(random, ["core", "worker", "metrics"] as const);
      await system.process(role).stop("SIGKILL");
      if (role === "core") await system.startCore();
      else if (role === "worker") system.startWorker();
      else system.startMetrics();
    }
    const run = await until(
      `run ${id} ends (seed ${SEED}, ${kills} kills)`,
      async () => {
        const run = unwrap(await (await system.client()).run(id));
        return run.ended_at === undefined ? undefined : run;
      },
      120_000,
    ).catch(async (error) => {
      const client = await system.client();
      const facts = [
        JSON.stringify(unwrap(await client.run(id))),
        JSON.stringify(unwrap(await client.runLog(id)).slice(-20)),
        ...(["core", "worker", "metrics"] as const).map((role) =>
          `${role}: ${system.process(role).text.slice(-3000)}`
        ),
      ];
      throw new Error([error.message, ...facts].join("\n"));
    });
    checkRun(run);
    deepStrictEqual(await idsOf(system), source, `seed ${SEED}, run ${id}`);
  }
  match(await verify(system), /no differences/i);
});
