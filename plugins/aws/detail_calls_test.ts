import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { AwsClient } from "./client.ts";
import type { DetailCall } from "./declaration.ts";
import type { Item } from "./declaration.ts";
import { DeniedDetails } from "./denied_details.ts";
import { detailCalls } from "./detail_calls.ts";
import { type FakeAnswer, FakeEc2, refusal, xml } from "./fake_ec2.ts";

const TYPES: DetailCall = {
  as: "$type",
  of: "InstanceType",
  batch: 2,
  service: "ec2",
  operation: "DescribeInstanceTypes",
  askFor: (values) => ({
    Filters: [{ Name: "instance-type", Values: values }],
  }),
  result: "InstanceTypes[*]",
  match: "InstanceType",
};

const USER_DATA: DetailCall = {
  as: "$userData",
  of: "InstanceId",
  service: "ec2",
  operation: "DescribeInstanceAttribute",
  askFor: ([id = ""]) => ({ InstanceId: id, Attribute: "userData" }),
  none: ["InvalidInstanceID.NotFound"],
};

/** Adds details to pages of items, as a made-up EC2 tells them. */
async function add(
  call: DetailCall,
  pages: readonly (readonly Item[])[],
  answer: FakeAnswer,
  isMissed?: (what: string) => boolean,
): Promise<{ items: Item[]; asked: number; missed: string[] }> {
  await using server = new FakeEc2(answer);
  using client = new AwsClient({
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    endpoint: server.endpoint,
    signal: new AbortController().signal,
    maxAttempts: 1,
  });
  const missed: string[] = [];
  const addDetails = detailCalls(
    client,
    "us-east-1",
    [call],
    { missed: (what, { code }) => missed.push(`${what}: ${code}`), isMissed },
  );
  const items: Item[] = [];
  for (const page of pages) items.push(...await addDetails(page));
  return { items, asked: server.requests.length, missed };
}

/** Knows every type but `old`. */
const types: FakeAnswer = (request) =>
  xml(
    "DescribeInstanceTypes",
    `<instanceTypeSet>${
      [request["Filter.1.Value.1"], request["Filter.1.Value.2"]]
        .filter((name) => name !== undefined && name !== "old")
        .map((name) =>
          `<item><instanceType>${name}</instanceType><hypervisor>${name}!</hypervisor></item>`
        ).join("")
    }</instanceTypeSet>`,
  );

Deno.test("detailCalls() asks for each value once, in batches", async () => {
  const item = (type: string) => ({ InstanceType: type });
  const { items, asked } = await add(
    TYPES,
    [[item("a"), item("b"), item("a"), item("old")], [item("old"), item("b")]],
    types,
  );
  deepStrictEqual(
    items.map((each) =>
      (each["$type"] as { Hypervisor: string } | undefined)?.Hypervisor
    ),
    ["a!", "b!", "a!", undefined, undefined, "b!"],
  );
  deepStrictEqual(asked, 2);
});

Deno.test("detailCalls() asks one by one when one of a batch is gone", async () => {
  const item = (type: string) => ({ InstanceType: type });
  const { items, asked } = await add(
    { ...TYPES, batch: 3, none: ["InvalidInstanceType"] },
    [[item("a"), item("gone"), item("b")]],
    (request) =>
      [1, 2, 3].some((at) => request[`Filter.1.Value.${at}`] === "gone")
        ? refusal(400, "InvalidInstanceType", "No")
        : types(request),
  );
  deepStrictEqual(
    items.map((each) =>
      (each["$type"] as { Hypervisor: string } | undefined)?.Hypervisor
    ),
    ["a!", undefined, "b!"],
  );
  strictEqual(asked, 4);
});

Deno.test("detailCalls() asks nothing for items without the value", async () => {
  const { items, asked } = await add(TYPES, [[{ Id: 1 }]], types);
  deepStrictEqual([items, asked], [[{ Id: 1 }], 0]);
});

Deno.test("detailCalls() takes a named code for none", async () => {
  const { items } = await add(
    USER_DATA,
    [[{ InstanceId: "i-1" }, { InstanceId: "i-2" }]],
    (request) =>
      request["InstanceId"] === "i-1"
        ? refusal(400, "InvalidInstanceID.NotFound", "gone")
        : xml(
          "DescribeInstanceAttribute",
          "<instanceId>i-2</instanceId><userData><value>eA==</value></userData>",
        ),
  );
  deepStrictEqual(items.map((each) => "$userData" in each), [false, true]);
});

Deno.test("detailCalls() fails with any other code", async () => {
  await rejects(
    add(
      USER_DATA,
      [[{ InstanceId: "i-1" }]],
      () => refusal(403, "UnauthorizedOperation", "no"),
    ),
    {
      code: "UnauthorizedOperation",
      permission: "ec2:DescribeInstanceAttribute",
      message: "Cannot call ec2:DescribeInstanceAttribute in us-east-1: " +
        'UnauthorizedOperation: no (asked for "i-1")',
    },
  );
});

/** Tells two types whatever it is asked for. */
const both: FakeAnswer = () =>
  xml(
    "DescribeInstanceTypes",
    "<instanceTypeSet>" +
      "<item><instanceType>a</instanceType></item>" +
      "<item><instanceType>a</instanceType><hypervisor>xen</hypervisor></item>" +
      "<item><instanceType>b</instanceType></item>" +
      "</instanceTypeSet>",
  );

const ALL: DetailCall = {
  ...TYPES,
  as: "$types",
  of: "Types[*]",
  all: true,
  many: true,
  askFor: () => ({}),
};

Deno.test("detailCalls() asks once for what tells of all, over all pages", async () => {
  const { items, asked } = await add(
    ALL,
    [[{ Types: ["a", "b"] }, { Types: ["b"] }], [{ Types: ["c"] }, {}]],
    both,
  );
  deepStrictEqual(
    items.map((each) =>
      (each["$types"] as { InstanceType: string }[])
        .map(({ InstanceType }) => InstanceType)
    ),
    [["a", "a", "b"], ["b"], [], []],
  );
  deepStrictEqual(asked, 1);
});

Deno.test("detailCalls() asks nobody of all when no item has a value", async () => {
  const { asked } = await add(ALL, [[{ Types: [] }]], both);
  deepStrictEqual(asked, 0);
});

Deno.test("detailCalls() says what is missing, once, and goes on without", async () => {
  const { asked, items, missed } = await add(
    { ...USER_DATA, without: "user data" },
    [[{ InstanceId: "i-1" }], [{ InstanceId: "i-2" }]],
    () => refusal(403, "UnauthorizedOperation", "No"),
  );
  deepStrictEqual(items, [{ InstanceId: "i-1" }, { InstanceId: "i-2" }]);
  deepStrictEqual(missed, ["user data: UnauthorizedOperation"]);
  strictEqual(asked, 1);
});

Deno.test("detailCalls() asks for one first, where a kind can be without all", async () => {
  const items = ["i-1", "i-2", "i-3"].map((InstanceId) => ({ InstanceId }));
  const call = { ...USER_DATA, without: "user data" };
  const refused = () => refusal(403, "UnauthorizedOperation", "No");
  strictEqual((await add(call, [items], refused)).asked, 1);
  const missed = await add(
    call,
    [items],
    refused,
    (what) => what === "user data",
  );
  deepStrictEqual(missed, { items, asked: 0, missed: [] });
});

Deno.test("detailCalls() asks the region that an item says, or none", async () => {
  const { asked, items } = await add(
    { ...TYPES, region: ({ at }) => at === "here" ? "eu-west-1" : undefined },
    [[{ InstanceType: "a", at: "here" }], [{ InstanceType: "b" }]],
    types,
  );
  deepStrictEqual(
    items.map((item) => item["$type"] !== undefined),
    [true, false],
  );
  strictEqual(asked, 1);
});

/** Denies what is asked about some instances. */
function denying(...ids: string[]): FakeAnswer {
  return ({ InstanceId = "" }) =>
    ids.includes(InstanceId)
      ? refusal(403, "UnauthorizedOperation", "No")
      : xml(
        "DescribeInstanceAttribute",
        `<instanceId>${InstanceId}</instanceId>`,
      );
}

/** The ids that details are told of, and why the rest is not. */
async function addDenied(
  ids: readonly string[],
  answer: FakeAnswer,
): Promise<{ ids: unknown[]; asked: number; why: string | undefined }> {
  await using server = new FakeEc2(answer);
  using client = new AwsClient({
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    endpoint: server.endpoint,
    signal: new AbortController().signal,
    maxAttempts: 1,
  });
  const denied = new DeniedDetails();
  const twice = [USER_DATA, { ...USER_DATA, as: "$again" as const }];
  const addDetails = detailCalls(client, "us-east-1", twice, { denied });
  const items = await addDetails(ids.map((InstanceId) => ({ InstanceId })));
  return {
    ids: items.map(({ InstanceId }) => InstanceId),
    asked: server.requests.length,
    why: denied.failure?.message,
  };
}

Deno.test("detailCalls() leaves out items that calls are denied about", async () => {
  const message =
    "Cannot call ec2:DescribeInstanceAttribute in us-east-1: UnauthorizedOperation: No";
  deepStrictEqual(
    await addDenied(["i-1", "i-2", "i-3"], denying("i-2")),
    { ids: ["i-1", "i-3"], asked: 5, why: `${message} (asked for "i-2")` },
  );
  deepStrictEqual(
    (await addDenied(["i-1", "i-2", "i-3"], denying("i-1", "i-3"))).why,
    `${message} (asked for "i-1", and for 1 more)`,
  );
  deepStrictEqual(
    (await addDenied(["i-1"], denying())).why,
    undefined,
  );
});

Deno.test("detailCalls() fails when nothing is allowed at all", async () => {
  const ids = Array.from({ length: 60 }, (_, at) => `i-${at}`);
  await rejects(addDenied(ids, denying(...ids)), {
    code: "UnauthorizedOperation",
  });
});

Deno.test("detailCalls() fails for a denial that nobody takes", async () => {
  await rejects(
    add(USER_DATA, [[{ InstanceId: "i-1" }]], denying("i-1")),
    { code: "UnauthorizedOperation" },
  );
});
