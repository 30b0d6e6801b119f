import { deepStrictEqual, ok } from "node:assert/strict";
import { SystemClient, unwrap } from "@skymap/lib/client";
import { delay } from "@skymap/lib/lifecycle";
import { pick, seeded } from "../helpers/random.ts";
import { RoleProcess, System } from "../helpers/system.ts";

const SEED = Number(Deno.env.get("SKYMAP_TEST_SEED") ?? 20_261_121);

/** How many times core is killed. */
const KILLS = Number(Deno.env.get("SKYMAP_TEST_KILLS") ?? 9);

const NODES = 2_000;

const MODEL = {
  plugin: {
    name: "toy",
    version: "1.0.0",
    cloud: "toy",
    containers: { account: "toy_account", region: "toy_region" },
    kinds: [
      { name: "toy_account", bases: ["account"] },
      { name: "toy_region", bases: ["region"] },
      { name: "toy_box", bases: ["instance"] },
    ],
  },
};

function messages(): ReadableStream<Uint8Array> {
  const lines = [
    {
      type: "scope",
      scope: 1,
      state: "open",
      cloud: "toy",
      account: "a1",
      region: "",
      kind: "toy_box",
    },
    ...Array.from({ length: NODES }, (_, at) => ({
      type: "node",
      scope: 1,
      id: `b${at}`,
      reported: { name: `box ${at}`, tags: { n: `${at}` } },
    })),
    { type: "scope", scope: 1, state: "complete" },
    { type: "end" },
  ];
  return ReadableStream.from(lines.map((line) => `${JSON.stringify(line)}\n`))
    .pipeThrough(new TextEncoderStream());
}

async function collect(stream: ReadableStream<Uint8Array>) {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test(`kill -9 of core at ${KILLS} random moments leaves copies, imports and restores whole or absent`, async () => {
  const random = seeded(SEED);
  await using system = await System.start({ core: ["--no-scheduling"] });
  await system.process("worker").stop();
  const client = await system.client();
  const graphs = new SystemClient(client);
  unwrap(await graphs.createGraph("big"));
  unwrap(await client.putModel("big", MODEL));
  unwrap(await client.merge("big", messages(), {}));
  const lines = await collect(await graphs.exportGraph("big"));
  const backup = await collect(await graphs.backup());
  const file = (bytes: Uint8Array) => ReadableStream.from([bytes]);
  const works = {
    copy: () => graphs.copyGraph("big", "other", { force: true }),
    import: () => graphs.importGraph("other", file(lines), { force: true }),
    restore: () => graphs.restore(file(backup), { force: true }),
    remove: () => graphs.removeGraph("other"),
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const name = pick(random, ["copy", "import", "restore", "remove"] as const);
    const work = works[name]().catch(() => undefined);
    await delay(Math.floor(random() * 1_500));
    await system.process("core").stop("SIGKILL");
    await work;
    await system.startCore();
    const info = unwrap(await graphs.info());
    const names = info.graphs.map((graph) => graph.name);
    const where = `after kill ${kill} of ${name}: ${names.join(", ")}`;
    ok(names.includes("main") && names.includes("big"), where);
    for (const { name, nodes, edges } of info.graphs) {
      if (name === "main") continue;
      deepStrictEqual([nodes, edges], [NODES + 2, NODES + 1], where);
    }
    // Nothing of what was cut is left.
    const folders: string[] = [];
    for await (const { name } of Deno.readDir(`${system.dataDir}/index`)) {
      folders.push(name.replace(/~.*/, ""));
    }
    deepStrictEqual(folders.sort(), names.toSorted(), where);
  }
  unwrap(await graphs.copyGraph("big", "other", { force: true }));
  await system.process("core").stop();
  await using verifier = new RoleProcess("core", [
    "--data-dir",
    system.dataDir,
    "--verify",
  ]);
  deepStrictEqual([await verifier.exit(), verifier.text], [0, verifier.text]);
});
