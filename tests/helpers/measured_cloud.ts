/**
 * A small cloud that has something for every default metric: prices, quotas, one
 * of each kind, and what is not known.
 *
 * @module
 */

import { type CoreClient, unwrap } from "@skymap/lib/client";
import { nodeId } from "@skymap/lib/ids";
import type { JsonObject } from "@skymap/lib/json";
import type { MergeMessage } from "@skymap/lib/plugin_host";

const CLOUD = "measured";
const PLACE = { cloud: CLOUD, account: "1", region: "here" };

/** Resources by their base kind, then by their id. */
const RESOURCES: Readonly<
  Record<string, Readonly<Record<string, JsonObject>>>
> = {
  instance_type: {
    big: {
      instance_type: "big",
      ondemand_cost: 0.125,
      reservations: 3,
      quota_type: "ondemand",
    },
    odd: { instance_type: "odd" },
  },
  instance: {
    i1: machine("big", "running", 4),
    i2: machine("big", "running", 4),
    i3: machine("big", "stopped", 4),
    // Without a price, and without cores.
    i4: machine("odd", "running", undefined),
  },
  volume_type: {
    fast: { volume_type: "fast", ondemand_cost: 0.08, quota: 2 },
    slow: { volume_type: "slow" },
  },
  volume: {
    v1: { volume_type: "fast", volume_size: 10, volume_status: "in-use" },
    v2: { volume_type: "fast", volume_size: 5, volume_status: "in-use" },
    v3: { volume_type: "slow", volume_size: 7, volume_status: "available" },
    v4: { volume_type: "fast", volume_status: "available" },
    // The same series to Prometheus.
    v5: { volume_type: "", volume_size: 1, volume_status: "available" },
    v6: { volume_size: 2, volume_status: "available" },
  },
  snapshot: { s1: { volume_size: 9, snapshot_status: "done" }, s2: {} },
  database: {
    d1: { db_type: "sql", instance_type: "big", volume_size: 100 },
    d2: { db_type: 'say "hi"\\\n' },
  },
  access_key: { k1: { access_key_status: "Active" }, k2: {} },
  network_interface: { n1: { network_interface_status: "in-use" } },
  load_balancer: { l1: { lb_type: "tcp" } },
  instance_quota: { q1: { instance_type: "big", quota: 20 }, q2: {} },
  ...Object.fromEntries(
    ["bucket", "network", "gateway", "load_balancer", "certificate"]
      .map((each) => [`${each}_quota`, { q: { quota: 5 } }]),
  ),
  ...Object.fromEntries(
    [
      ...["autoscaling_group", "bucket", "certificate", "dns_zone"],
      ...["endpoint", "gateway", "group", "health_check", "instance_profile"],
      ...["ip_address", "keypair", "managed_kubernetes_cluster_provider"],
      ...["network", "network_acl", "network_share", "peering_connection"],
      ...["policy", "queue", "role", "routing_table", "security_group"],
      ...["serverless_function", "stack", "subnet", "tunnel", "user"],
    ].map((each) => [each, { x: {} }]),
  ),
};

function machine(
  type: string,
  status: string,
  cores: number | undefined,
): JsonObject {
  return {
    instance_type: type,
    instance_status: status,
    ...(cores !== undefined && { instance_cores: cores, instance_memory: 16 }),
  };
}

function kindOf(base: string): string {
  return `${CLOUD}_${base}`;
}

function idOf(base: string, id: string): string {
  return nodeId({ ...PLACE, kind: kindOf(base), id });
}

/** Edges to what is of a type: the type is called as its property says. */
function typeEdges(scope: number, base: string): readonly MergeMessage[] {
  const types = RESOURCES[`${base}_type`] ?? {};
  return Object.entries(RESOURCES[base] ?? {}).flatMap(([id, reported]) => {
    const type = String(reported[`${base}_type`]);
    return Object.hasOwn(types, type)
      ? [{
        type: "edge" as const,
        scope,
        from: idOf(`${base}_type`, type),
        to: idOf(base, id),
      }]
      : [];
  });
}

/** Merges the cloud into graph `main`. */
export async function addMeasuredCloud(client: CoreClient): Promise<void> {
  const bases = Object.keys(RESOURCES);
  unwrap(
    await client.putModel("main", {
      plugin: {
        name: CLOUD,
        version: "1.0.0",
        cloud: CLOUD,
        containers: {
          account: `${CLOUD}_account`,
          region: `${CLOUD}_region`,
        },
        kinds: ["account", "region", ...bases].map((base) => ({
          name: kindOf(base),
          bases: [base],
        })),
      },
    }),
  );
  const messages = bases.flatMap((base, at): MergeMessage[] => {
    const scope = at + 1;
    return [
      { type: "scope", scope, state: "open", ...PLACE, kind: kindOf(base) },
      ...Object.entries(RESOURCES[base] ?? {}).map(([id, reported]) => ({
        type: "node" as const,
        scope,
        id,
        reported,
      })),
      ...typeEdges(scope, base),
      { type: "scope", scope, state: "complete" },
    ];
  });
  const lines = [...messages, { type: "end" }]
    .map((message) => `${JSON.stringify(message)}\n`).join("");
  const body = ReadableStream.from([new TextEncoder().encode(lines)]);
  const { rejections } = unwrap(await client.merge("main", body, {}));
  if (rejections.length > 0) throw new Error(JSON.stringify(rejections));
}
