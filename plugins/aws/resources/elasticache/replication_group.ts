import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import { finalSnapshot } from "../final_snapshot.ts";
import { ELASTICACHE_PAGES } from "./elasticache_pages.ts";
import { ELASTICACHE_TAGS, elasticacheTagging } from "./elasticache_tagging.ts";
import {
  decimal,
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import {
  endpoint,
  logDeliveryConfiguration,
  pendingLogDeliveryConfiguration,
} from "./shared_values.ts";

const globalReplicationGroupInfo = valueKind(
  "aws_elasticache_global_replication_group_info",
  {
    global_replication_group_id: text("GlobalReplicationGroupId"),
    global_replication_group_member_role: text(
      "GlobalReplicationGroupMemberRole",
    ),
  },
);

const nodeGroupMember = valueKind("aws_elasticache_node_group_member", {
  cache_cluster_id: text("CacheClusterId"),
  cache_node_id: text("CacheNodeId"),
  read_endpoint: object("ReadEndpoint", endpoint),
  preferred_availability_zone: text("PreferredAvailabilityZone"),
  preferred_outpost_arn: text("PreferredOutpostArn"),
  current_role: text("CurrentRole"),
});

const nodeGroup = valueKind("aws_elasticache_node_group", {
  node_group_id: text("NodeGroupId"),
  status: text("Status"),
  primary_endpoint: object("PrimaryEndpoint", endpoint),
  reader_endpoint: object("ReaderEndpoint", endpoint),
  slots: text("Slots"),
  node_group_members: objects("NodeGroupMembers", nodeGroupMember),
});

const reshardingStatus = valueKind("aws_elasticache_resharding_status", {
  slot_migration: decimal("SlotMigration.ProgressPercentage"),
});

const userGroupsUpdateStatus = valueKind(
  "aws_elasticache_user_groups_update_status",
  {
    user_group_ids_to_add: texts("UserGroupIdsToAdd[*]"),
    user_group_ids_to_remove: texts("UserGroupIdsToRemove[*]"),
  },
);

const replicationGroupPendingModifiedValues = valueKind(
  "aws_elasticache_replication_group_pending_modified_values",
  {
    primary_cluster_id: text("PrimaryClusterId"),
    automatic_failover_status: text("AutomaticFailoverStatus"),
    resharding: object("Resharding", reshardingStatus),
    auth_token_status: text("AuthTokenStatus"),
    user_groups: object("UserGroups", userGroupsUpdateStatus),
    log_delivery_configurations: objects(
      "LogDeliveryConfigurations",
      pendingLogDeliveryConfiguration,
    ),
  },
);

/**
 * A replication group of ElastiCache: cache clusters with the same data, which go
 * with it. A final snapshot is made, unless its tag `skymap:final-snapshot` says
 * `false`.
 */
export const REPLICATION_GROUP: ResourceDeclaration = {
  kind: "aws_elasticache_replication_group",
  description: "Cache clusters with the same data (ElastiCache)",
  list: {
    service: "elasticache",
    operation: "DescribeReplicationGroups",
    result: "ReplicationGroups[*]",
    pages: ELASTICACHE_PAGES,
  },
  one: ({ id }) => ({ ReplicationGroupId: id }),
  details: [ELASTICACHE_TAGS],
  id: "ReplicationGroupId",
  properties: {
    name: text("ReplicationGroupId"),
    tags: tags("$tags"),
    arn: text("ARN"),
    ctime: time("ReplicationGroupCreateTime"),
    replication_group_description: text("Description"),
    replication_group_global_replication_group_info: object(
      "GlobalReplicationGroupInfo",
      globalReplicationGroupInfo,
    ),
    replication_group_status: text("Status"),
    replication_group_pending_modified_values: object(
      "PendingModifiedValues",
      replicationGroupPendingModifiedValues,
    ),
    replication_group_member_clusters: unordered(texts("MemberClusters[*]")),
    replication_group_node_groups: objects("NodeGroups", nodeGroup),
    replication_group_snapshotting_cluster_id: text("SnapshottingClusterId"),
    replication_group_automatic_failover: text("AutomaticFailover"),
    replication_group_multi_az: text("MultiAZ"),
    replication_group_configuration_endpoint: object(
      "ConfigurationEndpoint",
      endpoint,
    ),
    replication_group_snapshot_retention_limit: integer(
      "SnapshotRetentionLimit",
    ),
    replication_group_snapshot_window: text("SnapshotWindow"),
    replication_group_cluster_enabled: flag("ClusterEnabled"),
    replication_group_cache_node_type: text("CacheNodeType"),
    replication_group_auth_token_enabled: flag("AuthTokenEnabled"),
    replication_group_auth_token_last_modified_date: time(
      "AuthTokenLastModifiedDate",
    ),
    replication_group_transit_encryption_enabled: flag(
      "TransitEncryptionEnabled",
    ),
    replication_group_at_rest_encryption_enabled: flag(
      "AtRestEncryptionEnabled",
    ),
    replication_group_member_clusters_outpost_arns: texts(
      "MemberClustersOutpostArns[*]",
    ),
    replication_group_kms_key_id: text("KmsKeyId"),
    replication_group_arn: text("ARN"),
    replication_group_user_group_ids: texts("UserGroupIds[*]"),
    replication_group_log_delivery_configurations: objects(
      "LogDeliveryConfigurations",
      logDeliveryConfiguration,
    ),
    replication_group_data_tiering: text("DataTiering"),
  },
  edges: [
    {
      successor: "aws_elasticache_cache_cluster",
      id: "MemberClusters[*]",
      deletedFirst: "self",
      goesAlong: "other",
    },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "elasticache",
      operation: "DeleteReplicationGroup",
      input: (item, target) => {
        const snapshot = finalSnapshot(
          item,
          target,
          "ReplicationGroupCreateTime",
        );
        return {
          ReplicationGroupId: target.id,
          RetainPrimaryCluster: false,
          ...snapshot !== undefined && { FinalSnapshotIdentifier: snapshot },
        };
      },
    }],
    implied: [{ service: "elasticache", operation: "CreateSnapshot" }],
    going: { of: "Status", states: ["deleting"] },
    gone: ["ReplicationGroupNotFoundFault"],
    later: [
      "InvalidReplicationGroupStateFault",
    ],
    withinSeconds: 1800,
  },
  tagging: elasticacheTagging("replicationgroup"),
};
