import type { ResourceDeclaration } from "../../declaration.ts";
import { arnOf, kmsKeyId } from "../../arn.ts";
import { parsePath, readFirst } from "../../path.ts";
import { keyValueTags } from "../key_value_tags.ts";
import {
  choice,
  constant,
  flag,
  flagOf,
  integer,
  object,
  objects,
  policy,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
  volatile,
} from "../../property.ts";
import { replicaDescription, tableClassSummary } from "./shared_values.ts";

const archivalSummary = valueKind("aws_dynamodb_archival_summary", {
  archival_date_time: time("ArchivalDateTime"),
  archival_reason: text("ArchivalReason"),
  archival_backup_arn: text("ArchivalBackupArn"),
});

const attributeDefinition = valueKind("aws_dynamodb_attribute_definition", {
  attribute_name: text("AttributeName"),
  attribute_type: text("AttributeType"),
});

const billingModeSummary = valueKind("aws_dynamodb_billing_mode_summary", {
  billing_mode: text("BillingMode"),
  last_update_to_pay_per_request_date_time: time(
    "LastUpdateToPayPerRequestDateTime",
  ),
});

const keySchemaElement = valueKind("aws_dynamodb_key_schema_element", {
  attribute_name: text("AttributeName"),
  key_type: text("KeyType"),
});

const projection = valueKind("aws_dynamodb_projection", {
  projection_type: text("ProjectionType"),
  non_key_attributes: texts("NonKeyAttributes[*]"),
});

const provisionedThroughputDescription = valueKind(
  "aws_dynamodb_provisioned_throughput_description",
  {
    last_increase_date_time: time("LastIncreaseDateTime"),
    last_decrease_date_time: time("LastDecreaseDateTime"),
    number_of_decreases_today: volatile(integer("NumberOfDecreasesToday")),
    read_capacity_units: integer("ReadCapacityUnits"),
    write_capacity_units: integer("WriteCapacityUnits"),
  },
);

const globalSecondaryIndexDescription = valueKind(
  "aws_dynamodb_global_secondary_index_description",
  {
    index_name: text("IndexName"),
    key_schema: objects("KeySchema", keySchemaElement),
    projection: object("Projection", projection),
    index_status: text("IndexStatus"),
    backfilling: flag("Backfilling"),
    provisioned_throughput: object(
      "ProvisionedThroughput",
      provisionedThroughputDescription,
    ),
    index_size_bytes: volatile(integer("IndexSizeBytes")),
    item_count: volatile(integer("ItemCount")),
    index_arn: text("IndexArn"),
  },
);

const localSecondaryIndexDescription = valueKind(
  "aws_dynamodb_local_secondary_index_description",
  {
    index_name: text("IndexName"),
    key_schema: objects("KeySchema", keySchemaElement),
    projection: object("Projection", projection),
    index_size_bytes: volatile(integer("IndexSizeBytes")),
    item_count: volatile(integer("ItemCount")),
    index_arn: text("IndexArn"),
  },
);

const restoreSummary = valueKind("aws_dynamodb_restore_summary", {
  source_backup_arn: text("SourceBackupArn"),
  source_table_arn: text("SourceTableArn"),
  restore_date_time: time("RestoreDateTime"),
  restore_in_progress: flag("RestoreInProgress"),
});

const sseDescription = valueKind("aws_dynamodb_sse_description", {
  status: text("Status"),
  sse_type: text("SSEType"),
  kms_master_key_arn: text("KMSMasterKeyArn"),
  inaccessible_encryption_date_time: time("InaccessibleEncryptionDateTime"),
});

const streamSpecification = valueKind("aws_dynamodb_stream_specification", {
  stream_enabled: flag("StreamEnabled"),
  stream_view_type: text("StreamViewType"),
});

const pointInTimeRecovery = valueKind("aws_dynamo_db_point_in_time_recovery", {
  status: text("PointInTimeRecoveryStatus"),
  earliest_restorable_date_time: volatile(time("EarliestRestorableDateTime")),
  latest_restorable_date_time: volatile(time("LatestRestorableDateTime")),
});

const continuousBackup = valueKind("aws_dynamo_db_continuous_backup", {
  status: text("ContinuousBackupsStatus"),
  point_in_time_recovery: object(
    "PointInTimeRecoveryDescription",
    pointInTimeRecovery,
  ),
});

/** Our words for its states. */
const STATUS = {
  "CREATING": "busy",
  "UPDATING": "busy",
  "DELETING": "busy",
  "ACTIVE": "available",
  "INACCESSIBLE_ENCRYPTION_CREDENTIALS": "failed",
  "ARCHIVING": "busy",
  "ARCHIVED": "stopped",
};

/** States of encryption that mean yes or no; to be updated means neither. */
const ENCRYPTED = {
  ENABLING: true,
  ENABLED: true,
  DISABLING: false,
  DISABLED: false,
};

/**
 * A table of DynamoDB. One with deletion protection is refused; of one with
 * point-in-time recovery, DynamoDB itself keeps a backup for 35 days when it is
 * deleted, of others nothing.
 */
export const TABLE: ResourceDeclaration = {
  kind: "aws_dynamodb_table",
  bases: ["database"],
  description: "A table (DynamoDB)",
  list: {
    service: "dynamodb",
    operation: "ListTables",
    result: "TableNames[*]",
    wrap: "TableName",
    pages: {
      input: "ExclusiveStartTableName",
      output: "LastEvaluatedTableName",
      size: ["Limit", 100],
    },
  },
  details: [
    {
      as: "$table",
      of: "TableName",
      service: "dynamodb",
      operation: "DescribeTable",
      askFor: ([name = ""]) => ({ TableName: name }),
      result: "Table",
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$tags",
      of: "$table.TableArn",
      many: true,
      service: "dynamodb",
      operation: "ListTagsOfResource",
      askFor: ([arn = ""]) => ({ ResourceArn: arn }),
      result: "Tags[*]",
      pages: { input: "NextToken", output: "NextToken" },
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$backups",
      of: "TableName",
      service: "dynamodb",
      operation: "DescribeContinuousBackups",
      askFor: ([name = ""]) => ({ TableName: name }),
      result: "ContinuousBackupsDescription",
      none: ["TableNotFoundException"],
    },
    {
      as: "$policy",
      of: "$table.TableArn",
      service: "dynamodb",
      operation: "GetResourcePolicy",
      askFor: ([arn = ""]) => ({ ResourceArn: arn }),
      none: ["PolicyNotFoundException", "ResourceNotFoundException"],
    },
  ],
  id: "$table.TableName",
  properties: {
    name: text("TableName"),
    tags: tags("$tags"),
    dynamodb_table_id: text("$table.TableId"),
    ctime: time("$table.CreationDateTime"),
    arn: text("$table.TableArn"),
    dynamodb_attribute_definitions: unordered(
      objects("$table.AttributeDefinitions", attributeDefinition),
    ),
    dynamodb_key_schema: objects("$table.KeySchema", keySchemaElement),
    dynamodb_table_status: text("$table.TableStatus"),
    dynamodb_provisioned_throughput: object(
      "$table.ProvisionedThroughput",
      provisionedThroughputDescription,
    ),
    dynamodb_table_size_bytes: volatile(integer("$table.TableSizeBytes")),
    dynamodb_item_count: volatile(integer("$table.ItemCount")),
    dynamodb_billing_mode_summary: object(
      "$table.BillingModeSummary",
      billingModeSummary,
    ),
    dynamodb_local_secondary_indexes: unordered(
      objects("$table.LocalSecondaryIndexes", localSecondaryIndexDescription),
    ),
    dynamodb_global_secondary_indexes: unordered(
      objects("$table.GlobalSecondaryIndexes", globalSecondaryIndexDescription),
    ),
    dynamodb_stream_specification: object(
      "$table.StreamSpecification",
      streamSpecification,
    ),
    dynamodb_latest_stream_label: text("$table.LatestStreamLabel"),
    dynamodb_latest_stream_arn: text("$table.LatestStreamArn"),
    dynamodb_global_table_version: text("$table.GlobalTableVersion"),
    dynamodb_replicas: unordered(
      objects("$table.Replicas", replicaDescription),
    ),
    dynamodb_restore_summary: object("$table.RestoreSummary", restoreSummary),
    dynamodb_sse_description: object("$table.SSEDescription", sseDescription),
    dynamodb_archival_summary: object(
      "$table.ArchivalSummary",
      archivalSummary,
    ),
    dynamodb_table_class_summary: object(
      "$table.TableClassSummary",
      tableClassSummary,
    ),
    db_type: constant("dynamodb"),
    db_status: choice(
      "database_instance_status",
      "$table.TableStatus",
      STATUS,
      "unknown",
    ),
    volume_encrypted: flagOf("$table.SSEDescription.Status", ENCRYPTED),
    dynamodb_continuous_backup: object("$backups", continuousBackup),
    dynamodb_policy: policy("$policy.Policy"),
    dynamodb_deletion_protection: flag("$table.DeletionProtectionEnabled"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "$table.SSEDescription.KMSMasterKeyArn",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "dynamodb",
      operation: "DeleteTable",
      input: (_, { id }) => ({ TableName: id }),
    }],
    refuse: (item) =>
      readFirst(parsePath("$table.DeletionProtectionEnabled"), item) === true
        ? "its deletion protection is on"
        : undefined,
    going: { of: "$table.TableStatus", states: ["DELETING"] },
    gone: ["ResourceNotFoundException"],
    later: ["ResourceInUseException", "LimitExceededException"],
    withinSeconds: 300,
  },
  tagging: {
    set: {
      service: "dynamodb",
      operation: "TagResource",
      input: (target, tags) => ({
        ResourceArn: arnOf(target, "dynamodb", `table/${target.id}`),
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "dynamodb",
      operation: "UntagResource",
      input: (target, keys) => ({
        ResourceArn: arnOf(target, "dynamodb", `table/${target.id}`),
        TagKeys: [...keys],
      }),
    },
  },
};
