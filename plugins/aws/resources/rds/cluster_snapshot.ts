import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import { RDS_PAGES } from "./rds_pages.ts";
import { rdsTagging } from "./rds_tagging.ts";
import { sharedRegion } from "./shared_region.ts";
import {
  flag,
  integer,
  listsByName,
  tags,
  text,
  texts,
  time,
  unordered,
} from "../../property.ts";

/** A snapshot of a database cluster; only one made by hand can be deleted. */
export const CLUSTER_SNAPSHOT: ResourceDeclaration = {
  kind: "aws_rds_cluster_snapshot",
  description: "A snapshot of a database cluster (RDS)",
  list: {
    service: "rds",
    operation: "DescribeDBClusterSnapshots",
    result: "DBClusterSnapshots[*]",
    pages: RDS_PAGES,
  },
  one: ({ id }) => ({ DBClusterSnapshotIdentifier: id }),
  details: [{
    as: "$attributes",
    of: "DBClusterSnapshotIdentifier",
    many: true,
    service: "rds",
    operation: "DescribeDBClusterSnapshotAttributes",
    askFor: ([id = ""]) => ({ DBClusterSnapshotIdentifier: id }),
    region: sharedRegion,
    result: "DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes[*]",
    // One that is being made has none yet.
    none: [
      "DBClusterSnapshotNotFoundFault",
      "InvalidDBClusterSnapshotStateFault",
    ],
  }],
  id: "DBClusterSnapshotIdentifier",
  properties: {
    tags: tags("TagList"),
    name: text("TagList[Name]"),
    ctime: time("SnapshotCreateTime"),
    rds_availability_zones: unordered(texts("AvailabilityZones[*]")),
    rds_db_cluster_identifier: text("DBClusterIdentifier"),
    rds_engine: text("Engine"),
    rds_engine_mode: text("EngineMode"),
    rds_allocated_storage: integer("AllocatedStorage"),
    rds_status: text("Status"),
    rds_port: integer("Port"),
    rds_vpc_id: text("VpcId"),
    rds_cluster_create_time: time("ClusterCreateTime"),
    rds_master_username: text("MasterUsername"),
    rds_engine_version: text("EngineVersion"),
    rds_license_model: text("LicenseModel"),
    rds_snapshot_type: text("SnapshotType"),
    rds_percent_progress: integer("PercentProgress"),
    rds_storage_encrypted: flag("StorageEncrypted"),
    rds_kms_key_id: text("KmsKeyId"),
    rds_db_cluster_snapshot_arn: text("DBClusterSnapshotArn"),
    rds_source_db_cluster_snapshot_arn: text("SourceDBClusterSnapshotArn"),
    rds_iam_database_authentication_enabled: flag(
      "IAMDatabaseAuthenticationEnabled",
    ),
    rds_db_system_id: text("DBSystemId"),
    rds_storage_type: text("StorageType"),
    rds_db_cluster_resource_id: text("DbClusterResourceId"),
    rds_attributes: listsByName("$attributes", {
      key: "AttributeName",
      values: "AttributeValues",
    }),
  },
  edges: [
    { predecessor: "aws_rds_cluster", id: "DBClusterIdentifier" },
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
      operation: "DeleteDBClusterSnapshot",
      input: (_, { id }) => ({ DBClusterSnapshotIdentifier: id }),
    }],
    refuse: ({ SnapshotType }) =>
      SnapshotType === "manual"
        ? undefined
        : `it is ${SnapshotType}: it goes by the rules of what made it`,
    going: { of: "Status", states: ["deleting"] },
    gone: ["DBClusterSnapshotNotFoundFault"],
    later: [
      "InvalidDBClusterSnapshotStateFault",
    ],
    withinSeconds: 300,
  },
  tagging: rdsTagging("cluster-snapshot"),
};
