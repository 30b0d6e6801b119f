/**
 * The default metrics as one who knows the index would write them in SQL: columns
 * where there are some, concrete kinds, and prices joined by the edge that leads
 * to them.
 *
 * @module
 */

/** One metric by hand. */
interface ByHand {
  /** Condition on the node `n`. */
  readonly where: string;
  /** SQL of the value. Default: how many nodes. */
  readonly value?: string;
  /** SQL of each label beside the place. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels of the place. Default: cloud, account and region. */
  readonly place?: number;
  /** Tables that are joined to the node. */
  readonly join?: string;
}

const PLACE = {
  cloud: "n.cloud",
  account: "n.account_name",
  region: "n.region_name",
};

const GIB = 1024 ** 3;

function reported(name: string): string {
  return `n.reported->>'$.${name}'`;
}

function number(name: string): string {
  return `(${reported(name)})::double`;
}

/** Nodes of a kind of the demo cloud. */
function of(kind: string): string {
  return `n.kind = 'demo_${kind}'`;
}

/** The price of each type, and what has it. */
function priced(kind: string): string {
  return `(select e.dst, t.price from edge_in e join (
    select nid, (reported->>'$.ondemand_cost')::double as price from node
    where kind = 'demo_${kind}_type' and valid_to is null
  ) t on t.nid = e.src where e.type = 'default' and e.valid_to is null) p`;
}

const INSTANCE = {
  type: "n.instance_type",
  status: "n.instance_status",
};
const RUNNING = `${of("instance")} and n.instance_status = 'running'`;
const TYPE = { type: "n.instance_type" };
const VOLUME = { type: "n.volume_type", status: "n.volume_status" };
const SNAPSHOT = { status: reported("snapshot_status") };
const DATABASE = {
  type: reported("db_type"),
  instance_type: "n.instance_type",
};
const QUOTA = { ...TYPE, quota_type: reported("quota_type") };

const PHANTOMS = [
  "graph_root",
  "cloud",
  "demo_region",
  "demo_instance_type",
  "demo_volume_type",
  "demo_instance_quota",
  "demo_bucket_quota",
  "demo_network_quota",
  "demo_gateway_quota",
  "demo_load_balancer_quota",
  "demo_certificate_quota",
].map((kind) => `'${kind}'`).join(", ");

const KIND = { kind: "n.kind" };

/** How many there are of each kind, by the name of the metric. */
const COUNTED: Readonly<Record<string, string>> = {
  autoscaling_groups: "autoscaling_group",
  serverless_functions: "serverless_function",
  kubernetes_clusters: "managed_kubernetes_cluster_provider",
  keypairs: "keypair",
  network_shares: "network_share",
  buckets: "bucket",
  queues: "queue",
  networks: "network",
  subnets: "subnet",
  gateways: "gateway",
  tunnels: "tunnel",
  endpoints: "endpoint",
  peering_connections: "peering_connection",
  routing_tables: "routing_table",
  network_acls: "network_acl",
  ip_addresses: "ip_address",
  security_groups: "security_group",
  health_checks: "health_check",
  dns_zones: "dns_zone",
  users: "user",
  groups: "group",
  roles: "role",
  policies: "policy",
  instance_profiles: "instance_profile",
  certificates: "certificate",
  stacks: "stack",
};

/** Quotas of each kind, by the name of the metric. */
const QUOTAS: Readonly<Record<string, string>> = {
  buckets_quotas: "bucket_quota",
  networks_quotas: "network_quota",
  gateways_quotas: "gateway_quota",
  load_balancers_quotas: "load_balancer_quota",
  certificates_quotas: "certificate_quota",
};

const METRICS: Readonly<Record<string, ByHand>> = {
  accounts: { where: of("account"), place: 1 },
  resources: { where: `n.kind not in (${PHANTOMS})`, labels: KIND, place: 1 },
  resources_marked: {
    where: "(n.desired->>'$.clean') = 'true'",
    labels: KIND,
    place: 2,
  },
  resources_protected: {
    where: "(n.metadata->>'$.protected') = 'true'",
    labels: KIND,
    place: 2,
  },
  instances: { where: of("instance"), labels: INSTANCE },
  cores: {
    where: `${RUNNING} and n.instance_cores is not null`,
    labels: TYPE,
    value: "sum(n.instance_cores)",
  },
  memory_bytes: {
    where: `${RUNNING} and n.instance_memory is not null`,
    labels: TYPE,
    value: `sum(n.instance_memory) * ${GIB}`,
  },
  instances_hourly_cost_estimate_dollars: {
    where: `${RUNNING} and p.price is not null`,
    labels: TYPE,
    value: "sum(p.price)",
    join: `join ${priced("instance")} on p.dst = n.nid`,
  },
  instances_without_price: {
    where: `${RUNNING} and p.price is null`,
    labels: TYPE,
    join: `left join ${priced("instance")} on p.dst = n.nid`,
  },
  reserved_instances: {
    where: `${of("instance_type")} and ${number("reservations")} >= 0`,
    labels: QUOTA,
    value: `sum(${number("reservations")})`,
  },
  volumes: { where: of("volume"), labels: VOLUME },
  volume_bytes: {
    where: `${of("volume")} and n.volume_size is not null`,
    labels: VOLUME,
    value: `sum(n.volume_size) * ${GIB}`,
  },
  volumes_monthly_cost_estimate_dollars: {
    where: `${
      of("volume")
    } and n.volume_size is not null and p.price is not null`,
    labels: VOLUME,
    value: "sum(n.volume_size * p.price)",
    join: `join ${priced("volume")} on p.dst = n.nid`,
  },
  volumes_without_price: {
    where: `${of("volume")} and (p.price is null or n.volume_size is null)`,
    labels: VOLUME,
    join: `left join ${priced("volume")} on p.dst = n.nid`,
  },
  snapshots: { where: of("snapshot"), labels: SNAPSHOT },
  snapshots_volumes_bytes: {
    where: `${of("snapshot")} and n.volume_size is not null`,
    labels: SNAPSHOT,
    value: `sum(n.volume_size) * ${GIB}`,
  },
  databases: { where: of("database"), labels: DATABASE },
  databases_bytes: {
    where: `${of("database")} and n.volume_size is not null`,
    labels: DATABASE,
    value: `sum(n.volume_size) * ${GIB}`,
  },
  network_interfaces: {
    where: of("network_interface"),
    labels: { status: reported("network_interface_status") },
  },
  load_balancers: {
    where: of("load_balancer"),
    labels: { type: reported("lb_type") },
  },
  access_keys: {
    where: of("access_key"),
    labels: { status: reported("access_key_status") },
  },
  instances_quotas: {
    where: `${of("instance_quota")} and ${number("quota")} >= 0`,
    labels: QUOTA,
    value: `sum(${number("quota")})`,
  },
  volumes_quotas_bytes: {
    where: `${of("volume_type")} and ${number("quota")} >= 0`,
    labels: { type: "n.volume_type" },
    value: `sum(${number("quota")}) * ${GIB * 1024}`,
  },
  ...Object.fromEntries(
    Object.entries(COUNTED).map(([name, kind]) => [name, { where: of(kind) }]),
  ),
  ...Object.fromEntries(
    Object.entries(QUOTAS).map(([name, kind]) => [name, {
      where: `${of(kind)} and ${number("quota")} >= 0`,
      value: `sum(${number("quota")})`,
    }]),
  ),
};

/** A metric in SQL: the last column is its value, the others are its labels. */
export interface HandWritten {
  /** The statement. */
  readonly sql: string;
  /** Names of the labels. */
  readonly labels: readonly string[];
}

/** A default metric by hand; undefined for one that nobody wrote. */
export function metricByHand(name: string): HandWritten | undefined {
  const metric = METRICS[name];
  if (metric === undefined) return;
  const { where, value = "count(*)", place = 3, join = "" } = metric;
  const labels = {
    ...Object.fromEntries(Object.entries(PLACE).slice(0, place)),
    ...metric.labels,
  };
  return {
    sql: `select ${Object.values(labels).join(", ")}, (${value})::double ` +
      `from node n ${join} where n.valid_to is null and ${where} group by all`,
    labels: Object.keys(labels),
  };
}
