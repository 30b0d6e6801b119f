"""Alarms, log groups and their filters: some that watch what is gone."""

from services.listing import pages, tags_of
from services.storage_network import make_key

OWNER = [{"Key": "owner", "Value": "lukas"}]


def make_instance(ec2):
    image = "ami-12c6146b"
    run = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)
    return run["Instances"][0]["InstanceId"]


def seed_alarms(client, account, region):
    cloudwatch = client("cloudwatch")
    topic = f"arn:aws:sns:{region}:{account}:alerts"
    common = {
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 3,
        "Period": 300,
        "Threshold": 90.5,
    }
    cloudwatch.put_metric_alarm(
        AlarmName="busy",
        AlarmDescription="It works too hard",
        ActionsEnabled=True,
        OKActions=[topic],
        AlarmActions=[topic],
        InsufficientDataActions=[topic],
        Statistic="Average",
        Dimensions=[
            {"Name": "InstanceId", "Value": make_instance(client("ec2"))},
        ],
        Unit="Percent",
        DatapointsToAlarm=2,
        TreatMissingData="breaching",
        Tags=OWNER,
        **common,
    )
    cloudwatch.set_alarm_state(
        AlarmName="busy",
        StateValue="ALARM",
        StateReason="Tried out",
        StateReasonData="{}",
    )
    # The instance is gone.
    cloudwatch.put_metric_alarm(
        AlarmName="orphan",
        Dimensions=[{"Name": "InstanceId", "Value": "i-0123456789abcdef0"}],
        ExtendedStatistic="p99",
        EvaluateLowSampleCountPercentile="ignore",
        **common,
    )
    cloudwatch.put_metric_alarm(
        AlarmName="ratio",
        ComparisonOperator="GreaterThanUpperThreshold",
        EvaluationPeriods=1,
        ThresholdMetricId="band",
        Metrics=[
            {
                "Id": "errors",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "web",
                        "MetricName": "errors",
                        "Dimensions": [{"Name": "host", "Value": "a"}],
                    },
                    "Period": 60,
                    "Stat": "Sum",
                    "Unit": "Count",
                },
                "ReturnData": True,
            },
            {
                "Id": "band",
                "Expression": "ANOMALY_DETECTION_BAND(errors, 2)",
                "Label": "What is usual",
                "ReturnData": True,
                "Period": 60,
            },
        ],
    )
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        Namespace="web",
        MetricName="errors",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )


def seed_logs(client):
    logs = client("logs")
    logs.create_log_group(
        logGroupName="/app/web",
        kmsKeyId=make_key(client),
        tags={"owner": "lukas"},
    )
    logs.put_retention_policy(logGroupName="/app/web", retentionInDays=30)
    logs.create_log_stream(logGroupName="/app/web", logStreamName="one")
    # Kept for ever, without tags.
    logs.create_log_group(logGroupName="/app/web-old")
    logs.put_metric_filter(
        logGroupName="/app/web",
        filterName="errors",
        filterPattern="ERROR",
        metricTransformations=[
            {
                "metricNamespace": "web",
                "metricName": "errors",
                "metricValue": "1",
                "defaultValue": 0.5,
                "unit": "Count",
            }
        ],
    )
    # Of the same name in another group; nobody watches its metric.
    logs.put_metric_filter(
        logGroupName="/app/web-old",
        filterName="errors",
        filterPattern="ERROR",
        metricTransformations=[
            {
                "metricNamespace": "old",
                "metricName": "errors",
                "metricValue": "$size",
                "dimensions": {"host": "$host"},
            }
        ],
    )


def seed(client, account, region):
    seed_alarms(client, account, region)
    seed_logs(client)


def found(client, account, region):
    cloudwatch, logs = client("cloudwatch"), client("logs")
    return {
        "aws_cloudwatch_alarm": {
            one["AlarmName"]: tags_of(
                cloudwatch.list_tags_for_resource(ResourceARN=one["AlarmArn"])
            )
            for one in pages(cloudwatch, "describe_alarms", "MetricAlarms")
        },
        "aws_cloudwatch_log_group": {
            one["logGroupName"]: logs.list_tags_for_resource(
                resourceArn=one["arn"].removesuffix(":*")
            )["tags"]
            for one in pages(logs, "describe_log_groups", "logGroups")
        },
        "aws_cloudwatch_metric_filter": {
            f"{one['logGroupName']}:{one['filterName']}": None
            for one in pages(logs, "describe_metric_filters", "metricFilters")
        },
    }
