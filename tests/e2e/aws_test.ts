import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { unwrap } from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import aws from "@skymap/plugin-aws";
import { collectHere } from "../helpers/moto/collected_graph.ts";
import { coreEdges, coreGraph } from "../helpers/moto/core_graph.ts";
import {
  estateEdges,
  estateKeys,
  keyOf,
} from "../helpers/moto/estate_graph.ts";
import {
  ACCOUNTS,
  ESTATE_KINDS,
  estateConfig,
  estateOverrides,
  MotoServer,
  motoTest,
  REGIONS,
} from "../helpers/moto/moto_server.ts";
import { System } from "../helpers/system.ts";

await motoTest("core holds what boto3 lists, run after run", async (t) => {
  await using moto = await MotoServer.start();
  await moto.seed();
  const estate = await moto.list();
  await t.step("the plugin finds it, without core and worker too", async () => {
    const config = {
      ...estateConfig(moto.endpoint),
      collect: ESTATE_KINDS,
    } as JsonObject;
    const graph = await collectHere(aws as never, config);
    deepStrictEqual([...graph.failed], []);
    deepStrictEqual(graph.keys, estateKeys(estate));
    deepStrictEqual(graph.edges, estateEdges(estate));
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
      .filter((each) =>
        String(each["instance_user_data"]).startsWith("#!/bin")
      );
    strictEqual(userData.length, 14 * 6);
  });
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: estateOverrides(moto.endpoint),
  });
  await system.untilSubscribed("skymap.worker");
  const client = await system.client();
  const collect = async () => {
    const run = await system.runWorkflow("collect");
    strictEqual(run.state, "done");
    const log = unwrap(await client.runLog(run.id));
    // Moto knows no prices, which is told.
    const told = log.filter(({ level, message }) =>
      level !== "info" && !message.startsWith("There are no prices")
    );
    deepStrictEqual(told, []);
    return await coreGraph(system);
  };

  const first = await collect();
  await t.step("ids per kind, account and region are boto3's", () => {
    deepStrictEqual(first.keys, estateKeys(estate));
    const count = (kind: string) =>
      first.keys.filter((key) => key.includes(` ${kind} `)).length;
    ok(count("aws_ec2_instance") >= 200);
    ok(count("aws_ec2_volume") >= 300);
  });
  await t.step("every edge between them is there", async () => {
    deepStrictEqual(await coreEdges(system), estateEdges(estate));
  });
  await t.step("every scope is complete", async () => {
    const scopes = unwrap(await client.ledger("main"));
    deepStrictEqual(
      scopes.filter(({ status, cloud }) =>
        cloud === "aws" && status !== "complete"
      ),
      [],
    );
  });
  await t.step("a second run writes nothing", async () => {
    const second = await collect();
    strictEqual(second.sequence, first.sequence);
    deepStrictEqual(second.keys, first.keys);
  });
  await t.step("ten volumes go, three come, and nothing else", async () => {
    const { created, deleted } = await moto.change();
    strictEqual(created.length, 3);
    strictEqual(deleted.length, 10);
    const third = await collect();
    const idOf = (key: string) => key.split(" ").at(-1);
    const gone = first.keys.filter((key) => !third.keys.includes(key));
    const come = third.keys.filter((key) => !first.keys.includes(key));
    deepStrictEqual(gone.map(idOf).sort(), [...deleted].sort());
    deepStrictEqual(come.map(idOf).sort(), [...created].sort());
    deepStrictEqual(third.keys, estateKeys(await moto.list()));
    // Each volume hangs on its region and on its type; no more is written.
    strictEqual(third.sequence - first.sequence, 13 * 3);
  });
});
