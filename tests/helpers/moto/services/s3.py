"""Buckets: one with all settings, a public one, a bare one, and a full one."""

import json

from services.listing import tags_of

TAGS = {"TagSet": [{"Key": "owner", "Value": "lukas"}]}


def make(s3, region, name):
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **({} if region == "us-east-1" else place))
    return name


def everyone(bucket):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::{bucket}/*",
                }
            ],
        }
    )


def seed_settings(s3, bucket, logs, key):
    s3.put_bucket_tagging(Bucket=bucket, Tagging=TAGS)
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": key,
                    },
                    "BucketKeyEnabled": True,
                }
            ]
        },
    )
    s3.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_logging(
        Bucket=bucket,
        BucketLoggingStatus={
            "LoggingEnabled": {
                "TargetBucket": logs,
                "TargetPrefix": "shop/",
                "TargetGrants": [
                    {
                        "Grantee": {
                            "Type": "AmazonCustomerByEmail",
                            "EmailAddress": "anna@example.com",
                        },
                        "Permission": "READ",
                    }
                ],
            }
        },
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "tmp/"},
                    "Expiration": {"Days": 30},
                }
            ]
        },
    )
    s3.put_bucket_replication(
        Bucket=bucket,
        ReplicationConfiguration={
            "Role": "arn:aws:iam::111111111111:role/replicate",
            "Rules": [
                {
                    "ID": "all",
                    "Priority": 1,
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "DeleteMarkerReplication": {"Status": "Disabled"},
                    "Destination": {"Bucket": f"arn:aws:s3:::{logs}"},
                }
            ],
        },
    )


def seed(client, account, region):
    s3 = client("s3")
    name = f"{account}-{region}"
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    logs = make(s3, region, f"{name}-logs")
    s3.put_bucket_versioning(
        Bucket=logs, VersioningConfiguration={"Status": "Enabled"}
    )
    s3.put_bucket_acl(
        Bucket=logs,
        GrantWrite="uri=http://acs.amazonaws.com/groups/s3/LogDelivery",
        GrantReadACP="uri=http://acs.amazonaws.com/groups/s3/LogDelivery",
    )
    seed_settings(s3, make(s3, region, f"{name}-shop"), logs, key)

    # A bad one: everybody reads it, and it is not empty.
    public = make(s3, region, f"{name}-public")
    s3.delete_public_access_block(Bucket=public)
    s3.put_bucket_policy(Bucket=public, Policy=everyone(public))
    s3.put_bucket_website(
        Bucket=public,
        WebsiteConfiguration={
            "IndexDocument": {"Suffix": "index.html"},
            "ErrorDocument": {"Key": "error.html"},
            "RoutingRules": [
                {
                    "Condition": {"KeyPrefixEquals": "old/"},
                    "Redirect": {"ReplaceKeyPrefixWith": "new/"},
                }
            ],
        },
    )
    s3.put_object(Bucket=public, Key="index.html", Body=b"<h1>Hello</h1>")

    # Empty to the eye, but it holds old versions.
    hidden = make(s3, region, f"{name}-hidden")
    s3.put_bucket_versioning(
        Bucket=hidden, VersioningConfiguration={"Status": "Enabled"}
    )
    s3.put_object(Bucket=hidden, Key="gone", Body=b"1")
    s3.delete_object(Bucket=hidden, Key="gone")
    redirect = make(s3, region, f"{name}-bare")
    s3.put_bucket_website(
        Bucket=redirect,
        WebsiteConfiguration={
            "RedirectAllRequestsTo": {"HostName": "example.com"}
        },
    )


def tags(s3, bucket):
    try:
        return tags_of(s3.get_bucket_tagging(Bucket=bucket), "TagSet")
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchTagSet":
            return {}
        raise


def found(client, account, region):
    s3 = client("s3")
    return {
        "aws_s3_bucket": {
            each["Name"]: tags(s3, each["Name"])
            for each in s3.list_buckets()["Buckets"]
            if (
                s3.get_bucket_location(Bucket=each["Name"])["LocationConstraint"]
                or "us-east-1"
            )
            == region
        }
    }
