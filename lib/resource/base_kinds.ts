/**
 * The kinds that every plugin's kinds descend from.
 *
 * @module
 */

import type {
  KindDeclaration,
  PropertyDeclaration,
  ValueKind,
} from "./kind.ts";

/** A kind without conditions on its properties: name and value kind each. */
function kind(
  name: string,
  base: string,
  properties: Readonly<Record<string, ValueKind>>,
  categories: readonly string[] = [],
): KindDeclaration {
  return {
    name,
    bases: [base],
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, kind]) => [key, { kind }]),
    ),
    categories,
  };
}

function enumKind(name: string, values: readonly string[]): KindDeclaration {
  return { name, enum: values };
}

/** Freezes a value and everything in it. */
function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

/** What every resource has. */
const RESOURCE_PROPERTIES: Readonly<Record<string, PropertyDeclaration>> = {
  kind: { kind: "string", description: "Set by core." },
  id: {
    kind: "string",
    required: true,
    description: "The provider's id of the resource.",
  },
  name: { kind: "string", description: "Its name for people." },
  tags: {
    kind: "dictionary[string, string]",
    description: "What people tagged it with.",
  },
  ctime: {
    kind: "datetime",
    ignoreHistory: true,
    description: "When it was created.",
  },
  mtime: {
    kind: "datetime",
    ignoreHistory: true,
    description: "When it was last changed.",
  },
  atime: {
    kind: "datetime",
    ignoreHistory: true,
    description: "When it was last used.",
  },
  age: {
    kind: "duration",
    synthetic: { from: "ctime" },
    description: "Time since it was created.",
  },
  last_update: {
    kind: "duration",
    synthetic: { from: "mtime" },
    description: "Time since it was last changed.",
  },
  last_access: {
    kind: "duration",
    synthetic: { from: "atime" },
    description: "Time since it was last used.",
  },
};

/** Kinds of values that base kinds use. */
const ENUMS: readonly KindDeclaration[] = [
  enumKind("instance_status", [
    "running",
    "stopped",
    "terminated",
    "busy",
    "unknown",
  ]),
  enumKind("volume_status", [
    "in-use",
    "available",
    "busy",
    "error",
    "deleted",
    "unknown",
  ]),
  enumKind("database_instance_status", [
    "available",
    "stopped",
    "terminated",
    "failed",
    "busy",
    "unknown",
  ]),
  enumKind("queue_type", ["standard", "fifo"]),
  enumKind("ai_job_status", [
    "pending",
    "preparing",
    "running",
    "stopping",
    "stopped",
    "completed",
    "failed",
    "cancelled",
    "paused",
    "unknown",
  ]),
];

/** Kinds of resources, bases before what descends from them. */
const RESOURCES: readonly KindDeclaration[] = [
  {
    name: "resource",
    description: "Anything that a cloud holds.",
    properties: RESOURCE_PROPERTIES,
  },
  kind("phantom_resource", "resource", {}),
  kind("quota", "phantom_resource", {
    quota: "double",
    usage: "double",
    quota_type: "string",
  }),
  kind("type", "quota", {}),
  kind("instance_quota", "quota", { instance_type: "string" }),
  kind("instance_type", "type", {
    instance_type: "string",
    instance_cores: "double",
    instance_memory: "double",
    ondemand_cost: "double",
    reservations: "int64",
  }),
  kind("base_cloud", "phantom_resource", {}),
  kind("account", "resource", {}),
  kind("region", "phantom_resource", {
    long_name: "string",
    latitude: "double",
    longitude: "double",
    region_in_use: "boolean",
  }),
  kind("zone", "phantom_resource", { long_name: "string" }),
  kind("instance", "resource", {
    instance_cores: "double",
    instance_memory: "double",
    instance_type: "string",
    instance_status: "instance_status",
  }, ["compute"]),
  kind("volume_type", "type", {
    volume_type: "string",
    ondemand_cost: "double",
  }),
  kind("network_share", "resource", {
    share_size: "int64",
    share_type: "string",
    share_status: "string",
    share_iops: "int64",
    share_throughput: "double",
    share_encrypted: "boolean",
  }, ["storage"]),
  kind("volume", "resource", {
    volume_size: "int64",
    volume_type: "string",
    volume_status: "volume_status",
    volume_iops: "int64",
    volume_throughput: "int64",
    volume_encrypted: "boolean",
    snapshot_before_delete: "boolean",
  }, ["storage"]),
  kind("snapshot", "resource", {
    snapshot_status: "string",
    description: "string",
    volume_id: "string",
    volume_size: "int64",
    encrypted: "boolean",
    owner_id: "string",
    owner_alias: "string",
  }, ["storage"]),
  kind("cloud", "base_cloud", {}),
  kind("graph_root", "phantom_resource", {}),
  kind("bucket", "resource", {
    encryption_enabled: "boolean",
    versioning_enabled: "boolean",
  }, ["storage"]),
  kind("queue", "resource", {
    queue_type: "queue_type",
    approximate_message_count: "int64",
    message_retention_period_days: "int64",
  }, ["storage"]),
  kind("keypair", "resource", { fingerprint: "string" }, ["access_control"]),
  kind("bucket_quota", "quota", {}),
  kind("serverless_function", "resource", { memory_size: "int64" }, [
    "compute",
  ]),
  kind("network", "resource", { cidr_blocks: "string[]" }, ["networking"]),
  kind("network_quota", "quota", {}),
  kind("firewall", "resource", {}, ["networking", "security"]),
  kind("database_instance_type", "instance_type", {}),
  kind("database", "resource", {
    db_type: "string",
    db_status: "database_instance_status",
    db_endpoint: "string",
    db_version: "string",
    db_publicly_accessible: "boolean",
    instance_type: "string",
    volume_size: "int64",
    volume_iops: "int64",
    volume_encrypted: "boolean",
  }, ["compute", "database"]),
  kind("load_balancer", "resource", {
    lb_type: "string",
    public_ip_address: "string",
    backends: "string[]",
  }, ["networking"]),
  kind("load_balancer_quota", "quota", {}),
  kind("subnet", "resource", { cidr_block: "string" }, ["networking"]),
  kind("gateway", "resource", {}, ["networking"]),
  kind("tunnel", "resource", {}, ["networking"]),
  kind("gateway_quota", "quota", {}),
  kind("security_group", "resource", {}, ["networking", "security"]),
  kind("routing_table", "resource", {}, ["networking"]),
  kind("route", "resource", {}, ["networking"]),
  kind("network_acl", "resource", {}, ["networking", "security"]),
  kind("peering_connection", "resource", {}, ["networking"]),
  kind("endpoint", "resource", {}, ["networking"]),
  kind("network_interface", "resource", {
    network_interface_status: "string",
    network_interface_type: "string",
    mac: "string",
    private_ips: "string[]",
    public_ips: "string[]",
    v6_ips: "string[]",
    description: "string",
  }, ["networking"]),
  kind("iam_principal", "resource", {}, ["access_control"]),
  kind("user", "resource", {}, ["access_control"]),
  kind("group", "resource", {}, ["access_control"]),
  kind("policy", "resource", {}, ["access_control"]),
  kind("role", "resource", {}, ["access_control"]),
  kind("instance_profile", "resource", {}, ["access_control"]),
  kind("access_key", "resource", { access_key_status: "string" }, [
    "access_control",
    "security",
  ]),
  kind("certificate", "resource", {
    expires: "datetime",
    dns_names: "string[]",
    sha1_fingerprint: "string",
  }, ["access_control", "security"]),
  kind("certificate_quota", "quota", {}),
  kind("stack", "resource", {
    stack_status: "string",
    stack_status_reason: "string",
    stack_parameters: "dictionary[string, any]",
  }, ["devops", "management"]),
  kind("autoscaling_group", "resource", {
    min_size: "int64",
    max_size: "int64",
  }, ["compute", "management"]),
  kind("ip_address", "resource", {
    ip_address: "string",
    ip_address_family: "string",
  }, ["networking"]),
  kind("health_check", "resource", {
    check_interval: "int64",
    healthy_threshold: "int64",
    unhealthy_threshold: "int64",
    timeout: "int64",
    health_check_type: "string",
  }, ["monitoring"]),
  kind("dns_zone", "resource", { private_zone: "boolean" }, [
    "dns",
    "networking",
  ]),
  kind("dns_record_set", "resource", {
    record_ttl: "int64",
    record_type: "string",
    record_values: "string[]",
  }, ["dns"]),
  kind("dns_record", "resource", {
    record_ttl: "int64",
    record_type: "string",
    record_data: "string",
    record_value: "string",
    record_priority: "int64",
    record_port: "int64",
    record_weight: "int64",
    record_flags: "int64",
    record_tag: "string",
    record_mname: "string",
    record_rname: "string",
    record_serial: "int64",
    record_refresh: "int64",
    record_retry: "int64",
    record_expire: "int64",
    record_minimum: "int64",
  }, ["dns"]),
  kind("organizational_root", "resource", {}, ["management"]),
  kind("organizational_unit", "resource", {}, ["management"]),
  kind("managed_kubernetes_cluster_provider", "resource", {
    version: "string",
    endpoint: "string",
  }, ["compute", "management"]),
  kind("ai_resource", "resource", {}, ["ai", "compute"]),
  kind("ai_job", "ai_resource", { ai_job_status: "ai_job_status" }),
  kind("ai_model", "ai_resource", {}),
  kind("unknown_cloud", "base_cloud", {}),
  kind("unknown_account", "account", {}),
  kind("unknown_region", "region", {}),
  kind("unknown_dns_zone", "dns_zone", {}),
  kind("unknown_zone", "zone", {}),
  kind("unknown_location", "resource", {}),
];

/** Every base kind; a plugin's kinds name them in `bases`. Frozen. */
export const BASE_KINDS: readonly KindDeclaration[] = freeze([
  ...ENUMS,
  ...RESOURCES,
]);

/** The kind from which every kind of a resource descends. */
export const RESOURCE_KIND = "resource";

/** A kind that cannot be cleaned up: clouds, regions, quotas, types. */
export const PHANTOM_KIND = "phantom_resource";
