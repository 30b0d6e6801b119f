import type { Estate, Facts } from "./moto_server.ts";

/** A resource: account, region, kind and id, joined by spaces. */
export type Key = string;

/** An edge: type, key it starts at, key it ends at, joined by ` > `. */
export type EdgeText = string;

/** Names a resource. */
export function keyOf(
  account: string,
  region: string,
  kind: string,
  id: string,
): Key {
  return `${account} ${region} ${kind} ${id}`;
}

/** Every resource that boto3 listed, sorted. */
export function estateKeys(estate: Estate): Key[] {
  return Object.entries(estate).flatMap(([account, regions]) =>
    Object.entries(regions).flatMap(([region, kinds]) =>
      Object.entries(kinds).flatMap(([kind, found]) =>
        Object.keys(found).map((id) => keyOf(account, region, kind, id))
      )
    )
  ).sort();
}

/** Who must be deleted first. */
type First = "self" | "other" | undefined;

/** `[fact, kind of the other end, direction, who must be deleted first]`. */
type Rule = readonly [
  fact: string,
  kind: string,
  direction: "from" | "to",
  first?: First | ((facts: Facts) => First),
];

/** What is terminated stands in nobody's way. */
const unlessTerminated = ({ state }: Facts): First =>
  state === "terminated" ? undefined : "self";

/** The default group goes with its VPC. */
const unlessDefault = ({ name }: Facts): First =>
  name === "default" ? "other" : "self";

/** The edges that each kind has, as the design lists them. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  aws_ec2_instance: [
    ["type", "aws_ec2_instance_type", "from"],
    ["image", "aws_ec2_image", "from"],
    ["vpc", "aws_vpc", "from", unlessTerminated],
    ["subnet", "aws_ec2_subnet", "from", unlessTerminated],
    ["groups", "aws_ec2_security_group", "from", unlessTerminated],
    ["key", "aws_ec2_keypair", "to", "self"],
  ],
  aws_ec2_volume: [
    ["type", "aws_ec2_volume_type", "from"],
    ["instances", "aws_ec2_instance", "from", "other"],
  ],
  aws_ec2_snapshot: [["volume", "aws_ec2_volume", "from"]],
  aws_ec2_elastic_ip: [
    ["instance", "aws_ec2_instance", "from", "other"],
    ["interface", "aws_ec2_network_interface", "from", "other"],
  ],
  aws_ec2_network_interface: [
    ["vpc", "aws_vpc", "from", "self"],
    ["subnet", "aws_ec2_subnet", "from", "self"],
    ["instance", "aws_ec2_instance", "from", "other"],
    ["groups", "aws_ec2_security_group", "from", "self"],
  ],
  aws_ec2_subnet: [["vpc", "aws_vpc", "from", "self"]],
  aws_ec2_security_group: [
    ["vpc", "aws_vpc", "from", unlessDefault],
    ["names", "aws_ec2_security_group", "to", "self"],
  ],
  aws_ec2_image: [["snapshots", "aws_ec2_snapshot", "to", "self"]],
};

function edgesOf(
  self: Key,
  facts: Facts,
  rules: readonly Rule[],
  other: (kind: string, id: string) => Key,
): EdgeText[] {
  return rules.flatMap(([fact, kind, direction, rule]) => {
    const first = typeof rule === "function" ? rule(facts) : rule;
    const ids = [facts[fact] ?? []].flat() as string[];
    return ids.flatMap((id) => {
      const end = other(kind, id);
      const [from, to] = direction === "from" ? [end, self] : [self, end];
      const [last, before] = first === "self" ? [end, self] : [self, end];
      return [
        `default > ${from} > ${to}`,
        ...(first === undefined ? [] : [`delete > ${last} > ${before}`]),
      ];
    });
  });
}

/** Every edge between listed resources that follows from the facts, sorted. */
export function estateEdges(estate: Estate): EdgeText[] {
  const keys = new Set(estateKeys(estate));
  const edges = Object.entries(estate).flatMap(([account, regions]) =>
    Object.entries(regions).flatMap(([region, kinds]) =>
      Object.entries(kinds).flatMap(([kind, found]) =>
        Object.entries(found).flatMap(([id, facts]) =>
          edgesOf(
            keyOf(account, region, kind, id),
            facts,
            RULES[kind] ?? [],
            (otherKind, otherId) => keyOf(account, region, otherKind, otherId),
          )
        )
      )
    )
  );
  // An edge needs both ends: a snapshot may outlive its volume.
  const whole = edges.filter((edge) => {
    const [, from = "", to = ""] = edge.split(" > ");
    return keys.has(from) && keys.has(to);
  });
  return [...new Set(whole)].sort();
}
