import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { unwrap } from "@skymap/lib/client";
import { KINDS_REGIONS } from "../helpers/moto/kinds_suite.ts";
import {
  ACCOUNTS,
  estateOverrides,
  MotoServer,
  motoTest,
} from "../helpers/moto/moto_server.ts";
import { System } from "../helpers/system.ts";

/** Expirations of volumes, as boto3 finds them. */
async function expirations(moto: MotoServer): Promise<unknown[]> {
  return Object.values(await moto.foundKinds("tagged")).flatMap((regions) =>
    Object.values(regions).flatMap((kinds) =>
      Object.values(kinds["aws_ec2_volume"] ?? {})
        .map((tags) => (tags as Record<string, unknown>)["expiration"])
    )
  );
}

/** Runs a line; gives what it failed with. */
async function run(system: System, line: string): Promise<string | undefined> {
  const client = await system.client();
  for await (const frame of client.execute(line)) {
    if (frame.type === "error") return frame.problem.detail;
  }
}

await motoTest(
  "tagvalidator shortens tags in the cloud by the worker that it runs on",
  async () => {
    await using moto = await MotoServer.start();
    await moto.seedKinds("tagged");
    const validator = {
      enabled: true,
      dry_run: false,
      kinds: ["aws_ec2_volume"],
      default: { expiration: "7d" },
      accounts: { aws: { [ACCOUNTS[0] ?? ""]: { expiration: "never" } } },
    };
    await using system = await System.start({
      core: ["--no-scheduling"],
      worker: [
        ...estateOverrides(moto.endpoint, {
          region: KINDS_REGIONS,
          collect: ["aws_ec2_volume"],
        }),
        ...Object.entries(validator).flatMap(([name, value]) => [
          "--override",
          `tagvalidator.${name}=${JSON.stringify(value)}`,
        ]),
      ],
    });
    await system.untilSubscribed("skymap.worker");
    strictEqual((await system.runWorkflow("collect")).state, "done");
    strictEqual(
      await run(
        system,
        'search is(aws_ec2_volume) | tag update expiration "30 days"',
      ),
      undefined,
    );
    const { id } = await system.runWorkflow("cleanup");
    const client = await system.client();
    const log = unwrap(await client.runLog(id));
    const messages = log.map(({ message }) => message).join("\n");
    const half = 3 * KINDS_REGIONS.length;
    match(messages, new RegExp(`Shortened ${half} expirations`), messages);
    ok(!log.some(({ level }) => level === "error"), messages);
    const found = await expirations(moto);
    deepStrictEqual(
      found.filter((each) => each === "7d").length,
      found.length / 2,
    );
    deepStrictEqual(
      found.filter((each) => each === "30 days").length,
      found.length / 2,
    );
  },
);
