/**
 * The metrics that are measured as long as nobody says otherwise, as data.
 *
 * @module
 */

import type { MetricDefinition } from "./definition.ts";

/** What a default metric says; the rest is what counts for every metric. */
export type DefaultMetric = Pick<MetricDefinition, "name" | "help" | "search">;

/** What most metrics are grouped by: cloud, account and region by name. */
const PLACE = [
  "/ancestors.cloud.reported.name as cloud",
  "/ancestors.account.reported.name as account",
  "/ancestors.region.reported.name as region",
];

const [CLOUD = "", ACCOUNT = ""] = PLACE;

const TYPE = "instance_type as type";
const VOLUME = ["volume_type as type", "volume_status as status"];
const DATABASE = ["db_type as type", "instance_type as instance_type"];
const SNAPSHOT = ["snapshot_status as status"];
const QUOTA_TYPE = "quota_type as quota_type";

const INSTANCE_PRICE = "/ancestors.instance_type.reported.ondemand_cost";
const VOLUME_PRICE = "/ancestors.volume_type.reported.ondemand_cost";

const RUNNING = "is(instance) and instance_status == running";

const GIB = ["* 1024 * 1024 * 1024"];
const TIB = [...GIB, "* 1024"];

/** A metric of one value for each group. */
function metric(
  { name, help }: Pick<DefaultMetric, "name" | "help">,
  groups: readonly string[],
  value: string,
  filter: string,
): DefaultMetric {
  const search = `aggregate(${
    groups.join(", ")
  }: ${value} as ${name}): ${filter}`;
  return { name, help, search };
}

/** The resources that a filter finds. */
function count(
  name: string,
  help: string,
  filter: string,
  groups: readonly string[] = [],
  place: readonly string[] = PLACE,
): DefaultMetric {
  return metric({ name, help }, [...place, ...groups], "sum(1)", filter);
}

/**
 * The sum of a property. Only resources of which it is known are looked at: a
 * group without any has no sum, instead of a sum of 0.
 */
function sum(
  name: string,
  help: string,
  property: string,
  filter: string,
  { groups, calculation = [] }: {
    readonly groups: readonly string[];
    readonly calculation?: readonly string[];
  },
): DefaultMetric {
  const value = `sum(${[property, ...calculation].join(" ")})`;
  return metric({ name, help }, [...PLACE, ...groups], value, filter);
}

/** Virtual machines, what they run on and what they cost. */
const COMPUTE: readonly DefaultMetric[] = [
  count("instances", "Number of instances", "is(instance)", [
    TYPE,
    "instance_status as status",
  ]),
  sum(
    "cores",
    "Number of CPU cores of running instances",
    "instance_cores",
    `${RUNNING} and instance_cores != null`,
    { groups: [TYPE] },
  ),
  sum(
    "memory_bytes",
    "Memory of running instances in bytes",
    "instance_memory",
    `${RUNNING} and instance_memory != null`,
    { groups: [TYPE], calculation: GIB },
  ),
  sum(
    "instances_hourly_cost_estimate_dollars",
    "Estimated cost of running instances in US dollars an hour, on demand; instances without a known price are left out",
    INSTANCE_PRICE,
    `${RUNNING} and ${INSTANCE_PRICE} != null`,
    { groups: [TYPE] },
  ),
  count(
    "instances_without_price",
    "Number of running instances that are missing in the cost estimate, as their price is not known",
    `${RUNNING} and ${INSTANCE_PRICE} = null`,
    [TYPE],
  ),
  sum(
    "reserved_instances",
    "Number of reserved instances",
    "reservations",
    "is(instance_type) and reservations >= 0",
    { groups: [TYPE, QUOTA_TYPE] },
  ),
  count(
    "autoscaling_groups",
    "Number of autoscaling groups",
    "is(autoscaling_group)",
  ),
  count(
    "serverless_functions",
    "Number of serverless functions",
    "is(serverless_function)",
  ),
  count(
    "kubernetes_clusters",
    "Number of managed Kubernetes clusters",
    "is(managed_kubernetes_cluster_provider)",
  ),
  count("keypairs", "Number of key pairs", "is(keypair)"),
];

/** Disks, copies of them, file systems, buckets and queues. */
const STORAGE: readonly DefaultMetric[] = [
  count("volumes", "Number of volumes", "is(volume)", VOLUME),
  sum(
    "volume_bytes",
    "Size of volumes in bytes",
    "volume_size",
    "is(volume) and volume_size != null",
    { groups: VOLUME, calculation: GIB },
  ),
  sum(
    "volumes_monthly_cost_estimate_dollars",
    "Estimated cost of the size of volumes in US dollars a month, on demand; volumes without a known price are left out",
    "volume_size",
    `is(volume) and volume_size != null and ${VOLUME_PRICE} != null`,
    { groups: VOLUME, calculation: [`* ${VOLUME_PRICE}`] },
  ),
  count(
    "volumes_without_price",
    "Number of volumes that are missing in the cost estimate, as their price or size is not known",
    `is(volume) and (${VOLUME_PRICE} = null or volume_size = null)`,
    VOLUME,
  ),
  count("snapshots", "Number of snapshots", "is(snapshot)", SNAPSHOT),
  sum(
    "snapshots_volumes_bytes",
    "Size of the volumes that snapshots were made of in bytes",
    "volume_size",
    "is(snapshot) and volume_size != null",
    { groups: SNAPSHOT, calculation: GIB },
  ),
  count("network_shares", "Number of file systems", "is(network_share)"),
  count("buckets", "Number of storage buckets", "is(bucket)"),
  count("queues", "Number of message queues", "is(queue)"),
];

/** Managed databases. */
const DATABASES: readonly DefaultMetric[] = [
  count("databases", "Number of databases", "is(database)", DATABASE),
  sum(
    "databases_bytes",
    "Size of the volumes of databases in bytes",
    "volume_size",
    "is(database) and volume_size != null",
    { groups: DATABASE, calculation: GIB },
  ),
];

/** Networks and what is in them. */
const NETWORKING: readonly DefaultMetric[] = [
  count("networks", "Number of networks", "is(network)"),
  count("subnets", "Number of subnets", "is(subnet)"),
  count("gateways", "Number of gateways", "is(gateway)"),
  count("tunnels", "Number of tunnels", "is(tunnel)"),
  count("endpoints", "Number of endpoints", "is(endpoint)"),
  count(
    "peering_connections",
    "Number of peering connections",
    "is(peering_connection)",
  ),
  count("routing_tables", "Number of routing tables", "is(routing_table)"),
  count("network_acls", "Number of network ACLs", "is(network_acl)"),
  count(
    "network_interfaces",
    "Number of network interfaces",
    "is(network_interface)",
    ["network_interface_status as status"],
  ),
  count("ip_addresses", "Number of IP addresses", "is(ip_address)"),
  count("security_groups", "Number of security groups", "is(security_group)"),
  count("load_balancers", "Number of load balancers", "is(load_balancer)", [
    "lb_type as type",
  ]),
  count("health_checks", "Number of health checks", "is(health_check)"),
  count("dns_zones", "Number of DNS zones", "is(dns_zone)"),
];

/** Who may do what. */
const ACCESS: readonly DefaultMetric[] = [
  count("users", "Number of users", "is(user)"),
  count("groups", "Number of groups of users", "is(group)"),
  count("roles", "Number of roles", "is(role)"),
  count("policies", "Number of policies", "is(policy)"),
  count(
    "instance_profiles",
    "Number of instance profiles",
    "is(instance_profile)",
  ),
  count("access_keys", "Number of access keys", "is(access_key)", [
    "access_key_status as status",
  ]),
  count("certificates", "Number of certificates", "is(certificate)"),
];

/** How much of something an account may have. */
const QUOTAS: readonly DefaultMetric[] = [
  sum(
    "instances_quotas",
    "Quotas of instances",
    "quota",
    "is(instance_quota) and quota >= 0",
    { groups: [TYPE, QUOTA_TYPE] },
  ),
  sum(
    "volumes_quotas_bytes",
    "Quotas of the size of volumes in bytes",
    "quota",
    "is(volume_type) and quota >= 0",
    { groups: ["volume_type as type"], calculation: TIB },
  ),
  ...[
    ["buckets_quotas", "storage buckets", "bucket_quota"],
    ["networks_quotas", "networks", "network_quota"],
    ["gateways_quotas", "gateways", "gateway_quota"],
    ["load_balancers_quotas", "load balancers", "load_balancer_quota"],
    ["certificates_quotas", "certificates", "certificate_quota"],
  ].map(([name = "", of, kind]) =>
    sum(
      name,
      `Quotas of ${of}`,
      "quota",
      `is(${kind}) and quota >= 0`,
      { groups: [] },
    )
  ),
];

/** The whole of it, and what happens to it. */
const WHOLE: readonly DefaultMetric[] = [
  count("accounts", "Number of accounts", "is(account)", [], [CLOUD]),
  count("stacks", "Number of stacks", "is(stack)"),
  count(
    "resources",
    "Number of resources of each kind",
    "is(resource) and not is(phantom_resource)",
    ["kind"],
    [CLOUD],
  ),
  count(
    "resources_marked",
    "Number of resources that are marked to be cleaned up",
    "is(resource) and /desired.clean = true",
    ["kind"],
    [CLOUD, ACCOUNT],
  ),
  count(
    "resources_protected",
    "Number of resources that are protected from being cleaned up",
    "is(resource) and /metadata.protected = true",
    ["kind"],
    [CLOUD, ACCOUNT],
  ),
];

/** The metrics that are measured when nothing else is configured. */
export const DEFAULT_METRICS: readonly DefaultMetric[] = [
  ...WHOLE,
  ...COMPUTE,
  ...STORAGE,
  ...DATABASES,
  ...NETWORKING,
  ...ACCESS,
  ...QUOTAS,
];
