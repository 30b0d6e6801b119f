"""Topics of SNS, who gets their messages, and apps."""

import json

from services.listing import pages, tags_of
from services.storage_network import make_key, make_role

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": "sns:Publish",
                "Resource": "*",
            }
        ],
    }
)


def seed_subscriptions(client, account, region, topic):
    sns = client("sns")
    client("sqs").create_queue(QueueName="alarms")
    queue = f"arn:aws:sqs:{region}:{account}:alarms"
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=queue,
        Attributes={
            "RawMessageDelivery": "true",
            "FilterPolicy": json.dumps({"state": ["ALARM"]}),
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": queue}),
            "DeliveryPolicy": json.dumps({"healthyRetryPolicy": {"numRetries": 3}}),
            "SubscriptionRoleArn": make_role(client, "deliver", region),
        },
    )
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="lukas@example.org")


def seed(client, account, region):
    sns = client("sns")
    topic = sns.create_topic(
        Name="alarms",
        Attributes={
            "DisplayName": "Alarms",
            "KmsMasterKeyId": make_key(client),
            "DeliveryPolicy": json.dumps({"http": {}}),
        },
        Tags=[{"Key": "owner", "Value": "lukas"}],
    )["TopicArn"]
    # Everybody may publish, and nobody hears it.
    sns.create_topic(
        Name="open.fifo",
        Attributes={
            "FifoTopic": "true",
            "ContentBasedDeduplication": "true",
            "Policy": POLICY,
        },
    )
    seed_subscriptions(client, account, region, topic)
    app = sns.create_platform_application(
        Name="shop",
        Platform="APNS",
        Attributes={
            "PlatformCredential": "very secret",
            "PlatformPrincipal": "certificate",
            "EventEndpointCreated": topic,
            "EventEndpointDeleted": topic,
            "EventEndpointUpdated": topic,
            "EventDeliveryFailure": topic,
            "ApplePlatformTeamID": "TEAM",
            "ApplePlatformBundleID": "org.example.shop",
        },
    )["PlatformApplicationArn"]
    sns.create_platform_endpoint(PlatformApplicationArn=app, Token="device-1")


def found(client, account, region):
    sns = client("sns")
    apps = [
        one["PlatformApplicationArn"]
        for one in pages(sns, "list_platform_applications", "PlatformApplications")
    ]
    return {
        "aws_sns_topic": {
            one["TopicArn"]: tags_of(
                sns.list_tags_for_resource(ResourceArn=one["TopicArn"])
            )
            for one in pages(sns, "list_topics", "Topics")
        },
        "aws_sns_subscription": {
            one["SubscriptionArn"]: None
            for one in pages(sns, "list_subscriptions", "Subscriptions")
        },
        "aws_sns_platform_application": {app: None for app in apps},
        "aws_sns_endpoint": {
            one["EndpointArn"]: None
            for app in apps
            for one in pages(
                sns,
                "list_endpoints_by_platform_application",
                "Endpoints",
                PlatformApplicationArn=app,
            )
        },
    }
