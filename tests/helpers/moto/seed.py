"""Fills a moto server with an estate: two accounts, three regions.

Usage: seed.py ENDPOINT [ACCOUNT,...] [REGION,...]. Prints what was made, as JSON.
Written with boto3, so that the plugin is not checked against itself.
"""

import json
import sys

from estate import ACCOUNTS, REGIONS, client_for, tag_specs

# Each region of each account gets these.
INSTANCES = [("t3.micro", 14), ("m5.large", 14), ("c5.2xlarge", 7)]
LOOSE_VOLUMES = 24


def seed_network(ec2, name):
    """A VPC with two subnets, two groups, and one of each without a name."""
    vpcs = []
    for number, cidr in enumerate(["10.1.0.0/16", "10.2.0.0/16"]):
        # The second VPC has no Name tag: its name falls back to its id.
        named = f"{name}-vpc" if number == 0 else None
        vpc = ec2.create_vpc(
            CidrBlock=cidr, TagSpecifications=tag_specs("vpc", named)
        )["Vpc"]["VpcId"]
        prefix = cidr.rsplit(".", 2)[0]
        subnets = [
            ec2.create_subnet(
                VpcId=vpc,
                CidrBlock=f"{prefix}.{index}.0/24",
                TagSpecifications=tag_specs(
                    "subnet", f"{name}-subnet" if index == 0 else None
                ),
            )["Subnet"]["SubnetId"]
            for index in range(2)
        ]
        groups = [
            ec2.create_security_group(
                GroupName=f"{name}-{number}-{role}",
                Description=f"For {role}",
                VpcId=vpc,
                TagSpecifications=tag_specs("security-group", f"{name}-{role}"),
            )["GroupId"]
            for role in ["web", "db"]
        ]
        ec2.authorize_security_group_ingress(
            GroupId=groups[0],
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}],
                    "Ipv6Ranges": [{"CidrIpv6": "::/0", "Description": "all"}],
                }
            ],
        )
        ec2.authorize_security_group_ingress(
            GroupId=groups[1],
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 5432,
                    "ToPort": 5432,
                    "UserIdGroupPairs": [{"GroupId": groups[0]}],
                }
            ],
        )
        vpcs.append((vpc, subnets, groups))
    return vpcs


def seed_instances(ec2, name, vpcs, key):
    image = ec2.register_image(
        Name=f"{name}-base",
        RootDeviceName="/dev/sda1",
        TagSpecifications=tag_specs("image", f"{name}-base"),
    )["ImageId"]
    instances = []
    for kind, (instance_type, count) in enumerate(INSTANCES):
        _, subnets, groups = vpcs[kind % len(vpcs)]
        answer = ec2.run_instances(
            ImageId=image,
            InstanceType=instance_type,
            MinCount=count,
            MaxCount=count,
            SubnetId=subnets[kind % len(subnets)],
            SecurityGroupIds=groups[:1],
            **({"KeyName": key} if kind < 2 else {}),
            **({"UserData": f"#!/bin/sh\necho {name}\n"} if kind == 0 else {}),
            # Those of one type have no name.
            TagSpecifications=tag_specs(
                "instance", f"{name}-{instance_type}" if kind < 2 else None
            ),
        )
        instances += [one["InstanceId"] for one in answer["Instances"]]
    ec2.stop_instances(InstanceIds=instances[:2])
    ec2.terminate_instances(InstanceIds=instances[-1:])
    return instances[:-1]


def seed_volumes(ec2, name, zone, instances):
    volumes = [
        ec2.create_volume(
            AvailabilityZone=zone,
            Size=10 + number,
            VolumeType="gp3" if number % 2 else "gp2",
            Encrypted=number % 3 == 0,
            TagSpecifications=tag_specs(
                "volume", f"{name}-volume-{number}" if number % 4 else None
            ),
        )["VolumeId"]
        for number in range(LOOSE_VOLUMES)
    ]
    for number, volume in enumerate(volumes[:6]):
        ec2.attach_volume(
            VolumeId=volume,
            InstanceId=instances[number],
            Device="/dev/sdh",
        )
    return volumes


def seed_region(account, region, endpoint):
    ec2 = client_for(account, region, endpoint)
    name = f"{account[:3]}-{region}"
    zone = f"{region}a"
    vpcs = seed_network(ec2, name)
    key = ec2.create_key_pair(KeyName=f"{name}-key", KeyType="ed25519")["KeyName"]
    ec2.create_key_pair(
        KeyName=f"{name}-unused", TagSpecifications=tag_specs("key-pair", "spare")
    )
    instances = seed_instances(ec2, name, vpcs, key)
    volumes = seed_volumes(ec2, name, zone, instances)
    for number, volume in enumerate(volumes[:5]):
        ec2.create_snapshot(
            VolumeId=volume,
            Description=f"Of {volume}",
            TagSpecifications=tag_specs(
                "snapshot", f"{name}-snapshot" if number % 2 else None
            ),
        )
    ec2.create_image(
        InstanceId=instances[3],
        Name=f"{name}-golden",
        TagSpecifications=tag_specs("image", f"{name}-golden"),
    )
    _, subnets, groups = vpcs[0]
    interface = ec2.create_network_interface(
        SubnetId=subnets[0],
        Groups=groups,
        Description="spare",
        TagSpecifications=tag_specs("network-interface", f"{name}-spare"),
    )["NetworkInterface"]["NetworkInterfaceId"]
    first, second, _ = [
        ec2.allocate_address(
            Domain="vpc", TagSpecifications=tag_specs("elastic-ip", tag)
        )["AllocationId"]
        for tag in [f"{name}-address", None, None]
    ]
    ec2.associate_address(AllocationId=first, InstanceId=instances[4])
    ec2.associate_address(AllocationId=second, NetworkInterfaceId=interface)
    return {"instances": len(instances) + 1, "loose_volumes": len(volumes)}


def main(endpoint, accounts=",".join(ACCOUNTS), regions=",".join(REGIONS)):
    made = {
        account: {
            region: seed_region(account, region, endpoint)
            for region in regions.split(",")
        }
        for account in accounts.split(",")
    }
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
