"""Queues of SQS: guarded ones, and an open one."""

import json

from services.storage_network import make_key


def policy(principal):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": principal},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                }
            ],
        }
    )


def seed(client, account, region):
    sqs = client("sqs")
    dead = f"arn:aws:sqs:{region}:{account}:orders-dead.fifo"
    sqs.create_queue(
        QueueName="orders-dead.fifo",
        Attributes={
            "FifoQueue": "true",
            "RedriveAllowPolicy": json.dumps({"redrivePermission": "allowAll"}),
        },
    )
    orders = sqs.create_queue(
        QueueName="orders.fifo",
        Attributes={
            "FifoQueue": "true",
            "ContentBasedDeduplication": "true",
            "DeduplicationScope": "messageGroup",
            "FifoThroughputLimit": "perMessageGroupId",
            "KmsMasterKeyId": make_key(client),
            "KmsDataKeyReusePeriodSeconds": "300",
            "MessageRetentionPeriod": "1209600",
            "Policy": policy(account),
            "RedrivePolicy": json.dumps(
                {"deadLetterTargetArn": dead, "maxReceiveCount": 3}
            ),
        },
        tags={"owner": "lukas"},
    )["QueueUrl"]
    sqs.send_message(QueueUrl=orders, MessageBody="one", MessageGroupId="all")
    # Everybody may write, nothing is encrypted.
    sqs.create_queue(
        QueueName="open",
        Attributes={"Policy": policy("*"), "SqsManagedSseEnabled": "false"},
    )


def found(client, account, region):
    sqs = client("sqs")
    return {
        "aws_sqs_queue": {
            url.rsplit("/", 1)[1]: sqs.list_queue_tags(QueueUrl=url).get("Tags") or {}
            for url in sqs.list_queues().get("QueueUrls") or []
        }
    }
