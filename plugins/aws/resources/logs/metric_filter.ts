import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  decimal,
  dictionary,
  objects,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { LOGS_PAGES } from "./logs_pages.ts";

const metricTransformation = valueKind("aws_cloudwatch_metric_transformation", {
  metric_name: text("metricName"),
  metric_namespace: text("metricNamespace"),
  metric_value: text("metricValue"),
  default_value: decimal("defaultValue"),
  dimensions: dictionary("dimensions"),
  unit: text("unit"),
});

/** The namespace that a filter puts a metric in. */
function namespaceOf({ metricTransformations }: Item, name: string): string {
  const made = metricTransformations as readonly Item[] | undefined ?? [];
  const { metricNamespace } =
    made.find(({ metricName }) => metricName === name) ?? {};
  return String(metricNamespace ?? "");
}

/** A filter that makes metrics of the events of a log group. */
export const METRIC_FILTER: ResourceDeclaration = {
  kind: "aws_cloudwatch_metric_filter",
  description: "A filter that makes metrics of a log group's events",
  categories: ["monitoring"],
  list: {
    service: "logs",
    operation: "DescribeMetricFilters",
    result: "metricFilters[*]",
    pages: LOGS_PAGES,
  },
  one: ({ reported }) => ({
    logGroupName: String(reported["log_group_name"]),
    filterNamePrefix: String(reported["name"]),
  }),
  details: [{
    as: "$alarms",
    of: "metricTransformations[*].metricName",
    service: "cloudwatch",
    operation: "DescribeAlarmsForMetric",
    askFor: ([name = ""], item) => ({
      MetricName: name,
      Namespace: namespaceOf(item, name),
    }),
    result: "MetricAlarms[*]",
    many: true,
  }],
  // A name is unique in its group alone; no name of a group holds a colon.
  id: {
    of: ["logGroupName", "filterName"],
    read: (group, filter) => `${group}:${filter}`,
  },
  properties: {
    name: text("filterName"),
    ctime: time("creationTime"),
    log_group_name: text("logGroupName"),
    filter_pattern: text("filterPattern"),
    filter_transformations: objects(
      "metricTransformations",
      metricTransformation,
    ),
  },
  edges: [
    {
      predecessor: "aws_cloudwatch_log_group",
      id: "logGroupName",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudwatch_alarm",
      id: "$alarms[*].AlarmName",
    },
  ],
  remove: {
    calls: [{
      service: "logs",
      operation: "DeleteMetricFilter",
      input: ({ logGroupName, filterName }) => ({
        logGroupName: String(logGroupName),
        filterName: String(filterName),
      }),
    }],
    gone: ["ResourceNotFoundException"],
    later: ["OperationAbortedException"],
  },
};
