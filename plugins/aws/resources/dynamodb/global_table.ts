import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import { objects, text, time } from "../../property.ts";
import { replicaDescription } from "./shared_values.ts";

/**
 * A global table of the version of 2017, which is a name for tables of several
 * regions; later ones are tables with replicas. It has no tags of its own, and it
 * is gone when its tables are.
 */
export const GLOBAL_TABLE: ResourceDeclaration = {
  kind: "aws_dynamodb_global_table",
  description: "A table of several regions, version 2017.11.29 (DynamoDB)",
  place: "global",
  list: {
    service: "dynamodb",
    operation: "ListGlobalTables",
    result: "GlobalTables[*]",
    pages: {
      input: "ExclusiveStartGlobalTableName",
      output: "LastEvaluatedGlobalTableName",
      size: ["Limit", 100],
    },
  },
  details: [{
    as: "$table",
    of: "GlobalTableName",
    service: "dynamodb",
    operation: "DescribeGlobalTable",
    askFor: ([name = ""]) => ({ GlobalTableName: name }),
    result: "GlobalTableDescription",
    none: ["GlobalTableNotFoundException"],
  }],
  id: "GlobalTableName",
  properties: {
    name: text("GlobalTableName"),
    ctime: time("$table.CreationDateTime"),
    arn: text("$table.GlobalTableArn"),
    dynamodb_replication_group: objects(
      "$table.ReplicationGroup",
      replicaDescription,
    ),
    dynamodb_global_table_status: text("$table.GlobalTableStatus"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "$table.ReplicationGroup[*].KMSMasterKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
};
