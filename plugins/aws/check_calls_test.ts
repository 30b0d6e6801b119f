import { deepStrictEqual } from "node:assert/strict";
import { callFaults } from "./check_calls.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import { dictionary, integer, tags, text, texts } from "./property.ts";
import { RESOURCES } from "./resources/mod.ts";

for (const resource of RESOURCES) {
  Deno.test(`callFaults() finds none in ${resource.kind}`, async () => {
    deepStrictEqual(await callFaults(resource), []);
  });
}

const attributes: ResourceDeclaration = {
  kind: "aws_attributes",
  description: "Its attributes are texts in a map",
  list: {
    service: "sns",
    operation: "ListTopics",
    result: "Topics[*]",
    pages: { input: "NextToken", output: "NextToken" },
  },
  details: [
    {
      as: "$attributes",
      of: "TopicArn",
      service: "sns",
      operation: "GetTopicAttributes",
      askFor: ([arn = ""]) => ({ TopicArn: arn }),
    },
    {
      as: "$tags",
      of: "$attributes.Attributes.TopicArn",
      service: "sns",
      operation: "ListTagsForResource",
      askFor: ([arn = ""]) => ({ ResourceArn: arn }),
    },
  ],
  id: "TopicArn",
  properties: {
    subscriptions: integer("$attributes.Attributes.SubscriptionsConfirmed"),
    attributes: dictionary("$attributes.Attributes"),
    tags: tags("$tags.Tags"),
  },
};

Deno.test("callFaults() knows maps, and details of details", async () => {
  deepStrictEqual(await callFaults(attributes), []);
});

Deno.test("callFaults() tells of a detail of one that comes later", async () => {
  const details = [...attributes.details ?? []].reverse();
  deepStrictEqual(await callFaults({ ...attributes, details }), [
    'aws_attributes: detail "$tags": an item has no $attributes.Attributes.TopicArn',
  ]);
});

const wrong: ResourceDeclaration = {
  kind: "aws_wrong",
  description: "Everything is wrong with it",
  list: {
    service: "ec2",
    operation: "DescribeVolumes",
    input: { Owner: "self" },
    result: "Volumes[*]",
  },
  id: "Identity",
  properties: {
    size: text("Siez"),
    name: integer("VolumeId"),
    devices: texts("Attachments[*].Device"),
    color: text("Tags[Color]"),
  },
  edges: [{ predecessor: "aws_wrong", id: "Attachments[*].Host" }],
};

Deno.test("callFaults() tells what the SDK does not know", async () => {
  deepStrictEqual(await callFaults(wrong), [
    "aws_wrong: DescribeVolumes takes no Owner",
    "aws_wrong: DescribeVolumes has pages, which are not followed",
    'aws_wrong: property "size": AWS has no Siez',
    'aws_wrong: property "name" is int64, but VolumeId is text',
    "aws_wrong: AWS has no Identity",
    "aws_wrong: AWS has no Attachments[*].Host",
  ]);
});

const badlyChanged: ResourceDeclaration = {
  kind: "aws_wrong",
  description: "It cannot be changed like that",
  list: {
    service: "ec2",
    operation: "DescribeVolumes",
    result: "Volumes[*]",
    pages: { input: "NextToken", output: "Next", also: { Size: "Volumes" } },
    count: "Count",
  },
  one: ({ id }) => ({ VolumeIdentities: [id] }),
  id: "VolumeId",
  properties: {},
  remove: {
    calls: [
      {
        service: "ec2",
        operation: "DetachVolume",
        input: (item) =>
          (item["Attachments"] as { Device: string }[])
            .map(({ Device }) => ({ Disk: Device })),
      },
      {
        service: "ec2",
        operation: "DeleteVolume",
        // Only what has a flag is deleted: both samples are looked at.
        input: ({ Encrypted }) => Encrypted ? undefined : { Id: "x" },
      },
    ],
    gone: ["InvalidVolume.NotFound"],
  },
  detach: [{
    service: "ec2",
    operation: "ModifyVolume",
    input: (_item, { region }) => ({ Region: region }),
  }],
  tagging: {
    set: {
      service: "ec2",
      operation: "CreateTags",
      input: ({ id }, tags) => ({
        Resources: [id],
        Tags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
      }),
    },
    unset: {
      service: "ec2",
      operation: "DeleteTags",
      input: ({ id }, keys) => ({ Resources: [id], Keys: [...keys] }),
    },
  },
};

Deno.test("callFaults() tells what calls that change things are not given", async () => {
  deepStrictEqual(await callFaults(badlyChanged), [
    "aws_wrong: DescribeVolumes gives no Count",
    "aws_wrong: DescribeVolumes takes no Size",
    "aws_wrong: DescribeVolumes gives no Next",
    "aws_wrong: DetachVolume takes no Disk",
    "aws_wrong: DeleteVolume takes no Id",
    "aws_wrong: ModifyVolume takes no Region",
    "aws_wrong: DescribeVolumes takes no VolumeIdentities",
    "aws_wrong: CreateTags takes no Tags.Name",
    "aws_wrong: DeleteTags takes no Keys",
  ]);
});
