import { deepStrictEqual, rejects } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/plugin";
import { AwsCallError } from "./aws_error.ts";
import type { AwsClient } from "./client.ts";
import type { Listing, ReadCall } from "./declaration.ts";
import { listItems } from "./list_items.ts";
import { RegionFindings } from "./region_findings.ts";

const LIST: ReadCall = {
  service: "s3",
  operation: "ListBuckets",
  result: "Buckets[*]",
};

/** Pages by what is asked for, or the code of an error. */
type Answers = (asked: JsonObject) => readonly unknown[][] | string;

/** A client that answers itself, and keeps what it was asked. */
function fakeClient(answers: Answers) {
  const asked: JsonObject[] = [];
  async function* pages(_region: string, _call: unknown, input: JsonObject) {
    asked.push(input);
    const answer = await Promise.resolve(answers(input));
    if (typeof answer === "string") {
      throw new AwsCallError({
        code: answer,
        message: "no",
        permission: "s3:ListAllMyBuckets",
        region: "us-east-1",
      });
    }
    yield* answer;
  }
  return { client: { pages } as unknown as AwsClient, asked };
}

async function list(
  listing: Listing,
  answers: Answers,
  values: readonly string[] = [],
): Promise<{ items: unknown[]; asked: JsonObject[] }> {
  const { client, asked } = fakeClient(answers);
  const findings = new RegionFindings([{ kind: "aws_user", path: "Name" }]);
  for (const Name of values) findings.add("aws_user", { Name });
  findings.settle("aws_user");
  const pages = listItems(client, "eu-west-1", listing, findings);
  return { items: (await Array.fromAsync(pages)).flat(), asked };
}

Deno.test("listItems() asks what goes by the region", async () => {
  const { items, asked } = await list(
    {
      ...LIST,
      input: { MaxBuckets: 2 },
      inputs: (region) => [{ BucketRegion: region }],
    },
    () => [[{ Name: "a" }], [{ Name: "b" }]],
  );
  deepStrictEqual(items, [{ Name: "a" }, { Name: "b" }]);
  deepStrictEqual(asked, [{ MaxBuckets: 2, BucketRegion: "eu-west-1" }]);
});

Deno.test("listItems() makes several listings, of which some have nothing", async () => {
  const { items, asked } = await list(
    {
      ...LIST,
      inputs: () => [{ Code: "ec2" }, { Code: "iam" }, { Code: "vpc" }],
      none: ["NoSuchResourceException"],
    },
    ({ Code }) => Code === "iam" ? "NoSuchResourceException" : [[{ Code }]],
  );
  deepStrictEqual(items, [{ Code: "ec2" }, { Code: "vpc" }]);
  deepStrictEqual(asked.length, 3);
});

Deno.test("listItems() fails for what does not say that there is nothing", async () => {
  await rejects(
    list({ ...LIST, none: ["NoSuchThing"] }, () => "AccessDenied"),
    { code: "AccessDenied" },
  );
});

Deno.test("listItems() leaves out what is not of the kind or the region", async () => {
  const { items } = await list(
    { ...LIST, where: ({ Region }, region) => Region === region },
    () => [[{ Region: "eu-west-1" }, { Region: "us-east-1" }]],
  );
  deepStrictEqual(items, [{ Region: "eu-west-1" }]);
});

Deno.test("listItems() makes items of values", async () => {
  const { items } = await list(
    { ...LIST, wrap: "Name" },
    () => [["a", "b"]],
  );
  deepStrictEqual(items, [{ Name: "a" }, { Name: "b" }]);
});

Deno.test("listItems() lists for each value, and keeps it, in order", async () => {
  const names = Array.from({ length: 45 }, (_, at) => `u${100 + at}`);
  const { items, asked } = await list(
    {
      ...LIST,
      each: {
        kind: "aws_user",
        path: "Name",
        batch: 1,
        input: ([UserName = ""]) => ({ UserName }),
        as: "$user",
      },
    },
    ({ UserName }) => [[{ Key: `k-${UserName}` }], [{ Key: "second page" }]],
    names,
  );
  deepStrictEqual(
    items,
    names.flatMap((name) => [
      { Key: `k-${name}`, $user: name },
      { Key: "second page", $user: name },
    ]),
  );
  deepStrictEqual(asked.length, names.length);
});

Deno.test("listItems() lists for batches of values", async () => {
  const { asked } = await list(
    {
      ...LIST,
      each: {
        kind: "aws_user",
        path: "Name",
        batch: 2,
        input: (names) => ({ Names: [...names] }),
      },
    },
    () => [[]],
    ["a", "b", "c"],
  );
  deepStrictEqual(asked, [{ Names: ["a", "b"] }, { Names: ["c"] }]);
});
