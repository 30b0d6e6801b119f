import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type LedgerEntryJson, unwrap } from "@skymap/lib/client";
import { LISTINGS } from "../helpers/moto/aws_listings.ts";
import { coreGraph } from "../helpers/moto/core_graph.ts";
import {
  FAULT_CODES,
  FaultProxy,
  FAULTS,
} from "../helpers/moto/fault_proxy.ts";
import {
  ACCOUNTS,
  estateOverrides,
  MotoServer,
  motoTest,
} from "../helpers/moto/moto_server.ts";
import { System } from "../helpers/system.ts";

const [ACCOUNT = ""] = ACCOUNTS;
const BAD_REGION = "us-east-1";
const GOOD_REGION = "eu-west-1";

/** Names a scope of the ledger. */
function placeOf({ account, region, kind }: LedgerEntryJson): string {
  return `${account} ${region} ${kind}`;
}

await motoTest(
  "a listing that fails deletes nothing, is stale, and stops no other",
  async (t) => {
    await using moto = await MotoServer.start();
    await moto.seed([ACCOUNT], [BAD_REGION, GOOD_REGION]);
    await using proxy = new FaultProxy(moto.endpoint);
    await using system = await System.start({
      core: ["--no-scheduling"],
      worker: estateOverrides(proxy.endpoint, {
        account: [ACCOUNT],
        region: [BAD_REGION, GOOD_REGION],
      }),
      workerEnv: { AWS_MAX_ATTEMPTS: "1" },
    });
    await system.untilSubscribed("skymap.worker");
    const client = await system.client();
    const collect = async () => {
      const started = new Date().toISOString();
      strictEqual((await system.runWorkflow("collect")).state, "done");
      const ledger = unwrap(await client.ledger("main"))
        .filter(({ account }) => account === ACCOUNT);
      return { graph: await coreGraph(system), ledger, started };
    };
    const whole = await collect();
    const places = whole.ledger.map(placeOf).sort();

    for (const [at, action] of Object.keys(LISTINGS).entries()) {
      const fault = FAULTS[at % FAULTS.length] ?? "denied";
      await t.step(`${action} ${fault}`, async () => {
        proxy.spoil = (call) =>
          call.action === action && call.region === BAD_REGION
            ? fault
            : undefined;
        const { graph, ledger, started } = await collect();
        deepStrictEqual(graph.keys, whole.graph.keys);
        deepStrictEqual(ledger.map(placeOf).sort(), places);
        const failed = ledger.filter(({ status }) => status !== "complete");
        deepStrictEqual(
          failed.map(placeOf).sort(),
          LISTINGS[action]?.map((kind) => `${ACCOUNT} ${BAD_REGION} ${kind}`),
        );
        // Whoever searches is told.
        strictEqual(graph.stale, failed.length);
        for (const { count, error, last_success, status } of failed) {
          strictEqual(status, "failed");
          match(error?.code ?? "", FAULT_CODES[fault]);
          strictEqual(error?.permission, `ec2:${action}`);
          ok(count > 0);
          ok((last_success ?? "") < started);
        }
        for (const scope of ledger) {
          if (scope.status !== "complete") continue;
          ok((scope.last_success ?? "") >= started, placeOf(scope));
        }
      });
    }

    await t.step(
      "what went meanwhile is kept until it can be seen",
      async () => {
        const { deleted } = await moto.change();
        proxy.spoil = (call) =>
          call.action === "DescribeVolumes" && call.region === BAD_REGION
            ? "empty"
            : undefined;
        const gone = (keys: readonly string[]) =>
          whole.graph.keys.filter((key) => !keys.includes(key));
        const isDeleted = (key: string) =>
          deleted.includes(key.split(" ").at(-1) ?? "");
        const during = await collect();
        deepStrictEqual(
          gone(during.graph.keys),
          whole.graph.keys.filter((key) =>
            isDeleted(key) && key.includes(` ${GOOD_REGION} `)
          ),
        );
        proxy.spoil = () => undefined;
        const after = await collect();
        deepStrictEqual(
          gone(after.graph.keys),
          whole.graph.keys.filter(isDeleted),
        );
        ok(gone(after.graph.keys).length > gone(during.graph.keys).length);
        deepStrictEqual(
          after.ledger.filter(({ status }) => status !== "complete"),
          [],
        );
      },
    );
  },
);
