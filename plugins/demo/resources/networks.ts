import type { Listed } from "../listing.ts";
import { contains, type Place } from "../place.ts";

/** The network with this number. */
export function network(place: Place, index: number) {
  return { kind: "demo_network", id: place.id("net", index) };
}

/** The subnet with this number; three make up a network. */
export function subnet(place: Place, index: number) {
  return { kind: "demo_subnet", id: place.id("subnet", index) };
}

/** The security group with this number; four belong to a network. */
export function securityGroup(place: Place, index: number) {
  return { kind: "demo_security_group", id: place.id("sg", index) };
}

/** Number of the network that a subnet is a part of. */
export function networkOfSubnet(index: number): number {
  return Math.floor(index / 3);
}

/** Lists networks. */
export function* listNetworks(place: Place): Generator<Listed> {
  for (let index = 0; index < place.plan.networks; index++) {
    yield {
      node: {
        id: network(place, index).id,
        reported: {
          name: `${place.environment}-${index + 1}`,
          ctime: place.ctime(100, index),
          tags: place.tags(100, index),
          cidr_blocks: [`10.${index % 256}.0.0/16`],
        },
      },
    };
  }
}

/** Lists subnets. */
export function* listSubnets(place: Place): Generator<Listed> {
  for (let index = 0; index < place.plan.subnets; index++) {
    const self = subnet(place, index);
    const parent = networkOfSubnet(index);
    yield {
      node: {
        id: self.id,
        zone: place.zone(index),
        reported: {
          name: `${place.environment}-${parent + 1}-${"abc"[index % 3]}`,
          ctime: place.ctime(100, parent),
          tags: place.tags(101, index),
          cidr_block: `10.${parent % 256}.${(index % 3) * 64}.0/18`,
          available_ips: 16_000 - place.number(4_000, 102, index),
        },
      },
      edges: contains(network(place, parent), self),
    };
  }
}

const GROUPS = [
  { name: "default", port: 0, cidr: "10.0.0.0/8" },
  { name: "web", port: 443, cidr: "0.0.0.0/0" },
  { name: "ssh", port: 22, cidr: "192.0.2.0/24" },
  { name: "database", port: 5432, cidr: "10.0.0.0/8" },
] as const;

/** Lists security groups. */
export function* listSecurityGroups(place: Place): Generator<Listed> {
  for (let index = 0; index < place.plan.securityGroups; index++) {
    const self = securityGroup(place, index);
    const parent = Math.floor(index / GROUPS.length);
    const { name, port, cidr } = GROUPS[index % GROUPS.length] ?? GROUPS[0];
    // Somebody opened ssh to the world, somewhere.
    const open = name === "ssh" && place.fraction(103, index) < 0.2;
    yield {
      node: {
        id: self.id,
        reported: {
          name: `${name}-${parent + 1}`,
          description: `Rules for ${name}`,
          ctime: place.ctime(100, parent),
          tags: place.tags(104, index),
          rules: [{
            protocol: "tcp",
            from_port: port,
            to_port: port === 0 ? 65_535 : port,
            cidr: open ? "0.0.0.0/0" : cidr,
          }],
        },
      },
      edges: contains(network(place, parent), self),
    };
  }
}
