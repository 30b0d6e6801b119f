import type { KindDeclaration, PropertyDeclaration } from "@skymap/lib/plugin";

function kind(
  name: string,
  base: string,
  description: string,
  properties: Record<string, PropertyDeclaration> = {},
): KindDeclaration {
  return { name: `demo_${name}`, bases: [base], description, properties };
}

function text(description: string): PropertyDeclaration {
  return { kind: "string", description };
}

function number(description: string): PropertyDeclaration {
  return { kind: "int64", description };
}

function flag(description: string): PropertyDeclaration {
  return { kind: "boolean", description };
}

/** A rule of a firewall: a value inside of a security group. */
const RULE: KindDeclaration = {
  name: "demo_firewall_rule",
  description: "Who may reach which ports",
  properties: {
    protocol: text("tcp, udp or all"),
    from_port: number("The lowest port"),
    to_port: number("The highest port"),
    cidr: text("Addresses that may come in"),
  },
};

/** What has to go before a resource, by the kind of that. */
const DELETED_AFTER: Readonly<Record<string, readonly string[]>> = {
  demo_bucket: [],
  demo_network: [
    "demo_subnet",
    "demo_security_group",
    "demo_instance",
    "demo_network_interface",
    "demo_load_balancer",
    "demo_database",
  ],
  demo_subnet: [
    "demo_instance",
    "demo_load_balancer",
    "demo_database",
  ],
  demo_security_group: [],
  demo_instance: [],
  demo_network_interface: ["demo_instance"],
  demo_ip_address: ["demo_instance", "demo_network_interface"],
  demo_volume: ["demo_instance"],
  demo_snapshot: [],
  demo_load_balancer: [],
  demo_database: [],
};

const DECLARED: readonly KindDeclaration[] = [
  RULE,
  kind("account", "account", "An account of the demo cloud", {
    environment: text("What it is for, such as production"),
  }),
  kind("region", "region", "A region of the demo cloud"),
  kind("user", "user", "A person who signs in", {
    email: text("Where mail reaches them"),
    mfa_enabled: flag("Whether a second factor is asked for"),
    groups: { kind: "string[]", description: "Groups they are in" },
  }),
  kind("bucket", "bucket", "A store of objects", {
    bucket_location: text("Region that holds the objects"),
    object_count: number("Objects in it"),
    bucket_bytes: number("Bytes of all objects"),
    public_access: flag("Whether anybody may read it"),
  }),
  kind("network", "network", "A private network"),
  kind("subnet", "subnet", "A part of a network in one zone", {
    available_ips: number("Addresses that are free"),
  }),
  kind("security_group", "security_group", "A set of firewall rules", {
    description: text("What it is for"),
    rules: {
      kind: "demo_firewall_rule[]",
      description: "Who may come in",
    },
  }),
  kind("instance", "instance", "A virtual machine", {
    image: text("What it was started from"),
    private_ip: text("Its address in the network"),
  }),
  kind("network_interface", "network_interface", "A network card"),
  kind("ip_address", "ip_address", "A public address"),
  kind("volume", "volume", "A virtual disk"),
  kind("snapshot", "snapshot", "A copy of a volume at one time"),
  kind("load_balancer", "load_balancer", "Spreads requests over instances"),
  kind("database", "database", "A managed database"),
];

/** Everything that the demo cloud has. */
export const KINDS: readonly KindDeclaration[] = DECLARED.map((kind) => {
  const deletedAfter = DELETED_AFTER[kind.name];
  return deletedAfter === undefined
    ? kind
    : { ...kind, operations: ["delete"], deletedAfter };
});
