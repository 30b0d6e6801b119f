import type { Item, ResourceDeclaration } from "../../declaration.ts";
import { arnName, kmsKeyId } from "../../arn.ts";
import { finalSnapshot } from "../final_snapshot.ts";
import { RDS_PAGES } from "./rds_pages.ts";
import { rdsTagging } from "./rds_tagging.ts";
import {
  choice,
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
  endpoint,
  pendingCloudwatchLogsExports,
  processorFeature,
  vpcSecurityGroupMembership,
} from "./shared_values.ts";

const dbInstanceStatusInfo = valueKind("aws_rds_db_instance_status_info", {
  status_type: text("StatusType"),
  normal: flag("Normal"),
  status: text("Status"),
  message: text("Message"),
});

const dbParameterGroupStatus = valueKind("aws_rds_db_parameter_group_status", {
  db_parameter_group_name: text("DBParameterGroupName"),
  parameter_apply_status: text("ParameterApplyStatus"),
});

const dbSecurityGroupMembership = valueKind(
  "aws_rds_db_security_group_membership",
  {
    db_security_group_name: text("DBSecurityGroupName"),
    status: text("Status"),
  },
);

const subnet = valueKind("aws_rds_subnet", {
  subnet_identifier: text("SubnetIdentifier"),
  subnet_availability_zone: text("SubnetAvailabilityZone.Name"),
  subnet_outpost: text("SubnetOutpost.Arn"),
  subnet_status: text("SubnetStatus"),
});

const dbSubnetGroup = valueKind("aws_rds_db_subnet_group", {
  db_subnet_group_name: text("DBSubnetGroupName"),
  db_subnet_group_description: text("DBSubnetGroupDescription"),
  vpc_id: text("VpcId"),
  subnet_group_status: text("SubnetGroupStatus"),
  subnets: unordered(objects("Subnets", subnet)),
  db_subnet_group_arn: text("DBSubnetGroupArn"),
  supported_network_types: texts("SupportedNetworkTypes[*]"),
});

const optionGroupMembership = valueKind("aws_rds_option_group_membership", {
  option_group_name: text("OptionGroupName"),
  status: text("Status"),
});

const pendingModifiedValues = valueKind("aws_rds_pending_modified_values", {
  db_instance_class: text("DBInstanceClass"),
  allocated_storage: integer("AllocatedStorage"),
  port: integer("Port"),
  backup_retention_period: integer("BackupRetentionPeriod"),
  multi_az: flag("MultiAZ"),
  engine_version: text("EngineVersion"),
  license_model: text("LicenseModel"),
  iops: integer("Iops"),
  db_instance_identifier: text("DBInstanceIdentifier"),
  storage_type: text("StorageType"),
  ca_certificate_identifier: text("CACertificateIdentifier"),
  db_subnet_group_name: text("DBSubnetGroupName"),
  pending_cloudwatch_logs_exports: object(
    "PendingCloudwatchLogsExports",
    pendingCloudwatchLogsExports,
  ),
  processor_features: objects("ProcessorFeatures", processorFeature),
  iam_database_authentication_enabled: flag("IAMDatabaseAuthenticationEnabled"),
  automation_mode: text("AutomationMode"),
  resume_full_automation_mode_time: time("ResumeFullAutomationModeTime"),
});

/** Our words for its states. */
const STATUS = {
  "available": "available",
  "backing-up": "busy",
  "configuring-enhanced-monitoring": "busy",
  "configuring-iam-database-auth": "busy",
  "configuring-log-exports": "busy",
  "converting-to-vpc": "busy",
  "creating": "busy",
  "delete-precheck": "busy",
  "deleting": "terminated",
  "failed": "failed",
  "inaccessible-encryption-credentials": "failed",
  "inaccessible-encryption-credentials-recoverable": "busy",
  "incompatible-network": "failed",
  "incompatible-option-group": "failed",
  "incompatible-parameters": "failed",
  "incompatible-restore": "failed",
  "insufficient-capacity": "failed",
  "maintenance": "busy",
  "modifying": "busy",
  "moving-to-vpc": "busy",
  "rebooting": "busy",
  "resetting-master-credentials": "busy",
  "renaming": "busy",
  "restore-error": "failed",
  "starting": "busy",
  "stopped": "stopped",
  "stopping": "busy",
  "storage-config-upgrade": "busy",
  "storage-full": "failed",
  "storage-optimization": "busy",
  "upgrading": "busy",
};

/**
 * Whether its data is elsewhere: in the volume of its cluster, or in the instance
 * that it is a copy of. RDS makes no final snapshot of such an instance.
 */
function isCopy(item: Item): boolean {
  return [
    item["DBClusterIdentifier"],
    item["ReadReplicaSourceDBInstanceIdentifier"],
  ].some((source) => typeof source === "string" && source !== "");
}

/**
 * An instance of RDS; also those of Neptune and DocumentDB, which RDS lists. When
 * one that holds data is deleted, a final snapshot is made, unless its tag
 * `skymap:final-snapshot` says `false`; one with deletion protection is refused.
 */
export const INSTANCE: ResourceDeclaration = {
  kind: "aws_rds_instance",
  bases: ["database"],
  description: "A database instance (RDS)",
  list: {
    service: "rds",
    operation: "DescribeDBInstances",
    result: "DBInstances[*]",
    pages: RDS_PAGES,
  },
  one: ({ id }) => ({ DBInstanceIdentifier: id }),
  id: "DBInstanceIdentifier",
  zone: "AvailabilityZone",
  properties: {
    tags: tags("TagList"),
    name: text("DBName"),
    ctime: time("InstanceCreateTime"),
    arn: text("DBInstanceArn"),
    db_type: text("Engine"),
    db_status: choice(
      "database_instance_status",
      "DBInstanceStatus",
      STATUS,
      "unknown",
    ),
    db_endpoint: joined(["Endpoint.Address", "Endpoint.Port"], ":"),
    db_version: text("EngineVersion"),
    db_publicly_accessible: flag("PubliclyAccessible"),
    instance_type: text("DBInstanceClass"),
    volume_size: integer("AllocatedStorage"),
    volume_iops: integer("Iops"),
    volume_encrypted: flag("StorageEncrypted"),
    rds_automatic_restart_time: time("AutomaticRestartTime"),
    rds_master_username: text("MasterUsername"),
    rds_preferred_backup_window: text("PreferredBackupWindow"),
    rds_backup_retention_period: integer("BackupRetentionPeriod"),
    rds_db_security_groups: objects(
      "DBSecurityGroups",
      dbSecurityGroupMembership,
    ),
    rds_vpc_security_groups: unordered(
      objects("VpcSecurityGroups", vpcSecurityGroupMembership),
    ),
    rds_db_parameter_groups: objects(
      "DBParameterGroups",
      dbParameterGroupStatus,
    ),
    rds_availability_zone: text("AvailabilityZone"),
    rds_db_subnet_group: object("DBSubnetGroup", dbSubnetGroup),
    rds_preferred_maintenance_window: text("PreferredMaintenanceWindow"),
    rds_pending_modified_values: object(
      "PendingModifiedValues",
      pendingModifiedValues,
    ),
    rds_latest_restorable_time: volatile(time("LatestRestorableTime")),
    rds_multi_az: flag("MultiAZ"),
    rds_auto_minor_version_upgrade: flag("AutoMinorVersionUpgrade"),
    rds_read_replica_source_db_instance_identifier: text(
      "ReadReplicaSourceDBInstanceIdentifier",
    ),
    rds_read_replica_db_instance_identifiers: unordered(
      texts("ReadReplicaDBInstanceIdentifiers[*]"),
    ),
    rds_read_replica_db_cluster_identifiers: texts(
      "ReadReplicaDBClusterIdentifiers[*]",
    ),
    rds_replica_mode: text("ReplicaMode"),
    rds_license_model: text("LicenseModel"),
    rds_option_group_memberships: objects(
      "OptionGroupMemberships",
      optionGroupMembership,
    ),
    rds_character_set_name: text("CharacterSetName"),
    rds_nchar_character_set_name: text("NcharCharacterSetName"),
    rds_secondary_availability_zone: text("SecondaryAvailabilityZone"),
    rds_status_infos: objects("StatusInfos", dbInstanceStatusInfo),
    rds_storage_type: text("StorageType"),
    rds_tde_credential_arn: text("TdeCredentialArn"),
    rds_db_instance_port: integer("DbInstancePort"),
    rds_db_cluster_identifier: text("DBClusterIdentifier"),
    rds_kms_key_id: text("KmsKeyId"),
    rds_dbi_resource_id: text("DbiResourceId"),
    rds_ca_certificate_identifier: text("CACertificateIdentifier"),
    rds_domain_memberships: objects("DomainMemberships", domainMembership),
    rds_copy_tags_to_snapshot: flag("CopyTagsToSnapshot"),
    rds_monitoring_interval: integer("MonitoringInterval"),
    rds_enhanced_monitoring_resource_arn: text("EnhancedMonitoringResourceArn"),
    rds_monitoring_role_arn: text("MonitoringRoleArn"),
    rds_promotion_tier: integer("PromotionTier"),
    rds_timezone: text("Timezone"),
    rds_iam_database_authentication_enabled: flag(
      "IAMDatabaseAuthenticationEnabled",
    ),
    rds_performance_insights_enabled: flag("PerformanceInsightsEnabled"),
    rds_performance_insights_kms_key_id: text("PerformanceInsightsKMSKeyId"),
    rds_performance_insights_retention_period: integer(
      "PerformanceInsightsRetentionPeriod",
    ),
    rds_enabled_cloudwatch_logs_exports: texts(
      "EnabledCloudwatchLogsExports[*]",
    ),
    rds_processor_features: objects("ProcessorFeatures", processorFeature),
    rds_deletion_protection: flag("DeletionProtection"),
    rds_associated_roles: unordered(objects("AssociatedRoles", dbRole)),
    rds_listener_endpoint: object("ListenerEndpoint", endpoint),
    rds_max_allocated_storage: integer("MaxAllocatedStorage"),
    rds_db_instance_automated_backups_replications: texts(
      "DBInstanceAutomatedBackupsReplications[*].DBInstanceAutomatedBackupsArn",
    ),
    rds_customer_owned_ip_enabled: flag("CustomerOwnedIpEnabled"),
    rds_aws_backup_recovery_point_arn: text("AwsBackupRecoveryPointArn"),
    rds_activity_stream_status: text("ActivityStreamStatus"),
    rds_activity_stream_kms_key_id: text("ActivityStreamKmsKeyId"),
    rds_activity_stream_kinesis_stream_name: text(
      "ActivityStreamKinesisStreamName",
    ),
    rds_activity_stream_mode: text("ActivityStreamMode"),
    rds_activity_stream_engine_native_audit_fields_included: flag(
      "ActivityStreamEngineNativeAuditFieldsIncluded",
    ),
    rds_automation_mode: text("AutomationMode"),
    rds_resume_full_automation_mode_time: time("ResumeFullAutomationModeTime"),
    rds_custom_iam_instance_profile: text("CustomIamInstanceProfile"),
    rds_backup_target: text("BackupTarget"),
    rds_network_type: text("NetworkType"),
  },
  edges: [
    { predecessor: "aws_vpc", id: "DBSubnetGroup.VpcId", deletedFirst: "self" },
    {
      predecessor: "aws_ec2_security_group",
      id: "VpcSecurityGroups[*].VpcSecurityGroupId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "DBSubnetGroup.Subnets[*].SubnetIdentifier",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_rds_instance",
      id: "ReadReplicaSourceDBInstanceIdentifier",
      read: arnName,
    },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    { successor: "aws_iam_role", id: "MonitoringRoleArn" },
  ],
  remove: {
    calls: [{
      service: "rds",
      operation: "DeleteDBInstance",
      input: (item, target) => {
        const snapshot = isCopy(item)
          ? undefined
          : finalSnapshot(item, target, "InstanceCreateTime");
        return {
          DBInstanceIdentifier: target.id,
          ...snapshot === undefined
            ? { SkipFinalSnapshot: true }
            : { FinalDBSnapshotIdentifier: snapshot },
        };
      },
    }],
    // The snapshot gets the tags of the instance.
    implied: [
      { service: "rds", operation: "CreateDBSnapshot" },
      { service: "rds", operation: "AddTagsToResource" },
    ],
    refuse: ({ DeletionProtection }) =>
      DeletionProtection === true ? "its deletion protection is on" : undefined,
    going: { of: "DBInstanceStatus", states: ["deleting"] },
    gone: ["DBInstanceNotFoundFault"],
    later: ["InvalidDBInstanceStateFault"],
    withinSeconds: 1800,
    follows: {
      rds_read_replica_db_instance_identifiers: "less",
      rds_read_replica_source_db_instance_identifier: "less",
    },
  },
  tagging: rdsTagging("db"),
};
