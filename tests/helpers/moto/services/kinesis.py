"""Streams of Kinesis: a guarded one and an open one."""

import json

from services.listing import pages, tags_of
from services.storage_network import make_key


def seed(client, account, region):
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName="events", ShardCount=2)
    kinesis.increase_stream_retention_period(
        StreamName="events", RetentionPeriodHours=48
    )
    kinesis.enable_enhanced_monitoring(
        StreamName="events", ShardLevelMetrics=["IncomingBytes"]
    )
    kinesis.start_stream_encryption(
        StreamName="events", EncryptionType="KMS", KeyId=make_key(client)
    )
    kinesis.add_tags_to_stream(StreamName="events", Tags={"owner": "lukas"})
    arn = kinesis.describe_stream(StreamName="events")["StreamDescription"]["StreamARN"]
    kinesis.put_resource_policy(
        ResourceARN=arn,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": account},
                        "Action": "kinesis:PutRecord",
                        "Resource": arn,
                    }
                ],
            }
        ),
    )
    shard = kinesis.describe_stream(StreamName="events")["StreamDescription"]["Shards"]
    kinesis.merge_shards(
        StreamName="events",
        ShardToMerge=shard[0]["ShardId"],
        AdjacentShardToMerge=shard[1]["ShardId"],
    )
    # Not encrypted, and nobody writes to it.
    kinesis.create_stream(
        StreamName="open", StreamModeDetails={"StreamMode": "ON_DEMAND"}
    )


def found(client, account, region):
    kinesis = client("kinesis")
    return {
        "aws_kinesis_stream": {
            name: tags_of(kinesis.list_tags_for_stream(StreamName=name))
            for name in pages(kinesis, "list_streams", "StreamNames")
        }
    }
