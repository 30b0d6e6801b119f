import type { ResourceDeclaration } from "../../declaration.ts";
import { finalSnapshot } from "../final_snapshot.ts";
import { ELASTICACHE_PAGES } from "./elasticache_pages.ts";
import { ELASTICACHE_TAGS, elasticacheTagging } from "./elasticache_tagging.ts";
import {
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

const cacheNode = valueKind("aws_elasticache_cache_node", {
  cache_node_id: text("CacheNodeId"),
  cache_node_status: text("CacheNodeStatus"),
  cache_node_create_time: time("CacheNodeCreateTime"),
  endpoint: object("Endpoint", endpoint),
  parameter_group_status: text("ParameterGroupStatus"),
  source_cache_node_id: text("SourceCacheNodeId"),
  customer_availability_zone: text("CustomerAvailabilityZone"),
  customer_outpost_arn: text("CustomerOutpostArn"),
});

const cacheParameterGroupStatus = valueKind(
  "aws_elasticache_cache_parameter_group_status",
  {
    cache_parameter_group_name: text("CacheParameterGroupName"),
    parameter_apply_status: text("ParameterApplyStatus"),
    cache_node_ids_to_reboot: texts("CacheNodeIdsToReboot[*]"),
  },
);

const cacheSecurityGroupMembership = valueKind(
  "aws_elasticache_cache_security_group_membership",
  {
    cache_security_group_name: text("CacheSecurityGroupName"),
    status: text("Status"),
  },
);

const notificationConfiguration = valueKind(
  "aws_elasticache_notification_configuration",
  {
    topic_arn: text("TopicArn"),
    topic_status: text("TopicStatus"),
  },
);

const pendingModifiedValues = valueKind(
  "aws_elasticache_pending_modified_values",
  {
    num_cache_nodes: integer("NumCacheNodes"),
    cache_node_ids_to_remove: texts("CacheNodeIdsToRemove[*]"),
    engine_version: text("EngineVersion"),
    cache_node_type: text("CacheNodeType"),
    auth_token_status: text("AuthTokenStatus"),
    log_delivery_configurations: objects(
      "LogDeliveryConfigurations",
      pendingLogDeliveryConfiguration,
    ),
  },
);

const securityGroupMembership = valueKind(
  "aws_elasticache_security_group_membership",
  {
    security_group_id: text("SecurityGroupId"),
    status: text("Status"),
  },
);

/**
 * A cache cluster of ElastiCache. One that can have snapshots is deleted with a
 * final one, unless its tag `skymap:final-snapshot` says `false`. The nodes of a
 * replication group are clusters too: they go with their group.
 */
export const CACHE_CLUSTER: ResourceDeclaration = {
  kind: "aws_elasticache_cache_cluster",
  description: "A cache cluster (ElastiCache)",
  list: {
    service: "elasticache",
    operation: "DescribeCacheClusters",
    input: { ShowCacheNodeInfo: true },
    result: "CacheClusters[*]",
    pages: ELASTICACHE_PAGES,
  },
  one: ({ id }) => ({ CacheClusterId: id }),
  details: [
    ELASTICACHE_TAGS,
    {
      as: "$subnets",
      of: "CacheSubnetGroupName",
      service: "elasticache",
      operation: "DescribeCacheSubnetGroups",
      askFor: ([name = ""]) => ({ CacheSubnetGroupName: name }),
      result: "CacheSubnetGroups[*]",
      pages: ELASTICACHE_PAGES,
      match: "CacheSubnetGroupName",
      none: ["CacheSubnetGroupNotFoundFault"],
    },
  ],
  id: "CacheClusterId",
  zone: "PreferredAvailabilityZone",
  properties: {
    tags: tags("$tags"),
    name: text("CacheClusterId"),
    arn: text("ARN"),
    ctime: time("CacheClusterCreateTime"),
    cluster_configuration_endpoint: object("ConfigurationEndpoint", endpoint),
    cluster_client_download_landing_page: text("ClientDownloadLandingPage"),
    cluster_cache_node_type: text("CacheNodeType"),
    cluster_engine: text("Engine"),
    cluster_engine_version: text("EngineVersion"),
    cluster_cache_cluster_status: text("CacheClusterStatus"),
    cluster_num_cache_nodes: integer("NumCacheNodes"),
    cluster_preferred_availability_zone: text("PreferredAvailabilityZone"),
    cluster_preferred_outpost_arn: text("PreferredOutpostArn"),
    cluster_cache_cluster_create_time: text("CacheClusterCreateTime"),
    cluster_preferred_maintenance_window: text("PreferredMaintenanceWindow"),
    cluster_pending_modified_values: object(
      "PendingModifiedValues",
      pendingModifiedValues,
    ),
    cluster_notification_configuration: object(
      "NotificationConfiguration",
      notificationConfiguration,
    ),
    cluster_cache_security_groups: objects(
      "CacheSecurityGroups",
      cacheSecurityGroupMembership,
    ),
    cluster_cache_parameter_group: object(
      "CacheParameterGroup",
      cacheParameterGroupStatus,
    ),
    cluster_cache_subnet_group_name: text("CacheSubnetGroupName"),
    cluster_cache_nodes: objects("CacheNodes", cacheNode),
    cluster_auto_minor_version_upgrade: flag("AutoMinorVersionUpgrade"),
    cluster_security_groups: unordered(
      objects("SecurityGroups", securityGroupMembership),
    ),
    cluster_replication_group_id: text("ReplicationGroupId"),
    cluster_snapshot_retention_limit: integer("SnapshotRetentionLimit"),
    cluster_snapshot_window: text("SnapshotWindow"),
    cluster_auth_token_enabled: flag("AuthTokenEnabled"),
    cluster_auth_token_last_modified_date: time("AuthTokenLastModifiedDate"),
    cluster_transit_encryption_enabled: flag("TransitEncryptionEnabled"),
    cluster_at_rest_encryption_enabled: flag("AtRestEncryptionEnabled"),
    cluster_replication_group_log_delivery_enabled: flag(
      "ReplicationGroupLogDeliveryEnabled",
    ),
    cluster_log_delivery_configurations: objects(
      "LogDeliveryConfigurations",
      logDeliveryConfiguration,
    ),
  },
  edges: [
    { predecessor: "aws_vpc", id: "$subnets.VpcId", deletedFirst: "self" },
    {
      predecessor: "aws_ec2_subnet",
      id: "$subnets.Subnets[*].SubnetIdentifier",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "SecurityGroups[*].SecurityGroupId",
      deletedFirst: "self",
    },
    { successor: "aws_sns_topic", id: "NotificationConfiguration.TopicArn" },
  ],
  remove: {
    calls: [{
      service: "elasticache",
      operation: "DeleteCacheCluster",
      input: (item, target) => {
        const snapshot = item["Engine"] === "memcached"
          ? undefined
          : finalSnapshot(item, target, "CacheClusterCreateTime");
        return {
          CacheClusterId: target.id,
          ...snapshot !== undefined && { FinalSnapshotIdentifier: snapshot },
        };
      },
    }],
    implied: [{ service: "elasticache", operation: "CreateSnapshot" }],
    refuse: ({ ReplicationGroupId: group }) =>
      typeof group === "string" && group !== ""
        ? `it is a node of the replication group ${group}`
        : undefined,
    going: { of: "CacheClusterStatus", states: ["deleting"] },
    gone: ["CacheClusterNotFoundFault"],
    later: ["InvalidCacheClusterStateFault"],
    withinSeconds: 1800,
  },
  tagging: elasticacheTagging("cluster"),
};
