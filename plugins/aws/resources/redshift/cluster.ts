import type { ResourceDeclaration } from "../../declaration.ts";
import { arnOf, kmsKeyId } from "../../arn.ts";
import { finalSnapshot } from "../final_snapshot.ts";
import { keyValueTags } from "../key_value_tags.ts";
import { REDSHIFT_PAGES } from "./redshift_pages.ts";
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
  volatile,
} from "../../property.ts";

const aquaConfiguration = valueKind("aws_redshift_aqua_configuration", {
  aqua_status: text("AquaStatus"),
  aqua_configuration_status: text("AquaConfigurationStatus"),
});

const clusterIamRole = valueKind("aws_redshift_cluster_iam_role", {
  iam_role_arn: text("IamRoleArn"),
  apply_status: text("ApplyStatus"),
});

const clusterNode = valueKind("aws_redshift_cluster_node", {
  node_role: text("NodeRole"),
  private_ip_address: text("PrivateIPAddress"),
  public_ip_address: text("PublicIPAddress"),
});

const clusterParameterStatus = valueKind(
  "aws_redshift_cluster_parameter_status",
  {
    parameter_name: text("ParameterName"),
    parameter_apply_status: text("ParameterApplyStatus"),
    parameter_apply_error_description: text("ParameterApplyErrorDescription"),
  },
);

const clusterParameterGroupStatus = valueKind(
  "aws_redshift_cluster_parameter_group_status",
  {
    parameter_group_name: text("ParameterGroupName"),
    parameter_apply_status: text("ParameterApplyStatus"),
    cluster_parameter_status_list: objects(
      "ClusterParameterStatusList",
      clusterParameterStatus,
    ),
  },
);

const clusterSecurityGroupMembership = valueKind(
  "aws_redshift_cluster_security_group_membership",
  {
    cluster_security_group_name: text("ClusterSecurityGroupName"),
    status: text("Status"),
  },
);

const clusterSnapshotCopyStatus = valueKind(
  "aws_redshift_cluster_snapshot_copy_status",
  {
    destination_region: text("DestinationRegion"),
    retention_period: integer("RetentionPeriod"),
    manual_snapshot_retention_period: integer("ManualSnapshotRetentionPeriod"),
    snapshot_copy_grant_name: text("SnapshotCopyGrantName"),
  },
);

const deferredMaintenanceWindow = valueKind(
  "aws_redshift_deferred_maintenance_window",
  {
    defer_maintenance_identifier: text("DeferMaintenanceIdentifier"),
    defer_maintenance_start_time: time("DeferMaintenanceStartTime"),
    defer_maintenance_end_time: time("DeferMaintenanceEndTime"),
  },
);

const elasticIpStatus = valueKind("aws_redshift_elastic_ip_status", {
  elastic_ip: text("ElasticIp"),
  status: text("Status"),
});

const networkInterface = valueKind("aws_redshift_network_interface", {
  network_interface_id: text("NetworkInterfaceId"),
  subnet_id: text("SubnetId"),
  private_ip_address: text("PrivateIpAddress"),
  availability_zone: text("AvailabilityZone"),
});

const vpcEndpoint = valueKind("aws_redshift_vpc_endpoint", {
  vpc_endpoint_id: text("VpcEndpointId"),
  vpc_id: text("VpcId"),
  network_interfaces: objects("NetworkInterfaces", networkInterface),
});

const endpoint = valueKind("aws_redshift_endpoint", {
  address: text("Address"),
  port: integer("Port"),
  vpc_endpoints: objects("VpcEndpoints", vpcEndpoint),
});

const hsmStatus = valueKind("aws_redshift_hsm_status", {
  hsm_client_certificate_identifier: text("HsmClientCertificateIdentifier"),
  hsm_configuration_identifier: text("HsmConfigurationIdentifier"),
  status: text("Status"),
});

const pendingModifiedValues = valueKind(
  "aws_redshift_pending_modified_values",
  {
    node_type: text("NodeType"),
    number_of_nodes: integer("NumberOfNodes"),
    cluster_type: text("ClusterType"),
    cluster_version: text("ClusterVersion"),
    automated_snapshot_retention_period: integer(
      "AutomatedSnapshotRetentionPeriod",
    ),
    cluster_identifier: text("ClusterIdentifier"),
    publicly_accessible: flag("PubliclyAccessible"),
    enhanced_vpc_routing: flag("EnhancedVpcRouting"),
    maintenance_track_name: text("MaintenanceTrackName"),
    encryption_type: text("EncryptionType"),
  },
);

const reservedNodeExchangeStatus = valueKind(
  "aws_redshift_reserved_node_exchange_status",
  {
    reserved_node_exchange_request_id: text("ReservedNodeExchangeRequestId"),
    status: text("Status"),
    request_time: time("RequestTime"),
    source_reserved_node_id: text("SourceReservedNodeId"),
    source_reserved_node_type: text("SourceReservedNodeType"),
    source_reserved_node_count: integer("SourceReservedNodeCount"),
    target_reserved_node_offering_id: text("TargetReservedNodeOfferingId"),
    target_reserved_node_type: text("TargetReservedNodeType"),
    target_reserved_node_count: integer("TargetReservedNodeCount"),
  },
);

const resizeInfo = valueKind("aws_redshift_resize_info", {
  resize_type: text("ResizeType"),
  allow_cancel_resize: flag("AllowCancelResize"),
});

const vpcSecurityGroupMembership = valueKind(
  "aws_redshift_vpc_security_group_membership",
  {
    vpc_security_group_id: text("VpcSecurityGroupId"),
    status: text("Status"),
  },
);

const restoreStatus = valueKind("aws_redshift_restore_status", {
  status: text("Status"),
  current_restore_rate_in_mega_bytes_per_second: decimal(
    "CurrentRestoreRateInMegaBytesPerSecond",
  ),
  snapshot_size_in_mega_bytes: integer("SnapshotSizeInMegaBytes"),
  progress_in_mega_bytes: integer("ProgressInMegaBytes"),
  elapsed_time_in_seconds: integer("ElapsedTimeInSeconds"),
  estimated_time_to_completion_in_seconds: integer(
    "EstimatedTimeToCompletionInSeconds",
  ),
});

const dataTransferProgress = valueKind("aws_redshift_data_transfer_progress", {
  status: text("Status"),
  current_rate_in_mega_bytes_per_second: decimal(
    "CurrentRateInMegaBytesPerSecond",
  ),
  total_data_in_mega_bytes: integer("TotalDataInMegaBytes"),
  data_transferred_in_mega_bytes: integer("DataTransferredInMegaBytes"),
  estimated_time_to_completion_in_seconds: integer(
    "EstimatedTimeToCompletionInSeconds",
  ),
  elapsed_time_in_seconds: integer("ElapsedTimeInSeconds"),
});

const loggingStatus = valueKind("aws_redshift_logging_status", {
  logging_enabled: flag("LoggingEnabled"),
  bucket_name: text("BucketName"),
  s3_key_prefix: text("S3KeyPrefix"),
  last_successful_delivery_time: volatile(time("LastSuccessfulDeliveryTime")),
  last_failure_time: volatile(time("LastFailureTime")),
  last_failure_message: text("LastFailureMessage"),
  log_destination_type: text("LogDestinationType"),
  log_exports: texts("LogExports[*]"),
});

/**
 * A cluster of Redshift. When it is deleted a final snapshot is made, unless its
 * tag `skymap:final-snapshot` says `false`.
 */
export const CLUSTER: ResourceDeclaration = {
  kind: "aws_redshift_cluster",
  description: "A data warehouse cluster (Redshift)",
  list: {
    service: "redshift",
    operation: "DescribeClusters",
    result: "Clusters[*]",
    pages: REDSHIFT_PAGES,
  },
  one: ({ id }) => ({ ClusterIdentifier: id }),
  details: [
    {
      as: "$logging",
      of: "ClusterIdentifier",
      service: "redshift",
      operation: "DescribeLoggingStatus",
      askFor: ([id = ""]) => ({ ClusterIdentifier: id }),
      none: ["ClusterNotFoundFault"],
    },
    {
      as: "$subnets",
      of: "ClusterSubnetGroupName",
      service: "redshift",
      operation: "DescribeClusterSubnetGroups",
      askFor: ([name = ""]) => ({ ClusterSubnetGroupName: name }),
      result: "ClusterSubnetGroups[*]",
      pages: REDSHIFT_PAGES,
      match: "ClusterSubnetGroupName",
      none: [
        "ClusterSubnetGroupNotFoundFault",
      ],
    },
  ],
  id: "ClusterIdentifier",
  zone: "AvailabilityZone",
  properties: {
    tags: tags("Tags"),
    name: text("ClusterIdentifier"),
    ctime: time("ClusterCreateTime"),
    redshift_node_type: text("NodeType"),
    redshift_cluster_status: text("ClusterStatus"),
    redshift_cluster_availability_status: text("ClusterAvailabilityStatus"),
    redshift_modify_status: text("ModifyStatus"),
    redshift_master_username: text("MasterUsername"),
    redshift_db_name: text("DBName"),
    redshift_endpoint: object("Endpoint", endpoint),
    redshift_automated_snapshot_retention_period: integer(
      "AutomatedSnapshotRetentionPeriod",
    ),
    redshift_manual_snapshot_retention_period: integer(
      "ManualSnapshotRetentionPeriod",
    ),
    redshift_cluster_security_groups: objects(
      "ClusterSecurityGroups",
      clusterSecurityGroupMembership,
    ),
    redshift_vpc_security_groups: unordered(
      objects("VpcSecurityGroups", vpcSecurityGroupMembership),
    ),
    redshift_cluster_parameter_groups: objects(
      "ClusterParameterGroups",
      clusterParameterGroupStatus,
    ),
    redshift_cluster_subnet_group_name: text("ClusterSubnetGroupName"),
    redshift_vpc_id: text("VpcId"),
    redshift_availability_zone: text("AvailabilityZone"),
    redshift_preferred_maintenance_window: text("PreferredMaintenanceWindow"),
    redshift_pending_modified_values: object(
      "PendingModifiedValues",
      pendingModifiedValues,
    ),
    redshift_cluster_version: text("ClusterVersion"),
    redshift_allow_version_upgrade: flag("AllowVersionUpgrade"),
    redshift_number_of_nodes: integer("NumberOfNodes"),
    redshift_publicly_accessible: flag("PubliclyAccessible"),
    redshift_encrypted: flag("Encrypted"),
    redshift_restore_status: volatile(object("RestoreStatus", restoreStatus)),
    redshift_data_transfer_progress: volatile(
      object("DataTransferProgress", dataTransferProgress),
    ),
    redshift_hsm_status: object("HsmStatus", hsmStatus),
    redshift_cluster_snapshot_copy_status: object(
      "ClusterSnapshotCopyStatus",
      clusterSnapshotCopyStatus,
    ),
    redshift_cluster_public_key: text("ClusterPublicKey"),
    redshift_cluster_nodes: objects("ClusterNodes", clusterNode),
    redshift_elastic_ip_status: object("ElasticIpStatus", elasticIpStatus),
    redshift_cluster_revision_number: text("ClusterRevisionNumber"),
    redshift_kms_key_id: text("KmsKeyId"),
    redshift_enhanced_vpc_routing: flag("EnhancedVpcRouting"),
    redshift_iam_roles: unordered(objects("IamRoles", clusterIamRole)),
    redshift_pending_actions: texts("PendingActions[*]"),
    redshift_maintenance_track_name: text("MaintenanceTrackName"),
    redshift_elastic_resize_number_of_node_options: text(
      "ElasticResizeNumberOfNodeOptions",
    ),
    redshift_deferred_maintenance_windows: objects(
      "DeferredMaintenanceWindows",
      deferredMaintenanceWindow,
    ),
    redshift_snapshot_schedule_identifier: text("SnapshotScheduleIdentifier"),
    redshift_snapshot_schedule_state: text("SnapshotScheduleState"),
    redshift_expected_next_snapshot_schedule_time: volatile(
      time("ExpectedNextSnapshotScheduleTime"),
    ),
    redshift_expected_next_snapshot_schedule_time_status: text(
      "ExpectedNextSnapshotScheduleTimeStatus",
    ),
    redshift_next_maintenance_window_start_time: volatile(
      time("NextMaintenanceWindowStartTime"),
    ),
    redshift_resize_info: object("ResizeInfo", resizeInfo),
    redshift_availability_zone_relocation_status: text(
      "AvailabilityZoneRelocationStatus",
    ),
    redshift_cluster_namespace_arn: text("ClusterNamespaceArn"),
    redshift_total_storage_capacity_in_mega_bytes: integer(
      "TotalStorageCapacityInMegaBytes",
    ),
    redshift_aqua_configuration: object("AquaConfiguration", aquaConfiguration),
    redshift_default_iam_role_arn: text("DefaultIamRoleArn"),
    redshift_reserved_node_exchange_status: object(
      "ReservedNodeExchangeStatus",
      reservedNodeExchangeStatus,
    ),
    redshift_logging_status: object("$logging", loggingStatus),
  },
  edges: [
    { predecessor: "aws_vpc", id: "VpcId", deletedFirst: "self" },
    {
      predecessor: "aws_ec2_security_group",
      id: "VpcSecurityGroups[*].VpcSecurityGroupId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_iam_role",
      id: "IamRoles[*].IamRoleArn",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "$subnets.Subnets[*].SubnetIdentifier",
      deletedFirst: "self",
    },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    { successor: "aws_s3_bucket", id: "$logging.BucketName" },
  ],
  remove: {
    calls: [{
      service: "redshift",
      operation: "DeleteCluster",
      input: (item, target) => {
        const snapshot = finalSnapshot(item, target, "ClusterCreateTime");
        return {
          ClusterIdentifier: target.id,
          ...snapshot === undefined ? { SkipFinalClusterSnapshot: true } : {
            SkipFinalClusterSnapshot: false,
            FinalClusterSnapshotIdentifier: snapshot,
          },
        };
      },
    }],
    implied: [{ service: "redshift", operation: "CreateClusterSnapshot" }],
    going: { of: "ClusterStatus", states: ["deleting", "final-snapshot"] },
    gone: ["ClusterNotFoundFault"],
    later: ["InvalidClusterStateFault"],
    withinSeconds: 1800,
  },
  tagging: {
    set: {
      service: "redshift",
      operation: "CreateTags",
      input: (target, tags) => ({
        ResourceName: arnOf(target, "redshift", `cluster:${target.id}`),
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "redshift",
      operation: "DeleteTags",
      input: (target, keys) => ({
        ResourceName: arnOf(target, "redshift", `cluster:${target.id}`),
        TagKeys: [...keys],
      }),
    },
  },
};
