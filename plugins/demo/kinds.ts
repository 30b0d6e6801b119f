import type { KindDeclaration, PropertyDeclaration } from "@skymap/lib/plugin";

function kind(
  name: string,
  base: string,
  description: string,
  properties: Record<string, PropertyDeclaration> = {},
): KindDeclaration {
  return { name: `demo_${name}`, bases: [base], description, properties };
}

const TEXT: PropertyDeclaration = { kind: "string" };
const TEXTS: PropertyDeclaration = { kind: "string[]" };
const NUMBER: PropertyDeclaration = { kind: "int64" };

/** A rule of a firewall: a value inside of a security group. */
const RULE: KindDeclaration = {
  name: "demo_firewall_rule",
  description: "Who may reach which ports",
  properties: {
    protocol: TEXT,
    from_port: NUMBER,
    to_port: NUMBER,
    cidr: TEXT,
  },
};

/** Everything that the demo cloud has. */
export const KINDS: readonly KindDeclaration[] = [
  RULE,
  kind("account", "account", "An account of the demo cloud", {
    environment: TEXT,
  }),
  kind("region", "region", "A region of the demo cloud"),
  kind("user", "user", "A person who signs in", {
    email: TEXT,
    mfa_enabled: { kind: "boolean" },
    groups: TEXTS,
  }),
  kind("bucket", "bucket", "A store of objects", {
    bucket_location: TEXT,
    object_count: NUMBER,
    bucket_bytes: NUMBER,
    public_access: { kind: "boolean" },
  }),
  kind("network", "network", "A private network"),
  kind("subnet", "subnet", "A part of a network in one zone", {
    available_ips: NUMBER,
  }),
  kind("security_group", "security_group", "A set of firewall rules", {
    description: TEXT,
    rules: { kind: "demo_firewall_rule[]" },
  }),
  kind("instance", "instance", "A virtual machine", {
    image: TEXT,
    private_ip: TEXT,
  }),
  kind("network_interface", "network_interface", "A network card"),
  kind("ip_address", "ip_address", "A public address"),
  kind("volume", "volume", "A virtual disk"),
  kind("snapshot", "snapshot", "A copy of a volume at one time"),
  kind("load_balancer", "load_balancer", "Spreads requests over instances"),
  kind("database", "database", "A managed database"),
];
