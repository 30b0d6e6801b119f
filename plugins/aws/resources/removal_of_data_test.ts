import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Item, ResourceDeclaration, Target } from "../declaration.ts";
import { WORK_GROUP } from "./athena/work_group.ts";
import { DATA_CATALOG } from "./athena/data_catalog.ts";
import { TABLE } from "./dynamodb/table.ts";
import { CACHE_CLUSTER } from "./elasticache/cache_cluster.ts";
import { REPLICATION_GROUP } from "./elasticache/replication_group.ts";
import { FINAL_SNAPSHOT_TAG } from "./final_snapshot.ts";
import { VAULT } from "./glacier/vault.ts";
import { CLUSTER } from "./rds/cluster.ts";
import { CLUSTER_SNAPSHOT } from "./rds/cluster_snapshot.ts";
import { INSTANCE } from "./rds/instance.ts";
import { SNAPSHOT } from "./rds/snapshot.ts";
import { CLUSTER as WAREHOUSE } from "./redshift/cluster.ts";

const CREATED = new Date("2026-01-02T03:04:05Z");
const NAME = "skymap-final-orders-20260102030405";

function target(tags: Record<string, string> = {}): Target {
  return {
    id: "orders",
    region: "eu-west-1",
    account: "111111111111",
    partition: "aws",
    reported: { tags },
  };
}

function asked({ remove }: ResourceDeclaration, item: Item, of = target()) {
  return remove?.calls.map(({ operation, input }) => [
    operation,
    input(item, of),
  ]);
}

/** Kinds, items of them, and what is asked with and without a last snapshot. */
const SNAPSHOTS: readonly [
  string,
  ResourceDeclaration,
  Item,
  operation: string,
  kept: Record<string, unknown>,
  unkept: Record<string, unknown>,
][] = [
  [
    "an instance",
    INSTANCE,
    { InstanceCreateTime: CREATED },
    "DeleteDBInstance",
    { DBInstanceIdentifier: "orders", FinalDBSnapshotIdentifier: NAME },
    { DBInstanceIdentifier: "orders", SkipFinalSnapshot: true },
  ],
  [
    "a cluster of instances",
    CLUSTER,
    { ClusterCreateTime: CREATED },
    "DeleteDBCluster",
    { DBClusterIdentifier: "orders", FinalDBSnapshotIdentifier: NAME },
    { DBClusterIdentifier: "orders", SkipFinalSnapshot: true },
  ],
  [
    "a warehouse",
    WAREHOUSE,
    { ClusterCreateTime: CREATED },
    "DeleteCluster",
    {
      ClusterIdentifier: "orders",
      SkipFinalClusterSnapshot: false,
      FinalClusterSnapshotIdentifier: NAME,
    },
    { ClusterIdentifier: "orders", SkipFinalClusterSnapshot: true },
  ],
  [
    "a cache",
    CACHE_CLUSTER,
    { Engine: "redis", CacheClusterCreateTime: CREATED },
    "DeleteCacheCluster",
    { CacheClusterId: "orders", FinalSnapshotIdentifier: NAME },
    { CacheClusterId: "orders" },
  ],
  [
    "a group of caches",
    REPLICATION_GROUP,
    { ReplicationGroupCreateTime: CREATED },
    "DeleteReplicationGroup",
    {
      ReplicationGroupId: "orders",
      RetainPrimaryCluster: false,
      FinalSnapshotIdentifier: NAME,
    },
    { ReplicationGroupId: "orders", RetainPrimaryCluster: false },
  ],
];

for (const [what, kind, item, operation, kept, unkept] of SNAPSHOTS) {
  Deno.test(`a last snapshot is kept of ${what}, unless its tag says no`, () => {
    deepStrictEqual(asked(kind, item), [[operation, kept]]);
    deepStrictEqual(
      asked(kind, item, target({ [FINAL_SNAPSHOT_TAG]: "false" })),
      [[operation, unkept]],
    );
  });
}

/** What has no data of its own, or cannot be kept. */
const COPIES: readonly [string, ResourceDeclaration, Item][] = [
  ["an instance of a cluster", INSTANCE, { DBClusterIdentifier: "shop" }],
  ["a read replica", INSTANCE, {
    ReadReplicaSourceDBInstanceIdentifier: "shop",
  }],
  ["a cache of Memcached", CACHE_CLUSTER, { Engine: "memcached" }],
];

for (const [what, kind, item] of COPIES) {
  Deno.test(`no last snapshot is asked for of ${what}`, () => {
    const given = JSON.stringify(asked(kind, item));
    strictEqual(given.includes("FinalSnapshotIdentifier"), false);
    strictEqual(given.includes("FinalDBSnapshotIdentifier"), false);
  });
}

const PROTECTED = "its deletion protection is on";
const ALWAYS_THERE = "every account has this one";

/** Kinds, items of them, and why they are not deleted. */
const REFUSED: readonly [ResourceDeclaration, Item, string | undefined][] = [
  [INSTANCE, { DeletionProtection: true }, PROTECTED],
  [INSTANCE, { DeletionProtection: false }, undefined],
  [CLUSTER, { DeletionProtection: true }, PROTECTED],
  [CLUSTER, {}, undefined],
  [TABLE, { $table: { DeletionProtectionEnabled: true } }, PROTECTED],
  [TABLE, { $table: { DeletionProtectionEnabled: false } }, undefined],
  [
    SNAPSHOT,
    { SnapshotType: "awsbackup" },
    "it is awsbackup: it goes by the rules of what made it",
  ],
  [SNAPSHOT, { SnapshotType: "manual" }, undefined],
  [
    CLUSTER_SNAPSHOT,
    { SnapshotType: "automated" },
    "it is automated: it goes by the rules of what made it",
  ],
  [CLUSTER_SNAPSHOT, { SnapshotType: "manual" }, undefined],
  [
    CACHE_CLUSTER,
    { ReplicationGroupId: "carts" },
    "it is a node of the replication group carts",
  ],
  [CACHE_CLUSTER, {}, undefined],
  [VAULT, { NumberOfArchives: 3 }, "it holds 3 archives"],
  [VAULT, { NumberOfArchives: 0 }, undefined],
  [WORK_GROUP, { Name: "primary" }, ALWAYS_THERE],
  [WORK_GROUP, { Name: "analysts" }, undefined],
  [DATA_CATALOG, { CatalogName: "AwsDataCatalog" }, ALWAYS_THERE],
  [DATA_CATALOG, { CatalogName: "lake" }, undefined],
];

for (const [resource, item, reason] of REFUSED) {
  const what = `${resource.kind} ${JSON.stringify(item)}`;
  Deno.test(`refuse() says of ${what}: ${reason ?? "nothing"}`, () => {
    strictEqual(resource.remove?.refuse?.(item), reason);
  });
}

Deno.test("a cluster takes its instances along, or waits for them", () => {
  const edge = CLUSTER.edges?.find((each) =>
    "successor" in each && each.successor === "aws_rds_instance"
  );
  const first = (Engine: string) =>
    typeof edge?.deletedFirst === "function"
      ? edge.deletedFirst({ Engine })
      : edge?.deletedFirst;
  deepStrictEqual(
    ["aurora-mysql", "docdb", "neptune", "postgres", "mysql"].map(first),
    ["other", "other", "other", "self", "self"],
  );
});
