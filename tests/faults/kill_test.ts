import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type RunJson, unwrap } from "@skymap/lib/client";
import { nodeId, ROOT_ID } from "@skymap/lib/ids";
import { delay } from "@skymap/lib/lifecycle";
import { collectPlugin } from "@skymap/lib/testing";
import demo from "../../plugins/demo/mod.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";
import { pick, seeded } from "../helpers/random.ts";

const SEED = Number(Deno.env.get("SKYMAP_TEST_SEED") ?? 20_261_121);

/** What the demo cloud is made of; the same in every run. */
const CONFIG = { size: 0.1, tick: 1, latency_ms: 2 };

/** How many processes are killed in all; `SKYMAP_TEST_KILLS` names another number. */
const KILLS = Number(Deno.env.get("SKYMAP_TEST_KILLS") ?? 50);

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

/** The same of what the plugin finds when nobody is killed. */
async function idsOfSource(): Promise<string[]> {
  const { scopes } = await collectPlugin(demo, { config: CONFIG });
  const found = [...scopes.values()].flatMap((
    { cloud, account, region, kind, nodes },
  ) => nodes.map(({ id }) => nodeId({ cloud, account, region, kind, id })));
  const cloud = { cloud: "demo", account: "", region: "", kind: "cloud" };
  return [...found, ROOT_ID, nodeId({ ...cloud, id: "demo" })].sort();
}

/** What must hold once a run has ended. */
function checkRun(run: RunJson): void {
  strictEqual(run.state, "done", JSON.stringify(run));
  for (const step of run.steps) {
    ok(step.state === "done" || step.state === "failed", JSON.stringify(run));
  }
  const names = run.steps.map(({ name }) => name);
  strictEqual(new Set(names).size, names.length);
}

/** Compares record and index row by row, in a process of its own. */
async function verify(system: System): Promise<string> {
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
      ...Object.entries(CONFIG).flatMap(([key, value]) => [
        "--override",
        `demo.${key}=${value}`,
      ]),
    ],
  });
  await system.untilSubscribed("skymap.worker", "skymap.metrics");
  checkRun(await system.runWorkflow("collect"));
  const source = await idsOfSource();
  ok(source.length > 50, `only ${source.length} nodes`);
  deepStrictEqual(await idsOf(system), source);

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
