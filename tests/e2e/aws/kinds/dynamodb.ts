import { DYNAMODB_RESOURCES } from "../../../../plugins/aws/resources/dynamodb/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of dynamodb. */
export const DYNAMODB_SUITE: KindsSuite = {
  module: "dynamodb",
  resources: DYNAMODB_RESOURCES,
  notInMoto: { aws_dynamodb_global_table: "moto has no ListGlobalTables" },
  unset: {
    aws_dynamodb_table: notGiven(
      "dynamodb_table_id",
      "dynamodb_provisioned_throughput.last_increase_date_time",
      "dynamodb_provisioned_throughput.last_decrease_date_time",
      "dynamodb_billing_mode_summary.last_update_to_pay_per_request_date_time",
      "dynamodb_local_secondary_indexes.index_size_bytes",
      "dynamodb_local_secondary_indexes.item_count",
      "dynamodb_local_secondary_indexes.index_arn",
      "dynamodb_global_secondary_indexes.backfilling",
      "dynamodb_global_secondary_indexes.provisioned_throughput.last_increase_date_time",
      "dynamodb_global_secondary_indexes.provisioned_throughput.last_decrease_date_time",
      "dynamodb_global_secondary_indexes.provisioned_throughput.number_of_decreases_today",
      "dynamodb_global_secondary_indexes.index_size_bytes",
      "dynamodb_global_secondary_indexes.item_count",
      "dynamodb_global_secondary_indexes.index_arn",
      "dynamodb_global_table_version",
      "dynamodb_replicas",
      "dynamodb_sse_description.inaccessible_encryption_date_time",
      "dynamodb_archival_summary",
      "dynamodb_table_class_summary",
    ),
  },
};
