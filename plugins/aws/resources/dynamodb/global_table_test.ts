import { deepStrictEqual } from "node:assert/strict";
import { reportedOf } from "../../reported_of.ts";
import { GLOBAL_TABLE } from "./global_table.ts";

// Moto has no ListGlobalTables.
Deno.test("a global table is what DynamoDB says of it", () => {
  const arn = "arn:aws:dynamodb::111111111111:global-table/orders";
  const item = {
    GlobalTableName: "orders",
    $table: {
      GlobalTableArn: arn,
      GlobalTableStatus: "ACTIVE",
      CreationDateTime: new Date("2026-01-02T03:04:05Z"),
      ReplicationGroup: [
        { RegionName: "eu-west-1", ReplicaStatus: "ACTIVE" },
        {
          RegionName: "us-east-1",
          ReplicaTableClassSummary: { TableClass: "STANDARD" },
        },
      ],
    },
  };
  deepStrictEqual(reportedOf(GLOBAL_TABLE, "orders", item), {
    name: "orders",
    arn,
    ctime: "2026-01-02T03:04:05Z",
    dynamodb_global_table_status: "ACTIVE",
    dynamodb_replication_group: [
      { region_name: "eu-west-1", replica_status: "ACTIVE" },
      {
        region_name: "us-east-1",
        replica_table_class_summary: { table_class: "STANDARD" },
      },
    ],
  });
});
