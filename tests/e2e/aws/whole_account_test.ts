import { deepStrictEqual, ok } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import { RESOURCES } from "../../../plugins/aws/resources/mod.ts";
import { collectHere } from "../../helpers/moto/collected_graph.ts";
import {
  KINDS_REGIONS,
  pluginOf,
  refusedOf,
} from "../../helpers/moto/kinds_suite.ts";
import {
  ACCOUNTS,
  estateConfig,
  MotoServer,
  motoTest,
} from "../../helpers/moto/moto_server.ts";

/** Modules of `services/` that make a good part of what an account holds. */
const MODULES = [
  "vpc",
  "iam",
  "s3",
  "rds",
  "sqs",
  "sns",
  "dynamodb",
  "kms",
  "route53",
  "cloudwatch",
];

/** Kinds that moto cannot list: it has no such calls. */
const NOT_IN_MOTO = [
  "aws_cloudfront_cache_policy",
  "aws_cloudfront_field_level_encryption_config",
  "aws_cloudfront_field_level_encryption_profile",
  "aws_cloudfront_realtime_log_config",
  "aws_cloudfront_response_headers_policy",
  "aws_cloudfront_streaming_distribution",
  "aws_dynamodb_global_table",
  "aws_ec2_reserved_instances",
  "aws_ecs_capacity_provider",
  "aws_iam_server_certificate",
  "aws_service_quota",
  "aws_ssm_instance",
];

/** Properties that moto makes anew each time it is asked. */
const MADE_ANEW: Readonly<Record<string, readonly string[]>> = {
  aws_athena_work_group: ["ctime"],
};

await motoTest(
  "a whole account is collected, and the same again",
  async (t) => {
    Deno.env.set("AWS_MAX_ATTEMPTS", "2");
    await using moto = await MotoServer.start();
    for (const module of MODULES) await moto.seedKinds(module);
    const config = {
      ...estateConfig(moto.endpoint),
      account: ACCOUNTS.slice(0, 1),
      region: KINDS_REGIONS,
      no_collect: NOT_IN_MOTO,
    } as JsonObject;
    const plugin = pluginOf(RESOURCES) as never;
    const first = await collectHere(plugin, config);
    await t.step("no kind fails", () => {
      deepStrictEqual([...first.failed], []);
      // Each kind has a scope in each place that it belongs to.
      const kinds = new Set(first.complete.map((place) => place.split(" ")[2]));
      deepStrictEqual(
        RESOURCES.map(({ kind }) => kind)
          .filter((kind) => !kinds.has(kind) && !NOT_IN_MOTO.includes(kind)),
        [],
      );
      ok(first.keys.length > 250, `${first.keys.length}`);
    });
    await t.step("core takes all of it", () => {
      deepStrictEqual(refusedOf(first, RESOURCES), []);
    });
    await t.step("a second run finds the same", async () => {
      const second = await collectHere(plugin, config);
      const volatile = new Map(RESOURCES.map(({ kind, properties }) => [
        kind,
        [
          ...Object.keys(properties)
            .filter((name) => properties[name]?.volatile),
          ...MADE_ANEW[kind] ?? [],
        ],
      ]));
      const lasting = (graph: typeof first) =>
        graph.keys.map((key) => {
          const moving = volatile.get(key.split(" ")[2] ?? "") ?? [];
          const reported = { ...graph.reported.get(key) };
          return [
            key,
            Object.fromEntries(
              Object.entries(reported).filter(([name]) =>
                !moving.includes(name)
              ),
            ),
          ];
        });
      deepStrictEqual(lasting(second), lasting(first));
      deepStrictEqual(second.edges, first.edges);
    });
    await t.step("each scope tells what it took", () => {
      const without = first.messages.filter((message) =>
        message.type === "scope" && message.state !== "open" &&
        message.usage === undefined
      );
      // Both kinds of an organisation are told by the same calls.
      deepStrictEqual(without.length, 1);
    });
  },
);
