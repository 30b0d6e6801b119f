"""Keys: rotated and not, of two halves, of many regions, and one that goes."""

import json

from services.listing import pages

TAGS = [{"TagKey": "owner", "TagValue": "lukas"}]


def policy_for(account):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ],
        }
    )


def make(kms, **arguments):
    return kms.create_key(**arguments)["KeyMetadata"]["KeyId"]


def seed(client, account, region):
    kms = client("kms")
    data = make(kms, Description="Data", Tags=TAGS, Policy=policy_for(account))
    kms.enable_key_rotation(KeyId=data)
    kms.create_alias(AliasName="alias/data", TargetKeyId=data)
    kms.create_alias(AliasName="alias/data-of-old", TargetKeyId=data)
    # A bad one: it never rotates, and nobody says whose it is.
    make(kms, Description="Forgotten")
    make(kms, KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048", Tags=TAGS)
    make(kms, KeyUsage="GENERATE_VERIFY_MAC", KeySpec="HMAC_256")
    disabled = make(kms)
    kms.disable_key(KeyId=disabled)
    going = make(kms, Description="Goes")
    kms.schedule_key_deletion(KeyId=going, PendingWindowInDays=7)
    if region == "us-east-1":
        primary = make(kms, MultiRegion=True, Tags=TAGS)
        kms.replicate_key(KeyId=primary, ReplicaRegion="eu-west-1")


def found(client, account, region):
    kms = client("kms")
    return {
        "aws_kms_key": {
            key["KeyId"]: {
                tag["TagKey"]: tag["TagValue"]
                for tag in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]
            }
            for key in pages(kms, "list_keys", "Keys")
        }
    }
