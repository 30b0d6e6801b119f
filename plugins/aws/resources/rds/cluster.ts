import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import { finalSnapshot } from "../final_snapshot.ts";
import { RDS_PAGES } from "./rds_pages.ts";
import { rdsTagging } from "./rds_tagging.ts";
import {
  choice,
  decimal,
  flag,
  integer,
  joined,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
  volatile,
} from "../../property.ts";
import {
  dbRole,
  domainMembership,
  pendingCloudwatchLogsExports,
  vpcSecurityGroupMembership,
} from "./shared_values.ts";

const clusterPendingModifiedValues = valueKind(
  "aws_rds_cluster_pending_modified_values",
  {
    pending_cloudwatch_logs_exports: object(
      "PendingCloudwatchLogsExports",
      pendingCloudwatchLogsExports,
    ),
    db_cluster_identifier: text("DBClusterIdentifier"),
    iam_database_authentication_enabled: flag(
      "IAMDatabaseAuthenticationEnabled",
    ),
    engine_version: text("EngineVersion"),
    backup_retention_period: integer("BackupRetentionPeriod"),
    allocated_storage: integer("AllocatedStorage"),
    iops: integer("Iops"),
  },
);

const dbClusterMember = valueKind("aws_rds_db_cluster_member", {
  db_instance_identifier: text("DBInstanceIdentifier"),
  is_cluster_writer: flag("IsClusterWriter"),
  db_cluster_parameter_group_status: text("DBClusterParameterGroupStatus"),
  promotion_tier: integer("PromotionTier"),
});

const dbClusterOptionGroupStatus = valueKind(
  "aws_rds_db_cluster_option_group_status",
  {
    db_cluster_option_group_name: text("DBClusterOptionGroupName"),
    status: text("Status"),
  },
);

const masterUserSecret = valueKind("aws_rds_master_user_secret", {
  secret_arn: text("SecretArn"),
  secret_status: text("SecretStatus"),
  kms_key_id: text("KmsKeyId"),
});

const scalingConfigurationInfo = valueKind(
  "aws_rds_scaling_configuration_info",
  {
    min_capacity: integer("MinCapacity"),
    max_capacity: integer("MaxCapacity"),
    auto_pause: flag("AutoPause"),
    seconds_until_auto_pause: integer("SecondsUntilAutoPause"),
    timeout_action: text("TimeoutAction"),
    seconds_before_timeout: integer("SecondsBeforeTimeout"),
  },
);

const serverlessV2ScalingConfigurationInfo = valueKind(
  "aws_rds_serverless_v2_scaling_configuration_info",
  {
    min_capacity: decimal("MinCapacity"),
    max_capacity: decimal("MaxCapacity"),
  },
);

/** Our words for its states. */
const STATUS = {
  "available": "available",
  "backing-up": "busy",
  "creating": "busy",
  "deleting": "terminated",
  "failed": "failed",
  "incompatible-parameters": "failed",
  "incompatible-network": "failed",
  "modifying": "busy",
  "rebooting": "busy",
  "resetting-master-credentials": "busy",
  "renaming": "busy",
  "restore-error": "failed",
  "starting": "busy",
  "stopped": "stopped",
  "stopping": "busy",
  "upgrading": "busy",
};

/** Engines whose instances are deleted one by one, before their cluster. */
const OWN_INSTANCES = /^(aurora|docdb|neptune)/;

/**
 * A cluster of database instances (Aurora, DocumentDB, Neptune or Multi-AZ). When
 * it is deleted a final snapshot is made, unless its tag `skymap:final-snapshot`
 * says `false`; one with deletion protection is refused.
 */
export const CLUSTER: ResourceDeclaration = {
  kind: "aws_rds_cluster",
  bases: ["database"],
  description: "A cluster of database instances (RDS)",
  list: {
    service: "rds",
    operation: "DescribeDBClusters",
    result: "DBClusters[*]",
    pages: RDS_PAGES,
  },
  one: ({ id }) => ({ DBClusterIdentifier: id }),
  details: [{
    as: "$subnets",
    of: "DBSubnetGroup",
    service: "rds",
    operation: "DescribeDBSubnetGroups",
    askFor: ([name = ""]) => ({ DBSubnetGroupName: name }),
    result: "DBSubnetGroups[*]",
    pages: RDS_PAGES,
    match: "DBSubnetGroupName",
    none: ["DBSubnetGroupNotFoundFault"],
  }],
  id: "DBClusterIdentifier",
  properties: {
    tags: tags("TagList"),
    name: text("DBClusterIdentifier"),
    ctime: time("ClusterCreateTime"),
    db_type: text("Engine"),
    db_status: choice("database_instance_status", "Status", STATUS, "unknown"),
    db_endpoint: joined(["Endpoint", "Port"], ":"),
    db_version: text("EngineVersion"),
    db_publicly_accessible: flag("PubliclyAccessible"),
    volume_iops: integer("Iops"),
    volume_encrypted: flag("StorageEncrypted"),
    rds_allocated_storage: integer("AllocatedStorage"),
    rds_availability_zones: unordered(texts("AvailabilityZones[*]")),
    rds_backup_retention_period: integer("BackupRetentionPeriod"),
    rds_character_set_name: text("CharacterSetName"),
    rds_database_name: text("DatabaseName"),
    rds_db_cluster_parameter_group: text("DBClusterParameterGroup"),
    rds_db_subnet_group_name: text("DBSubnetGroup"),
    rds_automatic_restart_time: time("AutomaticRestartTime"),
    rds_earliest_restorable_time: volatile(time("EarliestRestorableTime")),
    rds_endpoint: text("Endpoint"),
    rds_reader_endpoint: text("ReaderEndpoint"),
    rds_custom_endpoints: texts("CustomEndpoints[*]"),
    rds_multi_az: flag("MultiAZ"),
    rds_latest_restorable_time: volatile(time("LatestRestorableTime")),
    rds_port: integer("Port"),
    rds_master_username: text("MasterUsername"),
    rds_db_cluster_option_group_memberships: objects(
      "DBClusterOptionGroupMemberships",
      dbClusterOptionGroupStatus,
    ),
    rds_preferred_backup_window: text("PreferredBackupWindow"),
    rds_preferred_maintenance_window: text("PreferredMaintenanceWindow"),
    rds_replication_source_identifier: text("ReplicationSourceIdentifier"),
    rds_read_replica_identifiers: texts("ReadReplicaIdentifiers[*]"),
    rds_db_cluster_members: unordered(
      objects("DBClusterMembers", dbClusterMember),
    ),
    rds_vpc_security_groups: unordered(
      objects("VpcSecurityGroups", vpcSecurityGroupMembership),
    ),
    rds_hosted_zone_id: text("HostedZoneId"),
    rds_kms_key_id: text("KmsKeyId"),
    rds_db_cluster_resource_id: text("DbClusterResourceId"),
    arn: text("DBClusterArn"),
    rds_associated_roles: unordered(objects("AssociatedRoles", dbRole)),
    rds_iam_database_authentication_enabled: flag(
      "IAMDatabaseAuthenticationEnabled",
    ),
    rds_clone_group_id: text("CloneGroupId"),
    rds_earliest_backtrack_time: volatile(time("EarliestBacktrackTime")),
    rds_backtrack_window: integer("BacktrackWindow"),
    rds_backtrack_consumed_change_records: volatile(
      integer("BacktrackConsumedChangeRecords"),
    ),
    rds_enabled_cloudwatch_logs_exports: texts(
      "EnabledCloudwatchLogsExports[*]",
    ),
    rds_capacity: integer("Capacity"),
    rds_engine_mode: text("EngineMode"),
    rds_scaling_configuration_info: object(
      "ScalingConfigurationInfo",
      scalingConfigurationInfo,
    ),
    rds_deletion_protection: flag("DeletionProtection"),
    rds_http_endpoint_enabled: flag("HttpEndpointEnabled"),
    rds_activity_stream_mode: text("ActivityStreamMode"),
    rds_activity_stream_status: text("ActivityStreamStatus"),
    rds_activity_stream_kms_key_id: text("ActivityStreamKmsKeyId"),
    rds_activity_stream_kinesis_stream_name: text(
      "ActivityStreamKinesisStreamName",
    ),
    rds_copy_tags_to_snapshot: flag("CopyTagsToSnapshot"),
    rds_cross_account_clone: flag("CrossAccountClone"),
    rds_domain_memberships: objects("DomainMemberships", domainMembership),
    rds_global_write_forwarding_status: text("GlobalWriteForwardingStatus"),
    rds_global_write_forwarding_requested: flag(
      "GlobalWriteForwardingRequested",
    ),
    rds_cluster_pending_modified_values: object(
      "PendingModifiedValues",
      clusterPendingModifiedValues,
    ),
    rds_db_cluster_instance_class: text("DBClusterInstanceClass"),
    rds_storage_type: text("StorageType"),
    rds_auto_minor_version_upgrade: flag("AutoMinorVersionUpgrade"),
    rds_monitoring_interval: integer("MonitoringInterval"),
    rds_monitoring_role_arn: text("MonitoringRoleArn"),
    rds_performance_insights_enabled: flag("PerformanceInsightsEnabled"),
    rds_performance_insights_kms_key_id: text("PerformanceInsightsKMSKeyId"),
    rds_performance_insights_retention_period: integer(
      "PerformanceInsightsRetentionPeriod",
    ),
    rds_serverless_v2_scaling_configuration: object(
      "ServerlessV2ScalingConfiguration",
      serverlessV2ScalingConfigurationInfo,
    ),
    rds_network_type: text("NetworkType"),
    rds_db_system_id: text("DBSystemId"),
    rds_master_user_secret: object("MasterUserSecret", masterUserSecret),
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
      id: "VpcSecurityGroups[*].VpcSecurityGroupId",
      deletedFirst: "self",
    },
    {
      successor: "aws_rds_instance",
      id: "DBClusterMembers[*].DBInstanceIdentifier",
      // A Multi-AZ cluster takes its instances with it.
      deletedFirst: ({ Engine }) =>
        OWN_INSTANCES.test(String(Engine)) ? "other" : "self",
      goesAlong: ({ Engine }) =>
        OWN_INSTANCES.test(String(Engine)) ? undefined : "other",
    },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    {
      successor: "aws_kinesis_stream",
      id: "ActivityStreamKinesisStreamName",
    },
    { successor: "aws_iam_role", id: "MonitoringRoleArn" },
  ],
  remove: {
    calls: [{
      service: "rds",
      operation: "DeleteDBCluster",
      input: (item, target) => {
        const snapshot = finalSnapshot(item, target, "ClusterCreateTime");
        return {
          DBClusterIdentifier: target.id,
          ...snapshot === undefined
            ? { SkipFinalSnapshot: true }
            : { FinalDBSnapshotIdentifier: snapshot },
        };
      },
    }],
    // The snapshot gets the tags of the cluster.
    implied: [
      { service: "rds", operation: "CreateDBClusterSnapshot" },
      { service: "rds", operation: "AddTagsToResource" },
    ],
    refuse: ({ DeletionProtection }) =>
      DeletionProtection === true ? "its deletion protection is on" : undefined,
    going: { of: "Status", states: ["deleting"] },
    gone: ["DBClusterNotFoundFault"],
    later: ["InvalidDBClusterStateFault"],
    withinSeconds: 1800,
    follows: { rds_db_cluster_members: "less", rds_multi_az: "any" },
  },
  tagging: rdsTagging("cluster"),
};
