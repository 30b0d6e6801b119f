import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Item, ResourceDeclaration } from "../../declaration.ts";
import { ELASTIC_IP } from "./elastic_ip.ts";
import { HOST } from "./host.ts";
import { INSTANCE } from "./instance.ts";
import { NAT_GATEWAY } from "./nat_gateway.ts";
import { NETWORK_ACL } from "./network_acl.ts";
import { NETWORK_INTERFACE } from "./network_interface.ts";
import { ROUTE_TABLE } from "./route_table.ts";
import { SECURITY_GROUP } from "./security_group.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { VOLUME } from "./volume.ts";
import { VPC } from "./vpc.ts";
import { VPC_ENDPOINT } from "./vpc_endpoint.ts";
import { VPC_PEERING_CONNECTION } from "./vpc_peering_connection.ts";

/** Which of the two must be deleted first, by the kind of the other. */
function firstOf(
  { edges = [] }: ResourceDeclaration,
  item: Item,
): Record<string, string | undefined> {
  return Object.fromEntries(edges.map((edge) => [
    "predecessor" in edge ? edge.predecessor : edge.successor,
    typeof edge.deletedFirst === "function"
      ? edge.deletedFirst(item)
      : edge.deletedFirst,
  ]));
}

const MAIN = { Associations: [{ Main: true }] };
const OWN_INTERFACE = { InterfaceType: "interface" };
const OF_INSTANCE = {
  ...OWN_INTERFACE,
  Attachment: { DeleteOnTermination: true },
};
const OF_SERVICE = { InterfaceType: "nat_gateway", RequesterId: "amazon-nat" };

const ORDERS: readonly [
  string,
  ResourceDeclaration,
  Item,
  Record<string, string | undefined>,
][] = [
  ["a group", SECURITY_GROUP, { GroupName: "web" }, { aws_vpc: "self" }],
  ["the default group", SECURITY_GROUP, { GroupName: "default" }, {
    aws_vpc: "other",
  }],
  ["an ACL", NETWORK_ACL, { IsDefault: false }, {
    aws_vpc: "self",
    aws_ec2_subnet: "other",
  }],
  ["the default ACL", NETWORK_ACL, { IsDefault: true }, {
    aws_vpc: "other",
    aws_ec2_subnet: undefined,
  }],
  ["a route table", ROUTE_TABLE, {}, {
    aws_vpc: "self",
    aws_ec2_subnet: "other",
  }],
  ["the main route table", ROUTE_TABLE, MAIN, {
    aws_vpc: "other",
    aws_ec2_subnet: undefined,
  }],
  ["an interface", NETWORK_INTERFACE, OWN_INTERFACE, {
    aws_vpc: "self",
    aws_ec2_subnet: "self",
    aws_ec2_security_group: "self",
  }],
  ["the interface of an instance", NETWORK_INTERFACE, OF_INSTANCE, {
    aws_vpc: undefined,
    aws_ec2_subnet: undefined,
    aws_ec2_security_group: undefined,
    aws_ec2_instance: "other",
  }],
  ["the interface of a service", NETWORK_INTERFACE, OF_SERVICE, {
    aws_vpc: "other",
    aws_ec2_subnet: undefined,
    aws_ec2_security_group: undefined,
  }],
  ["an address", ELASTIC_IP, { $interface: OWN_INTERFACE }, {
    aws_ec2_instance: "other",
    aws_ec2_network_interface: "other",
  }],
  ["the address of a gateway", ELASTIC_IP, { $interface: OF_SERVICE }, {
    aws_ec2_network_interface: undefined,
  }],
  ["an instance", INSTANCE, { State: { Name: "running" } }, {
    aws_vpc: "self",
    aws_ec2_keypair: "self",
    aws_ec2_security_group: "self",
  }],
  ["an ended instance", INSTANCE, { State: { Name: "terminated" } }, {
    aws_vpc: undefined,
    aws_ec2_keypair: undefined,
    aws_ec2_security_group: undefined,
  }],
  ["a gateway", NAT_GATEWAY, { State: "available" }, {
    aws_vpc: "self",
    aws_ec2_network_interface: "self",
  }],
  ["an ended gateway", NAT_GATEWAY, { State: "deleted" }, {
    aws_vpc: undefined,
    aws_ec2_network_interface: undefined,
  }],
  ["an ended endpoint", VPC_ENDPOINT, { State: "deleted" }, {
    aws_vpc: undefined,
    aws_ec2_subnet: undefined,
  }],
  ["an ended peering", VPC_PEERING_CONNECTION, {
    Status: { Code: "rejected" },
  }, { aws_vpc: undefined }],
  ["a host", HOST, { State: "available" }, { aws_ec2_instance: "other" }],
  ["a released host", HOST, { State: "released" }, {
    aws_ec2_instance: undefined,
  }],
];

for (const [what, declared, item, expected] of ORDERS) {
  Deno.test(`${what} has its place in the order of deletion`, () => {
    const found = firstOf(declared, item);
    deepStrictEqual({ ...found, ...expected }, found);
  });
}

const REFUSED: readonly [ResourceDeclaration, bad: Item, good: Item, RegExp][] =
  [
    [VPC, { IsDefault: true }, { IsDefault: false }, /default VPC/],
    [
      SECURITY_GROUP,
      { GroupName: "default" },
      { GroupName: "web" },
      /goes with it/,
    ],
    [NETWORK_ACL, { IsDefault: true }, { IsDefault: false }, /goes with it/],
    [ROUTE_TABLE, MAIN, { Associations: [{ Main: false }] }, /goes with it/],
    [NETWORK_INTERFACE, OF_SERVICE, OF_INSTANCE, /^amazon-nat of AWS/],
    [ELASTIC_IP, { ServiceManaged: "alb" }, {}, /^alb of AWS manages it/],
    [VPC_ENDPOINT, { RequesterManaged: true }, {}, /manages it/],
    [
      SNAPSHOT,
      { Tags: [{ Key: "aws:backup:source-resource", Value: "v" }] },
      { Tags: [] },
      /AWS Backup/,
    ],
  ];

for (const [{ kind, remove }, bad, good, reason] of REFUSED) {
  Deno.test(`${kind} is not deleted where AWS or its owner has it`, () => {
    strictEqual(reason.test(remove?.refuse?.(bad) ?? ""), true);
    strictEqual(remove?.refuse?.(good), undefined);
  });
}

Deno.test("a peering leads to VPCs of other regions and accounts", () => {
  const [requester] = VPC_PEERING_CONNECTION.edges ?? [];
  const id = requester?.id;
  if (typeof id !== "object") throw new TypeError("The id has no parts");
  const arn = id.read("vpc-1", "222222222222", "eu-west-1", "aws");
  strictEqual(arn, "arn:aws:ec2:eu-west-1:222222222222:vpc/vpc-1");
  strictEqual(requester?.read?.(arn ?? ""), "vpc-1");
});

Deno.test("a volume goes along with an instance that says so", () => {
  const along = (item: Item) =>
    VOLUME.edges?.flatMap(({ goesAlong }) =>
      typeof goesAlong === "function" ? goesAlong(item) ?? [] : []
    );
  const attached = (...values: boolean[]) => ({
    Attachments: values.map((value) => ({ DeleteOnTermination: value })),
  });
  deepStrictEqual(along(attached(true)), ["self"]);
  deepStrictEqual(along(attached(false, true)), ["self"]);
  deepStrictEqual(along(attached(false)), []);
  deepStrictEqual(along({}), []);
});
