"""Secrets: with a key of one's own, rotated, forgotten, and one that goes."""

import json

from services.listing import pages, tags_of

# Must be seen nowhere in what is collected.
SECRET = "hush-this-is-secret"
TAGS = [{"Key": "owner", "Value": "lukas"}]
# A copy's tags are changed where it comes from; each region has others.
SEEDS_SPARE = True


def seed(client, account, region):
    secrets = client("secretsmanager")
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    secrets.create_secret(
        Name="shop/database",
        Description="Of the shop",
        SecretString=json.dumps({"password": SECRET}),
        KmsKeyId=key,
        Tags=TAGS,
    )
    secrets.put_secret_value(SecretId="shop/database", SecretString=SECRET)
    secrets.put_resource_policy(
        SecretId="shop/database",
        ResourcePolicy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Principal": {"AWS": "*"},
                        "Action": "secretsmanager:DeleteSecret",
                        "Resource": "*",
                    }
                ],
            }
        ),
    )
    # A bad one: it never rotates, and nobody says whose it is.
    secrets.create_secret(Name="forgotten", SecretBinary=SECRET.encode())
    secrets.get_secret_value(SecretId="forgotten")
    secrets.create_secret(Name="going", SecretString=SECRET, Tags=TAGS)
    secrets.delete_secret(SecretId="going", RecoveryWindowInDays=7)
    if region == "us-east-1":
        secrets.create_secret(
            Name="copied",
            SecretString=SECRET,
            AddReplicaRegions=[{"Region": "eu-west-1"}],
        )
    secrets.create_secret(Name="rotated", SecretString=SECRET)
    secrets.rotate_secret(
        SecretId="rotated",
        RotationRules={
            "AutomaticallyAfterDays": 30,
            "Duration": "2h",
            "ScheduleExpression": "rate(30 days)",
        },
    )


def found(client, account, region):
    secrets = client("secretsmanager")
    return {
        "aws_secretsmanager_secret": {
            each["Name"]: tags_of(each)
            for each in pages(
                secrets, "list_secrets", "SecretList", IncludePlannedDeletion=True
            )
        }
    }
