import type { ResourceDeclaration } from "../../declaration.ts";
import { partitionOf } from "../../partitions.ts";
import {
  decimal,
  dictionary,
  flag,
  integer,
  object,
  text,
  valueKind,
} from "../../property.ts";

const quotaMetric = valueKind("aws_quota_metric_info", {
  metric_namespace: text("MetricNamespace"),
  metric_name: text("MetricName"),
  metric_dimensions: dictionary("MetricDimensions"),
  metric_statistic_recommendation: text("MetricStatisticRecommendation"),
});

const quotaPeriod = valueKind("aws_quota_period", {
  period_value: integer("PeriodValue"),
  period_unit: text("PeriodUnit"),
});

const quotaErrorReason = valueKind("aws_quota_error_reason", {
  error_code: text("ErrorCode"),
  error_message: text("ErrorMessage"),
});

/** Services whose quotas are listed. */
const SERVICES = ["ebs", "ec2", "elasticloadbalancing", "iam", "vpc"];

/** How much of something an account may have. */
export const SERVICE_QUOTA: ResourceDeclaration = {
  kind: "aws_service_quota",
  bases: ["quota"],
  description: "How much of something the account may have",
  list: {
    service: "service-quotas",
    operation: "ListServiceQuotas",
    inputs: () => SERVICES.map((ServiceCode) => ({ ServiceCode })),
    result: "Quotas[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 100],
    },
    // Some services, such as IAM, have quotas in the partition's home alone.
    none: ["NoSuchResourceException"],
    where: ({ GlobalQuota }, region) =>
      GlobalQuota !== true || partitionOf(region).home === region,
  },
  id: "QuotaCode",
  properties: {
    name: text("QuotaName"),
    arn: text("QuotaArn"),
    service_code: text("ServiceCode"),
    service_name: text("ServiceName"),
    quota: decimal("Value"),
    quota_unit: text("Unit"),
    quota_adjustable: flag("Adjustable"),
    quota_global: flag("GlobalQuota"),
    quota_usage_metric: object("UsageMetric", quotaMetric),
    quota_period: object("Period", quotaPeriod),
    quota_error_reason: object("ErrorReason", quotaErrorReason),
  },
};
