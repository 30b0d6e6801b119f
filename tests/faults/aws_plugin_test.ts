import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import type { PluginDefinition } from "@skymap/lib/plugin";
import aws from "@skymap/plugin-aws";
import { LISTINGS } from "../helpers/moto/aws_listings.ts";
import { collectHere } from "../helpers/moto/collected_graph.ts";
import {
  FAULT_CODES,
  FaultProxy,
  FAULTS,
} from "../helpers/moto/fault_proxy.ts";
import {
  ESTATE_KINDS,
  estateConfig,
  MotoServer,
  motoTest,
} from "../helpers/moto/moto_server.ts";

const ACCOUNT = "111111111111";
const BAD_REGION = "us-east-1";
const GOOD_REGION = "eu-west-1";

await motoTest(
  "a listing call of AWS that fails, fails its scopes alone",
  async (context) => {
    Deno.env.set("AWS_MAX_ATTEMPTS", "1");
    await using moto = await MotoServer.start();
    await moto.seed([ACCOUNT], [BAD_REGION, GOOD_REGION]);
    await using proxy = new FaultProxy(moto.endpoint);
    const config = {
      ...estateConfig(proxy.endpoint),
      collect: ESTATE_KINDS,
      account: [ACCOUNT],
      region: [BAD_REGION, GOOD_REGION],
    } as JsonObject;
    const plugin = aws as PluginDefinition<unknown>;
    const whole = await collectHere(plugin, config);
    deepStrictEqual([...whole.failed], []);
    const called = [...proxy.calls.keys()].filter((action) =>
      action.startsWith("Describe") && action !== "DescribeRegions" &&
      action !== "DescribeOrganization"
    );
    // A kind that is added brings its fault with it.
    deepStrictEqual(called.sort(), Object.keys(LISTINGS).sort());

    for (const [action, kinds] of Object.entries(LISTINGS)) {
      // Each listing with each fault would take long.
      const faults = action === "DescribeVolumes"
        ? FAULTS
        : ["denied" as const];
      for (const fault of faults) {
        await context.step(`${action} ${fault}`, async () => {
          proxy.spoil = (call) =>
            call.action === action && call.region === BAD_REGION
              ? fault
              : undefined;
          const graph = await collectHere(plugin, config);
          const places = kinds.map((kind) =>
            `${ACCOUNT} ${BAD_REGION} ${kind}`
          );
          deepStrictEqual([...graph.failed.keys()].sort(), places);
          for (const { code, message, permission } of graph.failed.values()) {
            match(code, FAULT_CODES[fault]);
            strictEqual(permission, `ec2:${action}`);
            ok(message.includes(`ec2:${action} in ${BAD_REGION}`), message);
          }
          // What failed is not complete; all else is, as it was before.
          deepStrictEqual(
            graph.complete,
            whole.complete.filter((place) => !places.includes(place)),
          );
          deepStrictEqual(
            graph.keys.filter((key) => key.includes(` ${GOOD_REGION} `)),
            whole.keys.filter((key) => key.includes(` ${GOOD_REGION} `)),
          );
        });
      }
    }
    Deno.env.delete("AWS_MAX_ATTEMPTS");
  },
);

await motoTest(
  "regions that cannot be listed fail the account, unless they are configured",
  async () => {
    Deno.env.set("AWS_MAX_ATTEMPTS", "1");
    await using moto = await MotoServer.start();
    await using proxy = new FaultProxy(moto.endpoint);
    proxy.spoil = ({ action }) =>
      action === "DescribeRegions" ? "denied" : undefined;
    const plugin = aws as PluginDefinition<unknown>;
    const config = {
      ...estateConfig(proxy.endpoint),
      collect: ESTATE_KINDS,
      account: [ACCOUNT],
    } as JsonObject;
    const named = await collectHere(plugin, {
      ...config,
      region: [GOOD_REGION],
      collect: ["aws_vpc"],
    });
    deepStrictEqual([...named.failed.keys()], [`${ACCOUNT}  aws_region`]);
    ok(named.complete.includes(`${ACCOUNT} ${GOOD_REGION} aws_vpc`));

    const thrown = await collectHere(plugin, { ...config, region: [] })
      .then(() => undefined, (error) => error);
    strictEqual(thrown?.code, "UnauthorizedOperation");
    strictEqual(thrown?.permission, "ec2:DescribeRegions");
    Deno.env.delete("AWS_MAX_ATTEMPTS");
  },
);
