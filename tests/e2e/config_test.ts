import { match, ok, strictEqual } from "node:assert/strict";
import { ConfigClient, unwrap } from "@skymap/lib/client";
import { System, until } from "../helpers/system.ts";

/** Names of the accounts that the graph has. */
async function accounts(system: System): Promise<readonly string[]> {
  const client = await system.client();
  const names: string[] = [];
  for await (
    const record of client.search("main", "list", "is(account)")
  ) {
    const { type, reported } = record as {
      type: string;
      reported?: { name?: string };
    };
    if (type === "node") names.push(reported?.name ?? "");
  }
  return names.sort();
}

Deno.test("what is configured counts from the next collect on", async () => {
  await using system = await System.start({
    metrics: true,
    workerEnv: { SKYMAP_ACCOUNT: "from-the-environment" },
  });
  await system.untilSubscribed("skymap.worker", "skymap.metrics");
  const client = await system.client();
  const configs = new ConfigClient(client);
  await until("the registry knows the plugins", async () => {
    const { properties } = unwrap(await configs.schema("skymap.worker"));
    return "demo" in (properties as object);
  });
  match(await configs.text("skymap.worker"), /^#demo:$/m);

  const lines = client.execute(
    "configs set skymap.worker demo.size=0.05 'demo.accounts=[one, $(SKYMAP_ACCOUNT)]'",
  );
  const frames = await Array.fromAsync(lines);
  ok(
    frames.some((frame) =>
      frame.type === "text" && /has revision 1 now/.test(frame.text)
    ),
    JSON.stringify(frames),
  );
  await system.runWorkflow("collect");
  const found = await accounts(system);
  ok(
    found.includes("one") && found.includes("from-the-environment"),
    `${found}`,
  );
  match(
    await configs.text("skymap.worker", { effective: true }),
    /- \$\(SKYMAP_ACCOUNT\)/,
  );

  // A variable that is not there fails this plugin, and the reason is told.
  unwrap(
    await configs.patch("skymap.worker", {
      demo: { accounts: ["$(SKYMAP_NOWHERE)"] },
    }),
  );
  const { id } = await system.runWorkflow("collect");
  const log = unwrap(await client.runLog(id)).map(({ message }) => message);
  ok(
    log.some((message) =>
      /demo.accounts.0 refers to the environment variable SKYMAP_NOWHERE, which is not set/
        .test(message)
    ),
    log.join("\n"),
  );

  // The exporter measures what it is told, from its next update on.
  unwrap(
    await configs.put("skymap.metrics", {
      metrics: {
        metrics: {
          accounts: {
            help: "Accounts",
            search: "aggregate(sum(1) as accounts): is(account)",
          },
        },
      },
    }),
  );
  await system.runWorkflow("metrics");
  await until("the metric is exported", async () => {
    const url = `http://127.0.0.1:${system.ports.metrics}/metrics`;
    const page = await (await fetch(url)).text();
    return /^skymap_accounts \d+$/m.test(page);
  });

  // Schedules follow at once.
  unwrap(
    await configs.patch("skymap.core", {
      core: { workflows: { metrics: { schedule: "7 3 * * *" } } },
    }),
  );
  await until("the schedule is another one", async () => {
    const workflows = unwrap(await client.workflows());
    return workflows.some(({ name, schedule }) =>
      name === "metrics" && schedule === "7 3 * * *"
    );
  });

  // A worker that starts anew gets what was stored before.
  await system.process("core").stop();
  await system.startCore();
  strictEqual(unwrap(await configs.get("skymap.worker")).revision, 2);
});
