"""Fills moto with an account of a size that is common.

Usage: aws_seed.py ENDPOINT INSTANCES VOLUMES ROLES BUCKETS. Prints how many of
each there are then, as JSON.
"""

import json
import sys

import boto3
from botocore.config import Config

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)

GRANT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        ],
    }
)


def tags(number):
    """Tags as people have them."""
    return [
        {"Key": "owner", "Value": f"team-{number % 20}"},
        {"Key": "Name", "Value": f"thing-{number}"},
    ]


def main(endpoint, instances, volumes, roles, buckets):
    session = boto3.session.Session(
        aws_access_key_id="bench",
        aws_secret_access_key="bench",
        region_name="us-east-1",
    )

    def client(service):
        # moto takes its time for the last of many instances.
        patient = Config(read_timeout=600, retries={"max_attempts": 1})
        return session.client(service, endpoint_url=endpoint, config=patient)

    ec2, iam, s3 = client("ec2"), client("iam"), client("s3")
    image = ec2.register_image(Name="bench")["ImageId"]
    for at in range(0, instances, 100):
        ec2.run_instances(
            ImageId=image,
            MinCount=min(100, instances - at),
            MaxCount=min(100, instances - at),
            InstanceType="t3.micro",
            TagSpecifications=[
                {"ResourceType": "instance", "Tags": tags(at // 100)}
            ],
        )

    def volume(number):
        ec2.create_volume(
            AvailabilityZone="us-east-1a",
            Size=8,
            VolumeType="gp3",
            TagSpecifications=[
                {"ResourceType": "volume", "Tags": tags(number)}
            ],
        )

    def role(number):
        name = f"role-{number}"
        iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=TRUST, Tags=tags(number)
        )
        iam.put_role_policy(
            RoleName=name, PolicyName="inline", PolicyDocument=GRANT
        )

    def bucket(number):
        name = f"bench-bucket-{number}"
        s3.create_bucket(Bucket=name)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags(number)})

    there = sum(
        len(page["Volumes"])
        for page in ec2.get_paginator("describe_volumes").paginate()
    )
    # One after the other: moto stumbles over what is made side by side.
    for make, count in (
        (volume, volumes - there),
        (role, roles),
        (bucket, buckets),
    ):
        for number in range(max(0, count)):
            make(number)
    json.dump({"volumes": max(there, volumes)}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
