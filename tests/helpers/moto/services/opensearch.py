"""Domains of OpenSearch: a guarded one and an open one."""

import json

from services.listing import tags_of
from services.storage_network import make_key, make_network


def policy(account):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": account},
                    "Action": "es:*",
                    "Resource": "*",
                }
            ],
        }
    )


def seed(client, account, region):
    search = client("opensearch")

    def arn(service, name):
        return f"arn:aws:{service}:{region}:{account}:{name}"

    _, subnets, group = make_network(client, region, "10.44.0.0/16")
    search.create_domain(
        DomainName="products",
        EngineVersion="OpenSearch_2.11",
        ClusterConfig={
            "InstanceType": "m6g.large.search",
            "InstanceCount": 2,
            "DedicatedMasterEnabled": True,
            "DedicatedMasterType": "m6g.large.search",
            "DedicatedMasterCount": 3,
            "ZoneAwarenessEnabled": True,
            "ZoneAwarenessConfig": {"AvailabilityZoneCount": 2},
            "WarmEnabled": True,
            "WarmType": "ultrawarm1.medium.search",
            "WarmCount": 2,
            "ColdStorageOptions": {"Enabled": True},
            "MultiAZWithStandbyEnabled": True,
        },
        EBSOptions={
            "EBSEnabled": True,
            "VolumeType": "gp3",
            "VolumeSize": 20,
            "Iops": 3000,
            "Throughput": 125,
        },
        AccessPolicies=policy(account),
        IPAddressType="ipv4",
        SnapshotOptions={"AutomatedSnapshotStartHour": 3},
        VPCOptions={"SubnetIds": subnets, "SecurityGroupIds": [group]},
        CognitoOptions={
            "Enabled": True,
            "UserPoolId": "pool",
            "IdentityPoolId": "identities",
            "RoleArn": f"arn:aws:iam::{account}:role/cognito",
        },
        EncryptionAtRestOptions={"Enabled": True, "KmsKeyId": make_key(client)},
        NodeToNodeEncryptionOptions={"Enabled": True},
        AdvancedOptions={"override_main_response_version": "false"},
        LogPublishingOptions={
            "AUDIT_LOGS": {
                "CloudWatchLogsLogGroupArn": arn("logs", "log-group:audit"),
                "Enabled": True,
            }
        },
        DomainEndpointOptions={
            "EnforceHTTPS": True,
            "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07",
            "CustomEndpointEnabled": True,
            "CustomEndpoint": "search.example.org",
            "CustomEndpointCertificateArn": arn("acm", "certificate/1"),
        },
        AdvancedSecurityOptions={
            "Enabled": True,
            "InternalUserDatabaseEnabled": True,
            "AnonymousAuthEnabled": False,
            "SAMLOptions": {
                "Enabled": True,
                "Idp": {
                    "MetadataContent": "<xml/>",
                    "EntityId": "https://example.org",
                },
                "SubjectKey": "subject",
                "RolesKey": "roles",
                "SessionTimeoutMinutes": 60,
            },
        },
        AutoTuneOptions={"DesiredState": "ENABLED"},
        OffPeakWindowOptions={
            "Enabled": True,
            "OffPeakWindow": {"WindowStartTime": {"Hours": 3, "Minutes": 0}},
        },
        SoftwareUpdateOptions={"AutoSoftwareUpdateEnabled": True},
        TagList=[{"Key": "owner", "Value": "lukas"}],
    )
    # Types of instances are known where there are instances.
    ec2 = client("ec2")
    image = ec2.register_image(Name="any", RootDeviceName="/dev/sda1")["ImageId"]
    ec2.run_instances(ImageId=image, InstanceType="m6g.large", MinCount=1, MaxCount=1)
    # Public and not encrypted.
    search.create_domain(DomainName="open")


def found(client, account, region):
    search = client("opensearch")
    names = [one["DomainName"] for one in search.list_domain_names()["DomainNames"]]
    arns = {
        name: search.describe_domain(DomainName=name)["DomainStatus"]["ARN"]
        for name in names
    }
    return {
        "aws_opensearch_domain": {
            name: tags_of(search.list_tags(ARN=arn), "TagList")
            for name, arn in arns.items()
        }
    }
