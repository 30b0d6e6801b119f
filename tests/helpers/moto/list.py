"""Lists an estate with boto3's own paginators.

Usage: list.py ENDPOINT. Prints {account: {region: {kind: {id: facts}}}} as
JSON; the facts are what the edges follow from.
"""

import json
import sys

from estate import ACCOUNTS, REGIONS, client_for


def pages(ec2, operation, result, **arguments):
    if ec2.can_paginate(operation):
        found = ec2.get_paginator(operation).paginate(**arguments)
        return [item for page in found for item in page[result]]
    return getattr(ec2, operation)(**arguments)[result]


def instance_facts(one, keys):
    facts = {
        "image": one["ImageId"],
        "type": one["InstanceType"],
        "name": tag(one, "Tags", "Name"),
        "state": one["State"]["Name"],
        "groups": [each["GroupId"] for each in one["SecurityGroups"]],
    }
    if "VpcId" in one:
        facts["vpc"] = one["VpcId"]
    if "SubnetId" in one:
        facts["subnet"] = one["SubnetId"]
    if "KeyName" in one:
        facts["key"] = keys[one["KeyName"]]
    return facts


def tag(one, member, key):
    values = [each["Value"] for each in one.get(member, []) if each["Key"] == key]
    return values[0] if values else None


def list_region(account, region, endpoint):
    ec2 = client_for(account, region, endpoint)
    key_pairs = pages(ec2, "describe_key_pairs", "KeyPairs")
    keys = {one["KeyName"]: one["KeyPairId"] for one in key_pairs}
    instances = [
        one
        for reservation in pages(ec2, "describe_instances", "Reservations")
        for one in reservation["Instances"]
    ]
    volumes = pages(ec2, "describe_volumes", "Volumes")
    found = {
        "aws_ec2_instance": {
            one["InstanceId"]: instance_facts(one, keys) for one in instances
        },
        "aws_ec2_volume": {
            one["VolumeId"]: {
                "name": tag(one, "Tags", "Name"),
                "type": one["VolumeType"],
                "size": one["Size"],
                "instances": [each["InstanceId"] for each in one["Attachments"]],
            }
            for one in volumes
        },
        "aws_ec2_snapshot": {
            one["SnapshotId"]: {"volume": one["VolumeId"]}
            for one in pages(
                ec2, "describe_snapshots", "Snapshots", OwnerIds=["self"]
            )
        },
        "aws_vpc": {
            one["VpcId"]: {"name": tag(one, "Tags", "Name")}
            for one in pages(ec2, "describe_vpcs", "Vpcs")
        },
        "aws_ec2_subnet": {
            one["SubnetId"]: {"vpc": one["VpcId"]}
            for one in pages(ec2, "describe_subnets", "Subnets")
        },
        "aws_ec2_security_group": {
            one["GroupId"]: {
                "vpc": one["VpcId"],
                "name": one["GroupName"],
                "names": [
                    pair["GroupId"]
                    for rule in one["IpPermissions"] + one["IpPermissionsEgress"]
                    for pair in rule["UserIdGroupPairs"]
                ],
            }
            for one in pages(ec2, "describe_security_groups", "SecurityGroups")
        },
        "aws_ec2_network_interface": {
            one["NetworkInterfaceId"]: {
                "vpc": one["VpcId"],
                "subnet": one["SubnetId"],
                "instance": one.get("Attachment", {}).get("InstanceId"),
                "groups": [each["GroupId"] for each in one["Groups"]],
            }
            for one in pages(
                ec2, "describe_network_interfaces", "NetworkInterfaces"
            )
        },
        "aws_ec2_elastic_ip": {
            one["PublicIp"]: {
                "instance": one.get("InstanceId") or None,
                "interface": one.get("NetworkInterfaceId") or None,
            }
            for one in pages(ec2, "describe_addresses", "Addresses")
        },
        "aws_ec2_keypair": {one["KeyPairId"]: {} for one in key_pairs},
        "aws_ec2_image": {
            one["ImageId"]: {
                "snapshots": [
                    each["Ebs"]["SnapshotId"]
                    for each in one["BlockDeviceMappings"]
                    if each.get("Ebs", {}).get("SnapshotId")
                ]
            }
            for one in pages(ec2, "describe_images", "Images", Owners=["self"])
        },
    }
    types = {one["InstanceType"] for one in instances}
    offered = pages(
        ec2,
        "describe_instance_types",
        "InstanceTypes",
        InstanceTypes=sorted(types),
    )
    found["aws_ec2_instance_type"] = {
        one["InstanceType"]: {
            "cores": one["VCpuInfo"]["DefaultVCpus"],
            "memory_mib": one["MemoryInfo"]["SizeInMiB"],
        }
        for one in offered
    }
    found["aws_ec2_volume_type"] = {one["VolumeType"]: {} for one in volumes}
    return found


def main(endpoint):
    estate = {
        account: {
            region: list_region(account, region, endpoint) for region in REGIONS
        }
        for account in ACCOUNTS
    }
    json.dump(estate, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
