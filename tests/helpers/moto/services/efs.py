"""File systems of EFS: a guarded one with ways in, and an open one."""

import json

from services.listing import pages, tags_of
from services.storage_network import make_key, make_network

OWNER = [{"Key": "owner", "Value": "lukas"}]


def seed(client, account, region):
    efs = client("efs")
    _, subnets, group = make_network(client, region, "10.43.0.0/16")
    shared = efs.create_file_system(
        CreationToken="shared",
        PerformanceMode="generalPurpose",
        ThroughputMode="provisioned",
        ProvisionedThroughputInMibps=64,
        Encrypted=True,
        KmsKeyId=make_key(client),
        Tags=[{"Key": "Name", "Value": "shared"}, *OWNER],
    )["FileSystemId"]
    efs.put_file_system_policy(
        FileSystemId=shared,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": "elasticfilesystem:ClientMount",
                    }
                ],
            }
        ),
    )
    for subnet in subnets:
        efs.create_mount_target(
            FileSystemId=shared, SubnetId=subnet, SecurityGroups=[group]
        )
    efs.create_access_point(
        ClientToken="uploads",
        FileSystemId=shared,
        PosixUser={"Uid": 1000, "Gid": 1000, "SecondaryGids": [1001]},
        RootDirectory={
            "Path": "/uploads",
            "CreationInfo": {
                "OwnerUid": 1000,
                "OwnerGid": 1000,
                "Permissions": "0750",
            },
        },
        Tags=[{"Key": "Name", "Value": "uploads"}, *OWNER],
    )
    # Not encrypted, in one zone, and nobody can reach it.
    idle = efs.create_file_system(
        CreationToken="idle", AvailabilityZoneName=f"{region}a", Encrypted=False
    )["FileSystemId"]
    efs.create_access_point(ClientToken="idle", FileSystemId=idle)


def found(client, account, region):
    efs = client("efs")
    systems = pages(efs, "describe_file_systems", "FileSystems")
    return {
        "aws_efs_file_system": {one["FileSystemId"]: tags_of(one) for one in systems},
        "aws_efs_mount_target": {
            target["MountTargetId"]: None
            for one in systems
            for target in efs.describe_mount_targets(FileSystemId=one["FileSystemId"])[
                "MountTargets"
            ]
        },
        "aws_efs_access_point": {
            one["AccessPointId"]: tags_of(one)
            for one in pages(efs, "describe_access_points", "AccessPoints")
        },
    }
