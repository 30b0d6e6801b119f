"""What the scripts beside this one share: the accounts, and how to reach them."""

import boto3

ACCOUNTS = ["111111111111", "222222222222"]
REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"]
ROLE = "skymap-reader"


# One session for all: it reads the description of a service only once.
SESSION = boto3.session.Session()


def keys_of(account, endpoint):
    """Keys of an account, by assuming its role."""
    sts = SESSION.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="base",
        aws_secret_access_key="base",
    )
    keys = sts.assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/{ROLE}", RoleSessionName="seed"
    )["Credentials"]
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


def client_for(account, region, endpoint):
    """A client of EC2 for one region of an account."""
    return SESSION.client(
        "ec2",
        region_name=region,
        endpoint_url=endpoint,
        **keys_of(account, endpoint),
    )


def tag_specs(resource_type, name):
    """Tags for something that is made; without a name if there is none."""
    tags = [{"Key": "owner", "Value": "lukas"}]
    if name is not None:
        tags.append({"Key": "Name", "Value": name})
    return [{"ResourceType": resource_type, "Tags": tags}]
