import type { ResourceDeclaration } from "../../declaration.ts";
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
  valueKind,
  volatile,
} from "../../property.ts";
import { keyValueTags } from "../key_value_tags.ts";

const dimension = valueKind("aws_cloudwatch_dimension", {
  name: text("Name"),
  value: text("Value"),
});

const metric = valueKind("aws_cloudwatch_metric", {
  namespace: text("Namespace"),
  metric_name: text("MetricName"),
  dimensions: objects("Dimensions", dimension),
});

const metricStat = valueKind("aws_cloudwatch_metric_stat", {
  metric: object("Metric", metric),
  period: integer("Period"),
  stat: text("Stat"),
  unit: text("Unit"),
});

const metricDataQuery = valueKind("aws_cloudwatch_metric_data_query", {
  id: text("Id"),
  metric_stat: object("MetricStat", metricStat),
  expression: text("Expression"),
  label: text("Label"),
  return_data: flag("ReturnData"),
  period: integer("Period"),
  account_id: text("AccountId"),
});

/** An alarm on a metric. */
export const ALARM: ResourceDeclaration = {
  kind: "aws_cloudwatch_alarm",
  description: "An alarm on a metric (CloudWatch)",
  categories: ["monitoring"],
  list: {
    service: "cloudwatch",
    operation: "DescribeAlarms",
    input: { AlarmTypes: ["MetricAlarm"] },
    result: "MetricAlarms[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxRecords", 100],
    },
  },
  one: ({ id }) => ({ AlarmNames: [id] }),
  details: [{
    as: "$tags",
    of: "AlarmArn",
    service: "cloudwatch",
    operation: "ListTagsForResource",
    askFor: ([arn = ""]) => ({ ResourceARN: arn }),
    none: ["ResourceNotFoundException"],
  }],
  id: "AlarmName",
  properties: {
    tags: tags("$tags.Tags"),
    name: text("AlarmName"),
    mtime: time("AlarmConfigurationUpdatedTimestamp"),
    arn: text("AlarmArn"),
    cloudwatch_alarm_description: text("AlarmDescription"),
    cloudwatch_actions_enabled: flag("ActionsEnabled"),
    cloudwatch_ok_actions: texts("OKActions[*]"),
    cloudwatch_alarm_actions: texts("AlarmActions[*]"),
    cloudwatch_insufficient_data_actions: texts("InsufficientDataActions[*]"),
    cloudwatch_state_value: text("StateValue"),
    cloudwatch_state_reason: volatile(text("StateReason")),
    cloudwatch_state_reason_data: volatile(text("StateReasonData")),
    cloudwatch_state_updated_timestamp: volatile(time("StateUpdatedTimestamp")),
    cloudwatch_metric_name: text("MetricName"),
    cloudwatch_namespace: text("Namespace"),
    cloudwatch_statistic: text("Statistic"),
    cloudwatch_extended_statistic: text("ExtendedStatistic"),
    cloudwatch_dimensions: objects("Dimensions", dimension),
    cloudwatch_period: integer("Period"),
    cloudwatch_unit: text("Unit"),
    cloudwatch_evaluation_periods: integer("EvaluationPeriods"),
    cloudwatch_datapoints_to_alarm: integer("DatapointsToAlarm"),
    cloudwatch_threshold: decimal("Threshold"),
    cloudwatch_comparison_operator: text("ComparisonOperator"),
    cloudwatch_treat_missing_data: text("TreatMissingData"),
    cloudwatch_evaluate_low_sample_count_percentile: text(
      "EvaluateLowSampleCountPercentile",
    ),
    cloudwatch_metrics: objects("Metrics", metricDataQuery),
    cloudwatch_threshold_metric_id: text("ThresholdMetricId"),
  },
  edges: [{
    predecessor: "aws_ec2_instance",
    id: "Dimensions[InstanceId]",
    deletedFirst: "self",
  }],
  remove: {
    calls: [{
      service: "cloudwatch",
      operation: "DeleteAlarms",
      input: (_, { id }) => ({ AlarmNames: [id] }),
    }],
    gone: ["ResourceNotFound"],
  },
  tagging: {
    set: {
      service: "cloudwatch",
      operation: "TagResource",
      input: ({ reported }, tags) => ({
        ResourceARN: String(reported["arn"]),
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "cloudwatch",
      operation: "UntagResource",
      input: ({ reported }, keys) => ({
        ResourceARN: String(reported["arn"]),
        TagKeys: keys,
      }),
    },
  },
};
