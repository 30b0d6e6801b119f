import { deepStrictEqual } from "node:assert/strict";
import type { FoundEdge, ScopeWriter } from "@skymap/lib/plugin";
import { arnName } from "./arn.ts";
import type { EdgeDeclaration, Item } from "./declaration.ts";
import { type EdgeTools, writeEdges } from "./write_edges.ts";

const ACCOUNT = "111111111111";
const TOOLS: EdgeTools = {
  account: ACCOUNT,
  region: "eu-west-1",
  globalKinds: new Set(["aws_role"]),
  kinds: new Set(["aws_cloudformation_stack", "aws_role", "aws_queue"]),
};

/** The edges of one item, as texts. */
async function edgesOf(
  edge: EdgeDeclaration | undefined,
  item: Item,
  tools: Partial<EdgeTools> = {},
  tags?: Record<string, string>,
): Promise<string[]> {
  const written: string[] = [];
  const name = (
    { kind, id, region = "", account = ACCOUNT }: FoundEdge["from"],
  ) => kind === "aws_thing" ? id : [account, region, kind, id].join("/");
  const scope: ScopeWriter = {
    node: () => Promise.reject(new Error("none is made")),
    edge({ from, to, type = "default", reported }) {
      const more = reported === undefined ? "" : ` ${JSON.stringify(reported)}`;
      written.push(`${type} ${name(from)} > ${name(to)}${more}`);
      return Promise.resolve();
    },
    deferredEdge({ from, to, type = "default" }) {
      const [one, other] = [from, to].map((end) =>
        "node_id" in end ? end.node_id : end.search
      );
      written.push(`later ${type} ${one} > ${other}`);
      return Promise.resolve();
    },
    nodeId: name,
    usage() {},
  };
  await writeEdges(
    scope,
    { kind: "aws_thing", ...(edge !== undefined && { edges: [edge] }) },
    { id: "self", item, tags },
    { ...TOOLS, ...tools },
  );
  return written;
}

const role: EdgeDeclaration = {
  predecessor: "aws_role",
  id: "Role",
  deletedFirst: "self",
};
const queue: EdgeDeclaration = {
  successor: "aws_queue",
  id: "Queue",
  read: arnName,
};

Deno.test("writeEdges() finds what the account has as a whole", async () => {
  deepStrictEqual(
    await edgesOf(role, { Role: "arn:aws:iam::111111111111:role/r" }),
    [
      "default 111111111111//aws_role/arn:aws:iam::111111111111:role/r > self",
      "delete 111111111111//aws_role/arn:aws:iam::111111111111:role/r > self",
    ],
  );
});

Deno.test("writeEdges() goes by region and account of an ARN", async () => {
  const arn = (region: string, account: string) => ({
    Queue: `arn:aws:sqs:${region}:${account}:orders`,
  });
  deepStrictEqual(await edgesOf(queue, arn("us-east-1", ACCOUNT)), [
    "default self > 111111111111/us-east-1/aws_queue/orders",
  ]);
  deepStrictEqual(await edgesOf(queue, arn("eu-west-1", "222222222222")), [
    "later default self > 222222222222/eu-west-1/aws_queue/orders",
  ]);
  // Of AWS itself: listed in this account.
  deepStrictEqual(
    await edgesOf({ ...role, deletedFirst: () => undefined }, {
      Role: "arn:aws:iam::aws:role/x",
    }),
    ["default 111111111111//aws_role/arn:aws:iam::aws:role/x > self"],
  );
});

Deno.test("writeEdges() takes a value that is no ARN for one of its region", async () => {
  deepStrictEqual(await edgesOf(queue, { Queue: "orders" }), [
    "default self > 111111111111/eu-west-1/aws_queue/orders",
  ]);
  // What belongs to no region cannot tell by a name which one it means.
  deepStrictEqual(
    await edgesOf(queue, { Queue: "orders" }, { region: "" }),
    [],
  );
});

Deno.test("writeEdges() draws several for a value that names several", async () => {
  const read = (value: string) => value.split(",");
  deepStrictEqual(await edgesOf({ ...queue, read }, { Queue: "a,b," }), [
    "default self > 111111111111/eu-west-1/aws_queue/a",
    "default self > 111111111111/eu-west-1/aws_queue/b",
  ]);
});

Deno.test("writeEdges() draws none to an id that means none", async () => {
  const except = ["none"];
  deepStrictEqual(await edgesOf({ ...queue, except }, { Queue: "none" }), []);
  deepStrictEqual(await edgesOf(queue, { Queue: "" }), []);
  deepStrictEqual(await edgesOf(queue, {}), []);
});

Deno.test("writeEdges() knows by its tags which stack made a resource", async () => {
  const stack = "arn:aws:cloudformation:us-east-1:111111111111:stack/s/1";
  const tags = { "aws:cloudformation:stack-id": stack };
  deepStrictEqual(await edgesOf(undefined, {}, {}, tags), [
    `default 111111111111/us-east-1/aws_cloudformation_stack/${stack} > self ` +
    '{"goes_along":"to"}',
  ]);
  deepStrictEqual(
    await edgesOf(undefined, {}, { kinds: new Set() }, tags),
    [],
  );
});

Deno.test("writeEdges() says which end goes along with the other", async () => {
  const name = "111111111111/eu-west-1/aws_queue/q";
  const of = (edge: Partial<EdgeDeclaration>) =>
    edgesOf({ ...queue, ...edge } as EdgeDeclaration, { Queue: "q" });
  deepStrictEqual(await of({ goesAlong: "other", deletedFirst: "self" }), [
    `default self > ${name} {"goes_along":"to"}`,
    `delete ${name} > self`,
  ]);
  deepStrictEqual(
    await of({ goesAlong: ({ Queue }) => Queue === "q" ? "self" : undefined }),
    [`default self > ${name} {"goes_along":"from"}`],
  );
  deepStrictEqual(await of({ goesAlong: () => undefined }), [
    `default self > ${name}`,
  ]);
  deepStrictEqual(
    await edgesOf(
      { predecessor: "aws_queue", id: "Queue", goesAlong: "other" },
      { Queue: "q" },
    ),
    [`default ${name} > self {"goes_along":"from"}`],
  );
});

Deno.test("writeEdges() makes an id of several values of an item", async () => {
  const edge: EdgeDeclaration = {
    successor: "aws_queue",
    id: {
      of: ["Cluster", "Name"],
      read: (cluster, name) => `${cluster}/${name}`,
    },
  };
  deepStrictEqual(await edgesOf(edge, { Cluster: "a", Name: "b" }), [
    "default self > 111111111111/eu-west-1/aws_queue/a/b",
  ]);
  deepStrictEqual(await edgesOf(edge, { Name: "b" }), []);
});

Deno.test("writeEdges() has those searched for that may lie anywhere", async () => {
  const edge: EdgeDeclaration = {
    successor: "aws_bucket",
    id: "Host",
    read: (host) => host.split(".s3.")[0],
    deletedFirst: "self",
    anywhere: true,
  };
  const search = 'is(aws_bucket) and /reported.id = "files"';
  deepStrictEqual(await edgesOf(edge, { Host: "files.s3.aws" }), [
    `later default self > ${search}`,
    `later delete ${search} > self`,
  ]);
  deepStrictEqual(await edgesOf(edge, { Host: 'a" or "b.s3.aws' }), []);
});
