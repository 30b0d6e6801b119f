import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import { DYNAMODB_RESOURCES } from "../../plugins/aws/resources/dynamodb/mod.ts";
import { LAMBDA_RESOURCES } from "../../plugins/aws/resources/lambda/mod.ts";
import { SQS_RESOURCES } from "../../plugins/aws/resources/sqs/mod.ts";
import { collectHere } from "../helpers/moto/collected_graph.ts";
import {
  FAULT_CODES,
  FaultProxy,
  FAULTS,
} from "../helpers/moto/fault_proxy.ts";
import { pluginOf } from "../helpers/moto/kinds_suite.ts";
import {
  estateConfig,
  MotoServer,
  motoTest,
} from "../helpers/moto/moto_server.ts";

const ACCOUNT = "111111111111";
const BAD_REGION = "us-east-1";
const GOOD_REGION = "eu-west-1";

/** Listing calls of services that speak JSON and REST, and what fails with them. */
const LISTINGS: readonly (readonly [
  action: string,
  permission: string,
  kind: string,
])[] = [
  ["ListQueues", "sqs:ListQueues", "aws_sqs_queue"],
  ["ListTables", "dynamodb:ListTables", "aws_dynamodb_table"],
  [
    "GET /2015-03-31/functions",
    "lambda:ListFunctions",
    "aws_lambda_function",
  ],
];

await motoTest(
  "listings of services of every protocol fail their scopes alone",
  async (context) => {
    Deno.env.set("AWS_MAX_ATTEMPTS", "1");
    await using moto = await MotoServer.start();
    await moto.seedKinds("sqs");
    await moto.seedKinds("dynamodb");
    await using proxy = new FaultProxy(moto.endpoint);
    const plugin = pluginOf([
      ...SQS_RESOURCES,
      ...DYNAMODB_RESOURCES.filter(({ kind }) => kind === "aws_dynamodb_table"),
      ...LAMBDA_RESOURCES,
    ]) as never;
    const config = {
      ...estateConfig(proxy.endpoint),
      account: [ACCOUNT],
      region: [BAD_REGION, GOOD_REGION],
    } as JsonObject;
    const whole = await collectHere(plugin, config);
    deepStrictEqual([...whole.failed], []);
    ok(whole.keys.some((key) => key.includes(" aws_sqs_queue ")));

    for (const [action, permission, kind] of LISTINGS) {
      ok(proxy.calls.has(action), [...proxy.calls.keys()].join(", "));
      for (const fault of FAULTS) {
        await context.step(`${action} ${fault}`, async () => {
          proxy.spoil = (call) =>
            call.action === action && call.region === BAD_REGION
              ? fault
              : undefined;
          const graph = await collectHere(plugin, config);
          const place = `${ACCOUNT} ${BAD_REGION} ${kind}`;
          deepStrictEqual([...graph.failed.keys()], [place]);
          const failure = graph.failed.get(place);
          match(failure?.code ?? "", FAULT_CODES[fault]);
          strictEqual(failure?.permission, permission);
          ok(failure?.message.includes(`${permission} in ${BAD_REGION}`));
          // All else is as it was before.
          deepStrictEqual(
            graph.keys,
            whole.keys.filter((key) =>
              !key.startsWith(`${ACCOUNT} ${BAD_REGION} ${kind} `)
            ),
          );
        });
      }
    }
    Deno.env.delete("AWS_MAX_ATTEMPTS");
  },
);
