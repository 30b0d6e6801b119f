"""IAM: users with and without a second factor, old keys, policies for all."""

import json

from estate import SESSION
from services.listing import tags_of

ALLOW_ALL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
)
READ_BUCKETS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}
        ],
    }
)
BY_EC2 = json.dumps(
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
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBkTCB+wIJAKHHIgdcmhFVMA0GCSqGSIb3DQEBBQUAMA0xCzAJBgNVBAYTAkRF
-----END CERTIFICATE-----"""
TAGS = [{"Key": "owner", "Value": "lukas"}]


def seed_policies(iam):
    local = iam.create_policy(
        PolicyName="buckets",
        Path="/team/",
        Description="Reads buckets",
        PolicyDocument=ALLOW_ALL,
        Tags=TAGS,
    )["Policy"]["Arn"]
    # The second version is the one that counts.
    iam.create_policy_version(
        PolicyArn=local, PolicyDocument=READ_BUCKETS, SetAsDefault=True
    )
    iam.create_policy(PolicyName="unused-admin", PolicyDocument=ALLOW_ALL)
    return local


def use(iam, keys):
    """Makes a call with some keys, which notes when they were used last."""
    SESSION.client(
        "iam",
        region_name="us-east-1",
        endpoint_url=iam.meta.endpoint_url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
    ).list_users()


def seed_users(iam, policy):
    iam.create_group(GroupName="admins", Path="/team/")
    iam.put_group_policy(
        GroupName="admins", PolicyName="all", PolicyDocument=ALLOW_ALL
    )
    iam.attach_group_policy(GroupName="admins", PolicyArn=policy)
    iam.create_group(GroupName="nobody")

    # A good one: a second factor, a group, a bound.
    iam.create_user(
        UserName="anna", Path="/team/", Tags=TAGS, PermissionsBoundary=policy
    )
    iam.create_login_profile(UserName="anna", Password="Correct-Horse-1")
    iam.add_user_to_group(GroupName="admins", UserName="anna")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="anna")
    iam.enable_mfa_device(
        UserName="anna",
        SerialNumber=device["VirtualMFADevice"]["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    # A bad one: a password without a second factor, two keys, all rights.
    iam.create_user(UserName="bert", Tags=TAGS)
    iam.create_login_profile(UserName="bert", Password="Correct-Horse-2")
    iam.put_user_policy(UserName="bert", PolicyName="all", PolicyDocument=ALLOW_ALL)
    iam.attach_user_policy(UserName="bert", PolicyArn=policy)
    use(iam, iam.create_access_key(UserName="bert")["AccessKey"])
    old = iam.create_access_key(UserName="bert")["AccessKey"]["AccessKeyId"]
    iam.update_access_key(UserName="bert", AccessKeyId=old, Status="Inactive")
    # One that nobody uses.
    iam.create_user(UserName="cleo")


def seed_roles(iam, policy):
    iam.create_role(
        RoleName="web",
        Path="/team/",
        Description="For web servers",
        MaxSessionDuration=7200,
        AssumeRolePolicyDocument=BY_EC2,
        PermissionsBoundary=policy,
        Tags=TAGS,
    )
    iam.put_role_policy(
        RoleName="web", PolicyName="buckets", PolicyDocument=READ_BUCKETS
    )
    iam.attach_role_policy(RoleName="web", PolicyArn=policy)
    iam.create_role(RoleName="unused", AssumeRolePolicyDocument=BY_EC2)
    iam.create_instance_profile(
        InstanceProfileName="web", Path="/team/", Tags=TAGS
    )
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    iam.create_instance_profile(InstanceProfileName="empty")


def seed(client, account, region):
    if region != "us-east-1":
        return
    iam = client("iam")
    policy = seed_policies(iam)
    seed_users(iam, policy)
    seed_roles(iam, policy)
    session = client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/team/web", RoleSessionName="seed"
    )
    use(iam, session["Credentials"])
    iam.upload_server_certificate(
        ServerCertificateName="shop",
        Path="/team/",
        CertificateBody=CERTIFICATE,
        PrivateKey="not-a-key-but-a-secret",
    )


def found(client, account, region):
    if region != "us-east-1":
        return {}
    iam = client("iam")
    users = iam.list_users()["Users"]
    policies = iam.list_policies(Scope="Local")["Policies"]
    return {
        "aws_iam_user": {
            each["Arn"]: tags_of(
                iam.list_user_tags(UserName=each["UserName"])
            )
            for each in users
        },
        "aws_iam_group": {
            each["Arn"]: None for each in iam.list_groups()["Groups"]
        },
        "aws_iam_role": {
            each["Arn"]: tags_of(
                iam.list_role_tags(RoleName=each["RoleName"])
            )
            for each in iam.list_roles()["Roles"]
        },
        "aws_iam_policy": {
            each["Arn"]: tags_of(
                iam.list_policy_tags(PolicyArn=each["Arn"])
            )
            for each in policies
        },
        "aws_iam_instance_profile": {
            each["Arn"]: tags_of(
                iam.get_instance_profile(
                    InstanceProfileName=each["InstanceProfileName"]
                )["InstanceProfile"]
            )
            for each in iam.list_instance_profiles()["InstanceProfiles"]
        },
        "aws_iam_access_key": {
            key["AccessKeyId"]: None
            for each in users
            for key in iam.list_access_keys(UserName=each["UserName"])[
                "AccessKeyMetadata"
            ]
        },
    }
