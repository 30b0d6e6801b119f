import { deepStrictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import type { DeleteOutcome, TaskResource } from "@skymap/lib/plugin";
import { AUTOSCALING_RESOURCES } from "../../../plugins/aws/resources/autoscaling/mod.ts";
import { EC2_RESOURCES } from "../../../plugins/aws/resources/ec2/mod.ts";
import { ELB_RESOURCES } from "../../../plugins/aws/resources/elb/mod.ts";
import { ELBV2_RESOURCES } from "../../../plugins/aws/resources/elbv2/mod.ts";
import { workTasks } from "../../../plugins/aws/work/mod.ts";
import { collectHere } from "../../helpers/moto/collected_graph.ts";
import { type Key, keyOf } from "../../helpers/moto/estate_graph.ts";
import { pluginOf } from "../../helpers/moto/kinds_suite.ts";
import {
  estateConfig,
  MotoServer,
  motoTest,
} from "../../helpers/moto/moto_server.ts";
import { runTask } from "../../helpers/moto/run_task.ts";

const ACCOUNT = "111111111111";
const REGION = "us-east-1";

/** Moto has no reserved instances. */
const KINDS = [
  ...AUTOSCALING_RESOURCES,
  ...EC2_RESOURCES,
  ...ELB_RESOURCES,
  ...ELBV2_RESOURCES,
].filter(({ kind }) => kind !== "aws_ec2_reserved_instances");

/** Kinds that AWS shows for a while after they ended. */
const SHOWN_A_WHILE = [
  "aws_ec2_instance",
  "aws_ec2_nat_gateway",
  "aws_vpc_endpoint",
  "aws_vpc_peering_connection",
];

const GROUP = "aws_ec2_security_group";

const kindIn = (key: Key) => key.split(" ")[2] ?? "";

function keysOf(kinds: Readonly<Record<string, readonly string[]>>): Key[] {
  return Object.entries(kinds).flatMap(([kind, ids]) =>
    ids.map((id) => keyOf(ACCOUNT, REGION, kind, id))
  );
}

/** Keys in waves: what must be deleted first comes before. */
function wavesOf(
  keys: readonly Key[],
  edges: readonly (readonly [last: Key, first: Key])[],
): { readonly waves: readonly (readonly Key[])[]; readonly circle: Key[] } {
  const left = new Set(keys);
  const waves: Key[][] = [];
  for (;;) {
    const wave = [...left].filter((key) =>
      !edges.some(([last, first]) => last === key && left.has(first))
    );
    if (wave.length === 0) return { waves, circle: [...left].sort() };
    wave.forEach((key) => left.delete(key));
    waves.push(wave);
  }
}

await motoTest(
  "a VPC goes with everything in it, in the order of its edges",
  async (t) => {
    await using moto = await MotoServer.start();
    const seeded = await moto.seedKinds("vpc");
    const { doomed, kept } = seeded[ACCOUNT]?.[REGION] as Record<
      "doomed" | "kept",
      Readonly<Record<string, readonly string[]>>
    >;
    const config = {
      ...estateConfig(moto.endpoint),
      account: [ACCOUNT],
      region: [REGION],
    } as JsonObject;
    const plugin = { ...pluginOf(KINDS), tasks: workTasks(KINDS) } as never;
    const graph = await collectHere(plugin, config);
    deepStrictEqual([...graph.failed], []);
    const keys = keysOf(doomed);
    const known = new Set(graph.keys);
    deepStrictEqual(keys.filter((key) => !known.has(key)), []);

    const resource = (key: Key): TaskResource => {
      const [, region = "", kind = "", id = ""] = key.split(" ");
      const reported = graph.reported.get(key) ?? {};
      return { node: key, kind, id, region, reported };
    };
    const run = async (
      task: "delete" | "detach",
      some: readonly Key[],
    ): Promise<readonly DeleteOutcome[]> => {
      const resources = some.map(resource);
      const args = { resources, dry_run: false };
      return (await runTask(plugin, config, ACCOUNT, task, args)).results;
    };
    const edges = graph.edges.filter((edge) => edge.startsWith("delete > "))
      .map((edge) => edge.split(" > "))
      .map(([, last = "", first = ""]) => [last, first] as const);

    const groups = keys.filter((key) => kindIn(key) === GROUP);
    await t.step("groups that name each other are a circle", () => {
      const between = edges.filter(([last, first]) =>
        kindIn(last) === GROUP && kindIn(first) === GROUP
      );
      deepStrictEqual(wavesOf(groups, between).circle.length, 3);
    });
    const apart = edges.filter(([last, first]) =>
      kindIn(last) !== GROUP || kindIn(first) !== GROUP
    );
    await t.step("only what is doomed hangs on what is doomed", () => {
      deepStrictEqual(
        edges.filter(([last, first]) =>
          keys.includes(last) && !keys.includes(first)
        ),
        [],
      );
    });
    await t.step("each wave goes", async () => {
      await run("detach", groups);
      const { circle, waves } = wavesOf(keys, apart);
      deepStrictEqual(circle, []);
      for (const wave of waves) {
        const outcomes = await run("delete", wave);
        deepStrictEqual(
          outcomes.filter(({ outcome }) =>
            outcome !== "done" && outcome !== "gone"
          ),
          [],
        );
      }
    });
    const after = await collectHere(plugin, config);
    await t.step("all that AWS still shows of it has ended", () => {
      const left = keys.filter((key) => after.keys.includes(key)).map(kindIn);
      deepStrictEqual(left.filter((kind) => !SHOWN_A_WHILE.includes(kind)), []);
    });
    await t.step("nothing else goes", () => {
      const gone = graph.keys.filter((key) => !after.keys.includes(key));
      deepStrictEqual(
        graph.keys.filter((key) => !keys.includes(key) && gone.includes(key)),
        [],
      );
      deepStrictEqual(
        keysOf(kept).filter((key) => !after.keys.includes(key)),
        [],
      );
    });
  },
);
