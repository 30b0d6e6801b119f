import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import aws from "@skymap/plugin-aws";
import { collectHere } from "../helpers/moto/collected_graph.ts";
import {
  estateEdges,
  estateKeys,
  keyOf,
} from "../helpers/moto/estate_graph.ts";
import {
  ACCOUNTS,
  ESTATE_KINDS,
  estateConfig,
  MotoServer,
  motoTest,
  REGIONS,
} from "../helpers/moto/moto_server.ts";

await motoTest("the aws plugin finds what boto3 lists", async () => {
  await using moto = await MotoServer.start();
  await moto.seed();
  const estate = await moto.list();
  const config = {
    ...estateConfig(moto.endpoint),
    collect: ESTATE_KINDS,
  } as JsonObject;
  const graph = await collectHere(aws as never, config);
  deepStrictEqual([...graph.failed], []);
  deepStrictEqual(graph.keys, estateKeys(estate));
  deepStrictEqual(graph.edges, estateEdges(estate));
  const count = (kind: string) =>
    graph.keys.filter((key) => key.includes(` ${kind} `)).length;
  ok(count("aws_ec2_instance") >= 200, `${count("aws_ec2_instance")}`);
  ok(count("aws_ec2_volume") >= 300, `${count("aws_ec2_volume")}`);

  for (const account of ACCOUNTS) {
    for (const region of REGIONS) {
      const kinds = estate[account]?.[region] ?? {};
      const types = kinds["aws_ec2_instance_type"] ?? {};
      for (
        const [id, facts] of Object.entries(kinds["aws_ec2_instance"] ?? {})
      ) {
        const reported = graph.reported.get(
          keyOf(account, region, "aws_ec2_instance", id),
        );
        const type = types[String(facts["type"])];
        strictEqual(reported?.["instance_cores"], type?.["cores"]);
        strictEqual(
          reported?.["instance_memory"],
          Number(type?.["memory_mib"]) / 1024,
        );
        strictEqual(reported?.["name"], facts["name"] ?? id);
      }
    }
  }
  const userData = [...graph.reported.values()]
    .filter((each) => String(each["instance_user_data"]).startsWith("#!/bin"));
  strictEqual(userData.length, 14 * 6);
});
