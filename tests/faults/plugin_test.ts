import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { unwrap } from "@skymap/lib/client";
import { addPlugin } from "../helpers/add_plugin.ts";
import { System } from "../helpers/system.ts";

const FAULTY = new URL(
  "../../worker/plugin/testdata/faulty.ts",
  import.meta.url,
).href;

Deno.test("a plugin that never ends fails its own scope, and all others are collected", async () => {
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: [
      "--override",
      "worker.collector=[faulty, demo, nothing]",
      "--override",
      "worker.account_timeout=4",
      "--override",
      "faulty.fault=loop",
      "--override",
      "demo.size=0.1",
    ],
  });
  const client = await system.client();
  await addPlugin(client, FAULTY);
  await system.untilSubscribed("skymap.worker");
  const run = await system.runWorkflow("collect");
  const ledger = unwrap(await client.ledger("main"));

  const faulty = ledger.filter(({ cloud }) => cloud === "faulty");
  deepStrictEqual(
    Object.fromEntries(faulty.map(({ kind, status }) => [kind, status])),
    { faulty_account: "complete", faulty_thing: "failed" },
  );
  const failed = faulty.find(({ status }) => status === "failed");
  strictEqual(failed?.error?.code, "plugin_timeout");
  match(failed?.error?.message ?? "", /took longer than 4 s/);

  const demo = ledger.filter(({ cloud }) => cloud === "demo");
  ok(demo.length > 50);
  ok(demo.every(({ status }) => status === "complete"));

  const log = unwrap(await client.runLog(run.id));
  for (const reason of [/took longer than 4 s/, /"nothing": it is not in/]) {
    ok(
      log.some(({ level, message }) =>
        level === "error" && reason.test(message)
      ),
      `${reason}: ${JSON.stringify(log)}`,
    );
  }
  ok(!system.process("worker").ended);
});
