import { CLOUDWATCH_RESOURCES } from "../../../../plugins/aws/resources/cloudwatch/mod.ts";
import { LOGS_RESOURCES } from "../../../../plugins/aws/resources/logs/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of cloudwatch. */
export const CLOUDWATCH_SUITE: KindsSuite = {
  module: "cloudwatch",
  resources: [...CLOUDWATCH_RESOURCES, ...LOGS_RESOURCES],
  unset: {
    aws_cloudwatch_alarm: notGiven("cloudwatch_metrics.account_id"),
    aws_cloudwatch_log_group: notGiven(
      "group_data_protection_status",
      "group_class",
    ),
    aws_cloudwatch_metric_filter: notGiven("ctime"),
  },
};
