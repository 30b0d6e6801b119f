import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import { RDS_PAGES } from "./rds_pages.ts";
import { rdsTagging } from "./rds_tagging.ts";
import { sharedRegion } from "./shared_region.ts";
import {
  dictionary,
  flag,
  integer,
  listsByName,
  tags,
  text,
  time,
} from "../../property.ts";

/** A snapshot of a database instance; only one made by hand can be deleted. */
export const SNAPSHOT: ResourceDeclaration = {
  kind: "aws_rds_snapshot",
  bases: ["snapshot"],
  description: "A snapshot of a database instance (RDS)",
  list: {
    service: "rds",
    operation: "DescribeDBSnapshots",
    result: "DBSnapshots[*]",
    pages: RDS_PAGES,
  },
  one: ({ id }) => ({ DBSnapshotIdentifier: id }),
  details: [{
    as: "$attributes",
    of: "DBSnapshotIdentifier",
    many: true,
    service: "rds",
    operation: "DescribeDBSnapshotAttributes",
    askFor: ([id = ""]) => ({ DBSnapshotIdentifier: id }),
    region: sharedRegion,
    result: "DBSnapshotAttributesResult.DBSnapshotAttributes[*]",
    // One that is being made has none yet.
    none: ["DBSnapshotNotFoundFault", "InvalidDBSnapshotStateFault"],
  }],
  id: "DBSnapshotIdentifier",
  properties: {
    tags: tags("TagList"),
    name: text("TagList[Name]"),
    ctime: time("SnapshotCreateTime"),
    arn: text("DBSnapshotArn"),
    rds_db_instance_identifier: text("DBInstanceIdentifier"),
    rds_engine: text("Engine"),
    rds_allocated_storage: integer("AllocatedStorage"),
    snapshot_status: text("Status"),
    rds_port: integer("Port"),
    rds_availability_zone: text("AvailabilityZone"),
    rds_vpc_id: text("VpcId"),
    rds_instance_create_time: time("InstanceCreateTime"),
    rds_master_username: text("MasterUsername"),
    rds_engine_version: text("EngineVersion"),
    rds_license_model: text("LicenseModel"),
    rds_snapshot_type: text("SnapshotType"),
    rds_iops: integer("Iops"),
    rds_option_group_name: text("OptionGroupName"),
    rds_percent_progress: integer("PercentProgress"),
    rds_source_region: text("SourceRegion"),
    rds_source_db_snapshot_identifier: text("SourceDBSnapshotIdentifier"),
    rds_storage_type: text("StorageType"),
    rds_tde_credential_arn: text("TdeCredentialArn"),
    rds_encrypted: flag("Encrypted"),
    encrypted: flag("Encrypted"),
    volume_size: integer("AllocatedStorage"),
    rds_kms_key_id: text("KmsKeyId"),
    rds_timezone: text("Timezone"),
    rds_iam_database_authentication_enabled: flag(
      "IAMDatabaseAuthenticationEnabled",
    ),
    rds_processor_features: dictionary("ProcessorFeatures", {
      key: "Name",
      value: "Value",
    }),
    rds_dbi_resource_id: text("DbiResourceId"),
    rds_original_snapshot_create_time: time("OriginalSnapshotCreateTime"),
    rds_snapshot_database_time: time("SnapshotDatabaseTime"),
    rds_snapshot_target: text("SnapshotTarget"),
    rds_storage_throughput: integer("StorageThroughput"),
    rds_db_system_id: text("DBSystemId"),
    rds_dedicated_log_volume: flag("DedicatedLogVolume"),
    rds_multi_tenant: flag("MultiTenant"),
    rds_attributes: listsByName("$attributes", {
      key: "AttributeName",
      values: "AttributeValues",
    }),
  },
  edges: [
    { predecessor: "aws_rds_instance", id: "DBInstanceIdentifier" },
    { predecessor: "aws_vpc", id: "VpcId" },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "rds",
      operation: "DeleteDBSnapshot",
      input: (_, { id }) => ({ DBSnapshotIdentifier: id }),
    }],
    refuse: ({ SnapshotType }) =>
      SnapshotType === "manual"
        ? undefined
        : `it is ${SnapshotType}: it goes by the rules of what made it`,
    going: { of: "Status", states: ["deleting"] },
    gone: ["DBSnapshotNotFoundFault"],
    later: ["InvalidDBSnapshotStateFault"],
    withinSeconds: 300,
  },
  tagging: rdsTagging("snapshot"),
};
