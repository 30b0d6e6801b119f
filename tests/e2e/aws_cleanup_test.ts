import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  CleanupClient,
  type CleanupItemJson,
  ConfigClient,
  type NodeJson,
  unwrap,
} from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import { kindsOf } from "../../plugins/aws/kinds.ts";
import { RESOURCES } from "../../plugins/aws/resources/mod.ts";
import { FaultProxy } from "../helpers/moto/fault_proxy.ts";
import {
  estateOverrides,
  type KindsFound,
  MotoServer,
  motoTest,
} from "../helpers/moto/moto_server.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";

const ACCOUNT = "111111111111";
const REGION = "us-east-1";

/** What may hang on resources of some kinds and is none of them. */
function hangingOn(kinds: readonly string[]): string[] {
  const after = kindsOf(RESOURCES).filter(({ name }) => kinds.includes(name))
    .flatMap(({ deletedAfter = [] }) => deletedAfter);
  return [...new Set(after)].filter((kind) => !kinds.includes(kind)).sort();
}

/** Kinds that AWS shows for a while after they ended. */
const SHOWN_A_WHILE = [
  "aws_ec2_instance",
  "aws_ec2_nat_gateway",
  "aws_vpc_endpoint",
  "aws_vpc_peering_connection",
];

/** What `cleanup_aws_vpcs` leaves to those who own it: it outlives the VPC. */
const OWNED = [
  "aws_autoscaling_group",
  "aws_ec2_elastic_ip",
  "aws_ec2_instance",
  "aws_ec2_launch_template",
  "aws_ec2_volume",
];

type Ids = Readonly<Record<string, readonly string[]>>;

/** What boto3 found, one line each; types of what is there are no resources. */
function linesOf(found: KindsFound): string[] {
  return Object.entries(found).flatMap(([account, regions]) =>
    Object.entries(regions).flatMap(([region, kinds]) =>
      Object.entries(kinds).filter(([kind]) => !kind.endsWith("_type"))
        .flatMap(([kind, ids]) =>
          Object.keys(ids).map((id) => `${account} ${region} ${kind} ${id}`)
        )
    )
  ).sort();
}

function linesOfIds(ids: Ids): string[] {
  return Object.entries(ids).flatMap(([kind, all]) =>
    all.map((id) => `${ACCOUNT} ${REGION} ${kind} ${id}`)
  ).sort();
}

const kindIn = (line: string) => line.split(" ")[2] ?? "";

await motoTest(
  "a VPC with everything in it is planned, reviewed and deleted",
  async (t) => {
    await using moto = await MotoServer.start();
    const seeded = (await moto.seedKinds("vpc"))[ACCOUNT]?.[REGION];
    const { doomed, kept } = seeded as Record<"doomed" | "kept", Ids>;
    const collected = Object.keys(doomed);
    const [spare = ""] = kept["aws_ec2_volume"] ?? [];
    const before = linesOf(await moto.foundKinds("vpc"));
    await using proxy = new FaultProxy(moto.endpoint);
    await using system = await System.start({
      core: ["--no-scheduling"],
      worker: [
        ...estateOverrides(proxy.endpoint, {
          account: [ACCOUNT],
          region: [REGION],
          collect: collected,
        }),
        "--override",
        "cleanup_aws_vpcs.enabled=true",
      ],
    });
    const client = await system.client();
    const cleanup = new CleanupClient(client);
    const configs = new ConfigClient(client);
    const configure = async (settings: JsonObject) => {
      unwrap(
        await configs.patch("skymap.core", { core: { cleanup: settings } }),
      );
    };
    const mark = async (search: string) => {
      const { output } = await line(`search ${search} | clean`);
      match(output, /nodes? (was|were) changed/);
    };
    const line = async (text: string) => {
      await using shell = new RoleProcess("shell", [
        "--core-uri",
        system.coreUri,
        "--data-dir",
        system.dataDir,
        text,
      ]);
      const code = await shell.exit();
      return { code, output: shell.text };
    };
    const blockedKinds = async (id: string, reason: string) => {
      const all = await Array.fromAsync(cleanup.blocked(id));
      return all.filter((each) => each.reason === reason)
        .map(({ kind, message }) => `${kind}: ${message}`);
    };
    const found = async (search: string): Promise<NodeJson[]> => {
      const nodes: NodeJson[] = [];
      for await (const record of client.search("main", "list", search)) {
        if (record.type === "node") nodes.push(record as NodeJson);
      }
      return nodes;
    };
    const ids = (some: Ids, kinds: readonly string[]) =>
      kinds.flatMap((kind) => some[kind] ?? []).join(", ");
    await system.untilSubscribed("skymap.worker");
    // A new installation runs by itself once.
    await until("the first run ends", async () => {
      const [first] = unwrap(await client.runs());
      return first?.ended_at;
    });
    strictEqual((await system.runWorkflow("collect")).state, "done");
    await configure({
      accounts: [ACCOUNT],
      max_count: 200,
      max_count_per_kind: 100,
      max_count_per_account: 200,
      max_share: 1,
      max_share_per_kind: 1,
      max_share_per_account: 1,
    });

    await t.step("what nobody lists blocks, until it is named", async () => {
      await mark("is(aws_vpc) and name = doomed");
      const { id } = unwrap(await cleanup.plan());
      const [message = ""] = await blockedKinds(id, "scope");
      match(message, /^aws_vpc: .* were never listed in account 1{12}: /);
      await configure({ unseen_kinds: hangingOn(collected) });
      const { output } = await line("cleanup plan");
      match(output, /Taken as absent, .*aws_/);
    });

    await t.step("what is not marked blocks, by its name", async () => {
      const { id } = unwrap(await cleanup.plan());
      const [message = ""] = await blockedKinds(id, "dependant");
      match(message, /^aws_vpc: aws_\w+ \S+.* hangs on it and is not marked/);
    });

    await t.step("what could not be listed blocks", async () => {
      proxy.spoil = ({ action }) =>
        action === "DescribeSubnets" ? "denied" : undefined;
      await system.runWorkflow("collect");
      proxy.spoil = () => undefined;
      const { id } = unwrap(await cleanup.plan());
      const [message = ""] = await blockedKinds(id, "scope");
      match(
        message,
        /^aws_vpc: aws_ec2_subnet was not listed completely in us-east-1 \(failed, /,
      );
      strictEqual((await system.runWorkflow("collect")).state, "done");
    });

    let plan = "";
    await t.step("the parts of a marked VPC are marked with it", async () => {
      const owned = ids(doomed, OWNED);
      await mark(`id in [${owned}, ${spare}]`);
      strictEqual((await system.runWorkflow("cleanup")).state, "done");
      const [made] = unwrap(await cleanup.list());
      plan = made?.id ?? "";
      deepStrictEqual(
        [made?.run === undefined, made?.state, made?.blocked],
        [false, "planned", 0],
        JSON.stringify(made?.reasons),
      );
      const items = await Array.fromAsync(cleanup.items(plan));
      const planned = items.filter(({ action }) => action === "delete")
        .map(({ kind, id }) => `${ACCOUNT} ${REGION} ${kind} ${id}`);
      const all = [
        ...linesOfIds(doomed),
        ...linesOfIds({
          aws_ec2_volume: [spare],
        }),
      ];
      deepStrictEqual(planned.filter((each) => !all.includes(each)), []);
      for (const kind of ["aws_vpc", "aws_ec2_subnet", "aws_alb"]) {
        ok(planned.some((each) => kindIn(each) === kind), kind);
      }
      // Those that name each other.
      ok(items.filter(({ action }) => action === "detach").length >= 2);
    });

    await t.step("core is killed in the midst, and it goes on", async () => {
      await moto.callKinds("vpc", "touch");
      await configure({ enabled: true, dry_run: false });
      const reached = Promise.withResolvers<void>();
      proxy.spoil = ({ action }) => {
        if (action === "DeleteSubnet") reached.resolve();
        return undefined;
      };
      unwrap(await cleanup.apply(plan));
      await reached.promise;
      await system.process("core").stop("SIGKILL");
      await system.startCore();
      const cut = unwrap(await cleanup.get(plan));
      match(`${cut.state}: ${cut.error}`, /^failed: core ended while/);
      ok(cut.progress.pending > 0);
      await system.untilSubscribed("skymap.worker");
      const { code, output } = await line(`cleanup apply ${plan}`);
      strictEqual(code, 1, output);
      match(output, /1 of \d+ steps were not done/);
    });

    await t.step(
      "what changed in the cloud is refused, by its path",
      async () => {
        const left: CleanupItemJson[] = [];
        for await (const item of cleanup.items(plan)) {
          if (item.state !== "done" && item.state !== "gone") left.push(item);
        }
        deepStrictEqual(
          left.map(({ id, state, reason }) => [id, state, reason]),
          [[spare, "changed", "in its cloud it differs in tags"]],
        );
      },
    );

    await t.step("boto3 sees all of it gone, and nothing else", async () => {
      const after = linesOf(await moto.foundKinds("vpc"));
      const gone = before.filter((each) => !after.includes(each));
      const wanted = linesOfIds(doomed).filter((each) =>
        before.includes(each) && !SHOWN_A_WHILE.includes(kindIn(each))
      );
      const endless = (each: string) => !SHOWN_A_WHILE.includes(kindIn(each));
      deepStrictEqual(gone.filter(endless), wanted);
      deepStrictEqual(
        gone.filter((each) => !linesOfIds(doomed).includes(each)),
        [],
      );
      deepStrictEqual(after.filter((each) => !before.includes(each)), []);
    });

    await t.step("the next collect finds what stayed alone", async () => {
      strictEqual((await system.runWorkflow("collect")).state, "done");
      const vpcs = await found("is(aws_vpc) and name in [doomed, kept]");
      deepStrictEqual(vpcs.map(({ reported }) => reported.name), ["kept"]);
      const running = await found(
        `id in [${ids(doomed, ["aws_ec2_instance"])}] and ` +
          "instance_status != terminated",
      );
      deepStrictEqual(running, []);
    });
    await until(
      "no plan is applied",
      async () =>
        unwrap(await cleanup.list()).every(({ state }) => state !== "applying"),
    );
  },
);
