"""Trails and recorders: ones that record, and ones that do not."""

from services.listing import pages, tags_of
from services.storage_network import make_bucket, make_key, make_role


def seed_trails(client, account, region, role):
    trails = client("cloudtrail")
    bucket = make_bucket(client, f"trail-{account}-{region}", region)
    client("sns").create_topic(Name="trail")
    client("logs").create_log_group(logGroupName="/audit")
    key = make_key(client)
    trails.create_trail(
        Name=f"all-{region}",
        S3BucketName=bucket,
        S3KeyPrefix="audit",
        SnsTopicName="trail",
        IncludeGlobalServiceEvents=True,
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        CloudWatchLogsLogGroupArn=(
            f"arn:aws:logs:{region}:{account}:log-group:/audit:*"
        ),
        CloudWatchLogsRoleArn=role,
        KmsKeyId=key,
        TagsList=[{"Key": "owner", "Value": "lukas"}],
    )
    trails.start_logging(Name=f"all-{region}")
    trails.put_event_selectors(
        TrailName=f"all-{region}",
        EventSelectors=[
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [
                    {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
                ],
                "ExcludeManagementEventSources": ["kms.amazonaws.com"],
            }
        ],
    )
    trails.put_insight_selectors(
        TrailName=f"all-{region}",
        InsightSelectors=[{"InsightType": "ApiCallRateInsight"}],
    )
    # It records nothing any more.
    trails.create_trail(Name=f"stopped-{region}", S3BucketName=bucket)
    trails.put_event_selectors(
        TrailName=f"stopped-{region}",
        AdvancedEventSelectors=[
            {
                "Name": "writes",
                "FieldSelectors": [
                    {
                        "Field": "eventName",
                        "Equals": ["a"],
                        "StartsWith": ["b"],
                        "EndsWith": ["c"],
                        "NotEquals": ["d"],
                        "NotStartsWith": ["e"],
                        "NotEndsWith": ["f"],
                    }
                ],
            }
        ],
    )
    trails.start_logging(Name=f"stopped-{region}")
    trails.stop_logging(Name=f"stopped-{region}")


def seed(client, account, region):
    role = make_role(client, "records", region)
    seed_trails(client, account, region, role)
    config = client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": role,
            "recordingGroup": {
                "allSupported": False,
                "includeGlobalResourceTypes": False,
                "resourceTypes": ["AWS::EC2::Instance"],
            },
        }
    )
    if region == "us-east-1":
        # The other region has one that does not record.
        config.put_delivery_channel(
            DeliveryChannel={
                "name": "default",
                "s3BucketName": f"trail-{account}-{region}",
            }
        )
        config.start_configuration_recorder(ConfigurationRecorderName="default")


def found(client, account, region):
    trails, config = client("cloudtrail"), client("config")
    return {
        "aws_cloud_trail": {
            one["Name"]: tags_of(
                trails.list_tags(ResourceIdList=[one["TrailARN"]])[
                    "ResourceTagList"
                ][0],
                "TagsList",
            )
            for one in pages(trails, "list_trails", "Trails")
            if one["HomeRegion"] == region
        },
        "aws_config_recorder": {
            one["name"]: {}
            for one in config.describe_configuration_recorders()[
                "ConfigurationRecorders"
            ]
        },
    }
