import { deepStrictEqual } from "node:assert/strict";
import { mapProperties } from "../../property.ts";
import { SERVICE_QUOTA } from "./service_quota.ts";

const QUOTA = {
  ServiceCode: "ec2",
  ServiceName: "Amazon Elastic Compute Cloud (Amazon EC2)",
  QuotaArn: "arn:aws:servicequotas:eu-west-1:111111111111:ec2/L-1216C47A",
  QuotaCode: "L-1216C47A",
  QuotaName: "Running On-Demand Standard instances",
  Value: 64.5,
  Unit: "None",
  Adjustable: true,
  GlobalQuota: false,
  UsageMetric: {
    MetricNamespace: "AWS/Usage",
    MetricName: "ResourceCount",
    MetricDimensions: { Class: "Standard/OnDemand" },
    MetricStatisticRecommendation: "Maximum",
  },
  Period: { PeriodValue: 1, PeriodUnit: "SECOND" },
  ErrorReason: { ErrorCode: "SERVICE_QUOTA_NOT_AVAILABLE_ERROR" },
};

Deno.test("a quota says what it bounds, and how its use is measured", () => {
  deepStrictEqual(mapProperties(SERVICE_QUOTA.properties, QUOTA), {
    name: "Running On-Demand Standard instances",
    arn: QUOTA.QuotaArn,
    service_code: "ec2",
    service_name: QUOTA.ServiceName,
    quota: 64.5,
    quota_unit: "None",
    quota_adjustable: true,
    quota_global: false,
    quota_usage_metric: {
      metric_namespace: "AWS/Usage",
      metric_name: "ResourceCount",
      metric_dimensions: { Class: "Standard/OnDemand" },
      metric_statistic_recommendation: "Maximum",
    },
    quota_period: { period_value: 1, period_unit: "SECOND" },
    quota_error_reason: { error_code: "SERVICE_QUOTA_NOT_AVAILABLE_ERROR" },
  });
});

Deno.test("quotas of all regions are listed in the partition's home alone", () => {
  const { list } = SERVICE_QUOTA;
  const listed = (GlobalQuota: boolean, region: string) =>
    "where" in list && list.where?.({ GlobalQuota }, region);
  deepStrictEqual(
    [
      listed(false, "eu-west-1"),
      listed(true, "eu-west-1"),
      listed(true, "us-east-1"),
      listed(true, "cn-north-1"),
    ],
    [true, false, true, true],
  );
});

Deno.test("the quotas of each service are a listing", () => {
  const { list } = SERVICE_QUOTA;
  deepStrictEqual(
    "inputs" in list && list.inputs?.("eu-west-1")
      .map(({ ServiceCode }) => ServiceCode),
    ["ebs", "ec2", "elasticloadbalancing", "iam", "vpc"],
  );
});
