import {
  integer,
  object,
  objects,
  text,
  time,
  type ValueDeclaration,
  valueKind,
} from "../../property.ts";

/** How a table is stored and paid for. */
export const tableClassSummary: ValueDeclaration = valueKind(
  "aws_dynamodb_table_class_summary",
  {
    table_class: text("TableClass"),
    last_update_date_time: time("LastUpdateDateTime"),
  },
);

const replicaGlobalSecondaryIndexDescription = valueKind(
  "aws_dynamodb_replica_global_secondary_index_description",
  {
    index_name: text("IndexName"),
    provisioned_throughput_override: integer(
      "ProvisionedThroughputOverride.ReadCapacityUnits",
    ),
  },
);

/** A copy of a table in a region. */
export const replicaDescription: ValueDeclaration = valueKind(
  "aws_dynamodb_replica_description",
  {
    region_name: text("RegionName"),
    replica_status: text("ReplicaStatus"),
    replica_status_description: text("ReplicaStatusDescription"),
    replica_status_percent_progress: text("ReplicaStatusPercentProgress"),
    kms_master_key_id: text("KMSMasterKeyId"),
    provisioned_throughput_override: integer(
      "ProvisionedThroughputOverride.ReadCapacityUnits",
    ),
    global_secondary_indexes: objects(
      "GlobalSecondaryIndexes",
      replicaGlobalSecondaryIndexDescription,
    ),
    replica_inaccessible_date_time: time("ReplicaInaccessibleDateTime"),
    replica_table_class_summary: object(
      "ReplicaTableClassSummary",
      tableClassSummary,
    ),
  },
);
