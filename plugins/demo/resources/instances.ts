import type { FoundEdge } from "@skymap/lib/plugin";
import type { Listed } from "../listing.ts";
import { contains, type Place, uses } from "../place.ts";
import { network, networkOfSubnet, securityGroup, subnet } from "./networks.ts";

const TYPES = [
  { name: "d1.small", cores: 1, memory: 2 },
  { name: "d1.medium", cores: 2, memory: 4 },
  { name: "d1.large", cores: 4, memory: 16 },
  { name: "d2.xlarge", cores: 8, memory: 64 },
] as const;
const IMAGES = ["debian-13", "ubuntu-26.04", "alpine-3.24"];

/** What is true of an instance at the hour of its place. */
export interface InstanceState {
  /** The provider's id. */
  readonly id: string;
  /** Hour it was made at, when it comes and goes. */
  readonly since: number | undefined;
  /** `running` or `stopped`. */
  readonly status: "running" | "stopped";
}

/** Hours that an instance of an autoscaler lives, and is away. */
const LIFE = 9;

/**
 * The instance with this number now, or undefined when there is none: one in 25
 * belongs to an autoscaler and comes and goes.
 */
export function instanceState(
  place: Place,
  index: number,
): InstanceState | undefined {
  const { tick } = place.config;
  const scaled = place.fraction(200, index) < 0.04;
  if (!scaled) {
    // One in ten sleeps at night; of the others, one in fifty is off for a day.
    const sleeps = place.fraction(201, index) < 0.1;
    const isNight = (tick + 2) % 24 < 8;
    const day = Math.floor((tick + place.number(24, 202, index)) / 24);
    const off = sleeps ? isNight : place.fraction(203, index, day) < 0.02;
    return {
      id: place.id("i", index),
      since: undefined,
      status: off ? "stopped" : "running",
    };
  }
  const shifted = tick + place.number(2 * LIFE, 204, index);
  const life = Math.floor(shifted / LIFE);
  if (life % 2 === 1) return;
  const since = tick - shifted % LIFE;
  return { id: place.id("i", index, life), since, status: "running" };
}

/** The instance with this number, as the end of an edge. */
export function instanceRef(state: InstanceState) {
  return { kind: "demo_instance", id: state.id };
}

/** Number of the subnet that an instance is in. */
function subnetOf(place: Place, index: number): number {
  return place.number(place.plan.subnets, 205, index);
}

function privateIp(place: Place, index: number): string {
  const parent = networkOfSubnet(subnetOf(place, index)) % 256;
  return `10.${parent}.${Math.floor(index / 250) % 256}.${index % 250 + 4}`;
}

/** Lists instances. */
export function* listInstances(place: Place): Generator<Listed> {
  for (let index = 0; index < place.plan.instances; index++) {
    const state = instanceState(place, index);
    if (state === undefined) continue;
    const self = instanceRef(state);
    const { name, cores, memory } = place.pick(TYPES, 206, index);
    const inSubnet = subnetOf(place, index);
    yield {
      node: {
        id: state.id,
        zone: place.zone(inSubnet),
        reported: {
          name: place.name(index),
          ctime: state.since === undefined
            ? place.ctime(200, index)
            : place.time(state.since),
          tags: place.tags(200, index),
          instance_type: name,
          instance_cores: cores,
          instance_memory: memory,
          instance_status: state.status,
          image: place.pick(IMAGES, 207, index),
          private_ip: privateIp(place, index),
        },
      },
      edges: [
        ...contains(network(place, networkOfSubnet(inSubnet)), self),
        ...contains(subnet(place, inSubnet), self),
      ],
    };
  }
}

/** The network card of an instance, as the end of an edge. */
export function interfaceRef(
  place: Place,
  index: number,
  state: InstanceState,
) {
  return {
    kind: "demo_network_interface",
    id: place.id("nic", index, state.since ?? 0),
  };
}

/** Lists network interfaces: each instance has one. */
export function* listInterfaces(place: Place): Generator<Listed> {
  for (let index = 0; index < place.plan.instances; index++) {
    const state = instanceState(place, index);
    if (state === undefined) continue;
    const self = interfaceRef(place, index, state);
    const inSubnet = subnetOf(place, index);
    const parent = networkOfSubnet(inSubnet);
    const group = securityGroup(
      place,
      parent * 4 + place.number(4, 208, index),
    );
    const edges: FoundEdge[] = [
      ...contains(network(place, parent), self),
      { from: subnet(place, inSubnet), to: self },
      { from: group, to: self },
      ...uses(instanceRef(state), self),
    ];
    const mac = place.number(0xffffff, 209, index).toString(16).padStart(
      6,
      "0",
    );
    yield {
      node: {
        id: self.id,
        zone: place.zone(inSubnet),
        reported: {
          name: `${place.name(index)}-eth0`,
          tags: {},
          mac: `02:00:00:${mac.match(/../g)?.join(":")}`,
          network_interface_status: "in-use",
          private_ips: [privateIp(place, index)],
          public_ips: [],
        },
      },
      edges,
    };
  }
}

/** Lists public addresses; some are paid for and used by nobody. */
export function* listAddresses(place: Place): Generator<Listed> {
  for (let index = 0; index < place.plan.addresses; index++) {
    const owner = place.number(place.plan.instances, 210, index);
    const state = place.fraction(211, index) < 0.1
      ? undefined
      : instanceState(place, owner);
    const self = { kind: "demo_ip_address", id: place.id("ip", index) };
    yield {
      node: {
        id: self.id,
        reported: {
          name: `ip-${index + 1}`,
          ctime: place.ctime(210, index),
          tags: place.tags(210, index),
          ip_address: `198.51.${Math.floor(index / 250) % 256}.${
            index % 250 + 1
          }`,
          ip_address_family: "ipv4",
        },
      },
      edges: state === undefined ? [] : [
        ...uses(instanceRef(state), self),
        ...uses(interfaceRef(place, owner, state), self),
      ],
    };
  }
}
