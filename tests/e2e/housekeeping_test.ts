import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type CoreClient, type RunLogJson, unwrap } from "@skymap/lib/client";
import { manifestOf } from "@skymap/lib/plugin_host";
import { nodeId } from "@skymap/lib/ids";
import type { JsonObject } from "@skymap/lib/json";
import aws from "../../plugins/aws/mod.ts";
import { System, until } from "../helpers/system.ts";

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";
const DAY = 86_400_000;

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}

/** What each rule must mark, and must not: ids by their kind. */
const ESTATE: Readonly<
  Record<string, Readonly<Record<string, JsonObject>>>
> = {
  aws_ec2_instance: {
    "i-alive": { instance_status: "running", ctime: ago(3) },
    "i-terminated": { instance_status: "terminated", ctime: ago(3) },
    "i-expired": {
      instance_status: "running",
      ctime: ago(3),
      tags: { owner: "lukas", expiration: "2 days" },
    },
    "i-not-expired": {
      instance_status: "running",
      ctime: ago(3),
      tags: { owner: "lukas", expiration: "4 days" },
    },
    "i-never": {
      instance_status: "running",
      ctime: ago(300),
      tags: { owner: "lukas", expiration: "never", expires: ago(1) },
    },
    "i-unreadable": {
      instance_status: "running",
      ctime: ago(300),
      tags: { owner: "lukas", expiration: "soon" },
    },
    "i-over": {
      instance_status: "running",
      ctime: ago(300),
      tags: { owner: "lukas", expires: ago(1), expiration: "10y" },
    },
    // JavaScript reads it as the year 2000.
    "i-zero": {
      instance_status: "running",
      ctime: ago(300),
      tags: { owner: "lukas", expires: "0" },
    },
    "i-negative": {
      instance_status: "running",
      ctime: ago(300),
      tags: { owner: "lukas", expiration: "-1d" },
    },
    "i-never-ever": {
      instance_status: "running",
      ctime: ago(300),
      tags: { owner: "lukas", expiration: " Never ", expires: ago(1) },
    },
    "i-until-tonight": {
      instance_status: "running",
      ctime: ago(300),
      tags: { owner: "lukas", expires: ago(0).slice(0, 10) },
    },
    "i-new-untagged": { instance_status: "running", ctime: ago(0) },
    "i-guest": { instance_status: "running", ctime: ago(0) },
  },
  aws_ec2_volume: {
    "vol-unused": {
      volume_status: "available",
      ctime: ago(40),
      atime: ago(20),
      mtime: ago(20),
    },
    "vol-used-lately": {
      volume_status: "available",
      ctime: ago(40),
      atime: ago(2),
      mtime: ago(20),
    },
    "vol-young": { volume_status: "available", ctime: ago(1) },
    // Nobody knows how long it has hung on nothing: the graph is new.
    "vol-unknown": { volume_status: "available", ctime: ago(40) },
    "vol-in-use": {
      volume_status: "in-use",
      ctime: ago(40),
      atime: ago(20),
      mtime: ago(20),
    },
    "vol-protected": {
      volume_status: "available",
      ctime: ago(40),
      atime: ago(20),
      mtime: ago(20),
    },
  },
  aws_cloudwatch_alarm: {
    "alarm-of-gone": {
      cloudwatch_dimensions: [{ name: "InstanceId", value: "i-gone" }],
    },
    "alarm-of-terminated": {
      cloudwatch_dimensions: [{ name: "InstanceId", value: "i-terminated" }],
    },
    "alarm-of-alive": {
      cloudwatch_dimensions: [{ name: "InstanceId", value: "i-alive" }],
    },
    "alarm-of-connect": {
      cloudwatch_dimensions: [{
        name: "InstanceId",
        value: "0b2f5ad0-5a3a-4d3e-8a58-7b0a7b6d1c11",
      }],
    },
    "alarm-of-queue": {
      cloudwatch_dimensions: [{ name: "QueueName", value: "i-gone" }],
    },
  },
  aws_elb: {
    "elb-empty": { backends: [] },
    // What is not known of it speaks for it.
    "elb-unknown": {},
    "elb-of-gone": { backends: ["i-gone", "i-terminated"] },
    "elb-of-alive": { backends: ["i-gone", "i-alive"] },
    "elb-for-ever": { backends: [], tags: { expiration: "never" } },
  },
  aws_alb: {
    "alb-empty": { alb_listener: [] },
    "alb-unknown": {},
    "alb-for-ever": { alb_listener: [], tags: { expiration: "Never" } },
    "alb-of-gone": {
      alb_listener: [{ default_actions: [{ type: "forward" }] }],
    },
    "alb-of-alive": {
      alb_listener: [{ default_actions: [{ type: "forward" }] }],
    },
    "alb-of-redirects": {
      alb_listener: [{ default_actions: [{ type: "redirect" }] }],
    },
  },
  aws_alb_target_group: {
    "tg-lonely": {
      target_type: "instance",
      alb_lb_arns: [],
      alb_target_health: [],
    },
    "tg-unknown": { target_type: "instance" },
    "tg-of-scaling": {
      target_type: "instance",
      alb_lb_arns: [],
      alb_target_health: [],
    },
    "tg-of-for-ever": {
      target_type: "instance",
      alb_lb_arns: ["alb-for-ever"],
      alb_target_health: [],
    },
    "tg-of-gone": {
      target_type: "instance",
      alb_lb_arns: ["alb-of-gone"],
      alb_target_health: [{ target: { id: "i-gone" } }],
    },
    "tg-of-alive": {
      target_type: "instance",
      alb_lb_arns: ["alb-of-alive"],
      alb_target_health: [{ target: { id: "i-alive" } }],
    },
    // The other half of a deployment: its load balancer lives.
    "tg-idle": {
      target_type: "instance",
      alb_lb_arns: ["alb-of-alive"],
      alb_target_health: [],
    },
    "tg-of-addresses": {
      target_type: "ip",
      alb_lb_arns: [],
      alb_target_health: [{ target: { id: "10.0.0.7" } }],
    },
  },
  aws_autoscaling_group: {
    "at-zero": { autoscaling_target_group_ar_ns: ["tg-of-scaling"] },
  },
  aws_vpc: {
    "vpc-marked": { ctime: ago(0) },
    "vpc-with-guest": { ctime: ago(0) },
    "vpc-unmarked": { ctime: ago(0) },
    "vpc-untagged": { ctime: ago(1), tags: { owner: "lukas" } },
    "vpc-tagged": {
      ctime: ago(1),
      tags: { owner: "lukas", expiration: "30d" },
    },
  },
  aws_ec2_subnet: {
    "subnet-1": {},
    "subnet-guest": {},
    "subnet-unmarked": {},
  },
  aws_ec2_security_group: {
    "sg-1": {},
    "sg-default": {},
    "sg-of-other-vpc": {},
  },
  aws_rds_instance: { "db-1": { ctime: ago(0) } },
};

/** Which of two has to be deleted before the other: the first is deleted last. */
const BEFORE: readonly (readonly [string, string])[] = [
  ["vpc-marked", "subnet-1"],
  ["subnet-1", "sg-1"],
  ["vpc-marked", "db-1"],
  ["vpc-with-guest", "subnet-guest"],
  ["subnet-guest", "i-guest"],
  ["vpc-unmarked", "subnet-unmarked"],
  ["vpc-unmarked", "sg-of-other-vpc"],
  // It names a group of a VPC that is cleaned up, and is not part of that.
  ["sg-1", "sg-of-other-vpc"],
];

/** What lies in what. */
const INSIDE: readonly (readonly [string, string])[] = [
  ["vpc-marked", "subnet-1"],
  ["vpc-marked", "sg-1"],
  ["vpc-unmarked", "subnet-unmarked"],
  ["vpc-unmarked", "sg-of-other-vpc"],
];

/** What becomes of the estate once somebody has looked at the marks. */
const SAVED: Readonly<Record<string, JsonObject>> = {
  "i-expired": {
    instance_status: "running",
    ctime: ago(3),
    tags: { owner: "lukas", expiration: "10y" },
  },
  "elb-empty": { backends: ["i-alive"] },
  "vol-unused": { volume_status: "in-use", ctime: ago(40) },
};

/** An instance that was started in a VPC that was marked. */
const STARTED = ["subnet-1", "i-new-untagged"] as const;

const CLOUD = "aws";

function keyOf(kind: string, id: string): string {
  return nodeId({ cloud: CLOUD, account: ACCOUNT, region: REGION, kind, id });
}

const KIND_OF = new Map(
  Object.entries(ESTATE).flatMap(([kind, nodes]) =>
    Object.keys(nodes).map((id) => [id, kind] as const)
  ),
);

function nodeOf(id: string): string {
  return keyOf(KIND_OF.get(id) ?? "", id);
}

/** How an estate differs. */
interface Estate {
  /** A kind that could not be listed. */
  readonly failedKind?: string;
  /** Whether it is as it was later. */
  readonly isLater?: boolean;
}

async function* messages(
  { failedKind, isLater = false }: Estate,
): AsyncGenerator<string> {
  const lines: JsonObject[] = [];
  const open = (scope: number, region: string, kind: string) =>
    lines.push({
      type: "scope",
      scope,
      state: "open",
      cloud: CLOUD,
      account: ACCOUNT,
      region,
      kind,
    });
  const whole = (scope: number, region: string, kind: string, id: string) => {
    open(scope, region, kind);
    lines.push({ type: "node", scope, id, reported: { name: id } });
    lines.push({ type: "scope", scope, state: "complete" });
  };
  whole(1, "", "aws_account", ACCOUNT);
  whole(2, "", "aws_region", REGION);
  let scope = 2;
  for (const [kind, nodes] of Object.entries(ESTATE)) {
    open(++scope, REGION, kind);
    if (kind === failedKind) {
      const error = { code: "AccessDenied", message: "no" };
      lines.push({ type: "scope", scope, state: "failed", error });
      continue;
    }
    for (const [id, first] of Object.entries(nodes)) {
      const reported = isLater ? SAVED[id] ?? first : first;
      lines.push({ type: "node", scope, id, reported });
    }
    const edges = [
      ...BEFORE.map((each) => [...each, "delete"] as const),
      ...INSIDE.map((each) => [...each, "default"] as const),
      ...isLater ? [[...STARTED, "delete"] as const] : [],
    ];
    for (const [from, to, edge_type] of edges) {
      if (KIND_OF.get(to) !== kind) continue;
      const ends = { from: nodeOf(from), to: nodeOf(to) };
      lines.push({ type: "edge", scope, ...ends, edge_type });
    }
    lines.push({ type: "scope", scope, state: "complete" });
  }
  lines.push({ type: "end" });
  for (const line of lines) yield await `${JSON.stringify(line)}\n`;
}

async function merge(
  client: CoreClient,
  estate: Estate = {},
): Promise<void> {
  unwrap(
    await client.merge(
      "main",
      ReadableStream.from(messages(estate)).pipeThrough(
        new TextEncoderStream(),
      ),
      {},
    ),
  );
}

/** Ids that match a search. */
async function ids(client: CoreClient, search: string): Promise<string[]> {
  const found: string[] = [];
  for await (const each of client.search("main", "list", search)) {
    if (each.type !== "node") continue;
    const { id } = each.reported as JsonObject;
    found.push(String(id));
  }
  return found.sort();
}

const CONFIG: Readonly<Record<string, JsonObject>> = {
  cleanup_expired: {},
  cleanup_untagged: {
    kinds: ["aws_vpc"],
    accounts: { aws: { [ACCOUNT]: { name: "sandbox", age: "2h" } } },
  },
  cleanup_volumes: {},
  cleanup_aws_alarms: {},
  cleanup_aws_loadbalancers: { min_age: "0s" },
  cleanup_aws_vpcs: {},
  tagvalidator: { default: { expiration: "7d" }, kinds: ["aws_vpc"] },
  protector: {
    resources: {
      aws: {
        [ACCOUNT]: {
          [REGION]: { aws_ec2_volume: ["vol-protected", "vol-missing"] },
          "us-east-1": { aws_ec2_volume: ["vol-unused"] },
        },
        "222222222222": { [REGION]: { aws_ec2_volume: ["vol-unused"] } },
      },
    },
  },
};

function overrides(enabled: boolean): string[] {
  return Object.entries(CONFIG).flatMap(([plugin, config]) =>
    Object.entries({ ...config, enabled }).flatMap(([name, value]) => [
      "--override",
      `${plugin}.${name}=${JSON.stringify(value)}`,
    ])
  );
}

function says(log: readonly RunLogJson[], pattern: RegExp): boolean {
  return log.some(({ message }) => pattern.test(message));
}

async function start(enabled: boolean) {
  const system = await System.start({
    core: ["--no-scheduling"],
    worker: ["--override", "demo.size=0.05", ...overrides(enabled)],
  });
  const client = await system.client();
  // A new installation runs by itself once.
  await until("the first run ends", async () => {
    const [first] = unwrap(await client.runs());
    return first?.ended_at;
  });
  unwrap(await client.putModel("main", { plugin: manifestOf(aws) }));
  await merge(client);
  return { system, client };
}

Deno.test("housekeeping marks what its rules name, and nothing else", async (t) => {
  const { system, client } = await start(true);
  await using _system = system;
  const set = unwrap(
    await client.updateNodes(
      "main",
      ["vpc-marked", "vpc-with-guest"].map((id) => ({
        id: nodeOf(id),
        desired: { clean: true },
      })),
    ),
  );
  strictEqual(set.updated, 2);
  await system.untilSubscribed("skymap.worker");
  strictEqual((await system.runWorkflow("collect")).state, "done");
  const run = await system.runWorkflow("cleanup");
  const log = unwrap(await client.runLog(run.id));
  deepStrictEqual(
    log.filter(({ level }) => level === "error").map(({ message }) => message),
    [],
  );

  const marked = (kind: string) =>
    ids(client, `is(${kind}) and /desired.clean = true`);
  const rules: Readonly<Record<string, readonly string[]>> = {
    aws_ec2_instance: ["i-expired", "i-over"],
    aws_ec2_volume: ["vol-unused"],
    aws_cloudwatch_alarm: ["alarm-of-gone", "alarm-of-terminated"],
    aws_elb: ["elb-empty", "elb-of-gone"],
    aws_alb: ["alb-empty", "alb-of-gone"],
    aws_alb_target_group: ["tg-lonely", "tg-of-gone"],
    aws_ec2_subnet: ["subnet-1"],
    aws_ec2_security_group: ["sg-1"],
    aws_rds_instance: [],
  };
  for (const [kind, wanted] of Object.entries(rules)) {
    await t.step(`${kind}: ${wanted.join(", ") || "none"}`, async () => {
      deepStrictEqual(
        await ids(
          client,
          `is(${kind}) and /desired.clean = true and ` +
            "not (/metadata.clean_reason =~ missing)",
        ),
        wanted,
      );
    });
  }
  await t.step("what lacks a tag is marked with its name", async () => {
    deepStrictEqual(
      await ids(
        client,
        '/metadata.clean_reason =~ "^Tags are missing: expiration"',
      ),
      ["vpc-untagged"],
    );
    ok((await marked("aws_vpc")).includes("vpc-untagged"));
    ok(!(await marked("aws_vpc")).includes("vpc-tagged"));
  });
  await t.step(
    "a VPC with a living guest is kept, and it is told",
    async () => {
      ok((await marked("aws_vpc")).includes("vpc-marked"));
      ok(!(await marked("aws_vpc")).includes("vpc-with-guest"));
      ok(says(log, /Kept VPC .*vpc-with-guest.*i-guest/));
      ok(
        says(log, /VPC vpc-marked stays: 2 resources .* aws_rds_instance db-1/),
      );
    },
  );
  await t.step(
    "what is named is protected, in its account and region alone",
    async () => {
      deepStrictEqual(
        await ids(client, "/metadata.protected = true"),
        ["vol-protected"],
      );
    },
  );
  await t.step(
    "marks for which there is no reason any more are taken back",
    async () => {
      await merge(client, { isLater: true });
      const run = await system.runWorkflow("cleanup");
      const log = unwrap(await client.runLog(run.id));
      deepStrictEqual(await marked("aws_ec2_instance"), ["i-over"]);
      deepStrictEqual(await marked("aws_elb"), ["elb-of-gone"]);
      deepStrictEqual(await marked("aws_ec2_volume"), []);
      ok(says(log, /Kept VPC .*vpc-marked.*i-new-untagged/));
      deepStrictEqual(await marked("aws_ec2_subnet"), []);
      deepStrictEqual(await marked("aws_ec2_security_group"), []);
      ok(says(log, /Took back the marks of 2 resources/));
      // What is still as it was stays marked, and is not told again.
      deepStrictEqual(await marked("aws_alb"), ["alb-empty", "alb-of-gone"]);
    },
  );
  await t.step("expirations that are too long are told in a dry run", () => {
    ok(
      says(
        log,
        /Expiration "30d" of aws_vpc vpc-tagged is longer than 7d; a dry run/,
      ),
    );
  });
});

Deno.test("housekeeping that is off starts no process and marks nothing", async () => {
  const { system, client } = await start(false);
  await using _system = system;
  await system.untilSubscribed("skymap.worker");
  const answer = await client.fetch("/subscribers" as never);
  const text = await answer.text();
  for (const step of ["cleanup_plan", "pre_cleanup_plan", "post_collect"]) {
    ok(!text.includes(`"${step}"`), step);
  }
  await system.runWorkflow("cleanup");
  deepStrictEqual(await ids(client, "/desired.clean = true"), []);
});

Deno.test("what could not be listed is not gone for housekeeping", async () => {
  const { system, client } = await start(true);
  await using _system = system;
  await merge(client, { failedKind: "aws_ec2_instance" });
  await system.untilSubscribed("skymap.worker");
  const run = await system.runWorkflow("cleanup");
  const log = unwrap(await client.runLog(run.id));
  deepStrictEqual(
    await ids(
      client,
      "is([aws_cloudwatch_alarm, aws_elb, aws_alb, aws_alb_target_group]) and " +
        "/desired.clean = true",
    ),
    [],
  );
  match(
    log.map(({ message }) => message).join("\n"),
    /Looked at no alarm of account 111111111111 in eu-west-1/,
  );
  ok(says(log, /Looked at no load balancer of account 111111111111/));
});
