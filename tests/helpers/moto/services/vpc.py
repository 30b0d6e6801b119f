"""A VPC with everything in it, to be torn down, and one beside it that stays.

`seed` returns {"doomed": {kind: [ids]}, "kept": {kind: [ids]}}. What AWS made with
the VPC, and takes away with it, is doomed too: the default group, the main route table, and the interfaces of
gateways, endpoints and instances.
"""

from estate import tag_specs
from services import autoscaling, ec2_more, elb, elbv2

DOOMED = "doomed"

# Kind, operation, path to the items, member of the id; filtered by the VPC.
IN_VPC = [
    ("aws_ec2_network_acl", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    (
        "aws_ec2_network_interface",
        "describe_network_interfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
    ),
    ("aws_ec2_route_table", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("aws_ec2_security_group", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("aws_ec2_subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("aws_vpc", "describe_vpcs", "Vpcs", "VpcId"),
]


def in_vpc(ec2, vpc):
    """Ids of what lies in a VPC, and the VPC itself, by kind."""
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    return {
        kind: [
            one[member]
            for one in getattr(ec2, operation)(Filters=wanted)[result]
            # Moto leaves the default ACL of a VPC that is gone.
            if kind != "aws_ec2_network_acl" or not one["IsDefault"]
        ]
        for kind, operation, result, member in IN_VPC
    }


def make_subnets(ec2, vpc, region, prefix):
    return [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"{prefix}.{index}.0/24",
            AvailabilityZone=f"{region}{zone}",
            TagSpecifications=tag_specs("subnet", f"{DOOMED}-{zone}"),
        )["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]


def make_address(ec2):
    answer = ec2.allocate_address(
        Domain="vpc", TagSpecifications=tag_specs("elastic-ip", DOOMED)
    )
    return answer["AllocationId"], answer["PublicIp"]


def seed_gateways(ec2, vpc, subnets, other):
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    allocation, address = make_address(ec2)
    nat = ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=allocation)[
        "NatGateway"
    ]["NatGatewayId"]
    peering = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)[
        "VpcPeeringConnection"
    ]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    ec2_more.seed_routes(ec2, vpc, subnets, nat, peering, gateway)
    return {
        "aws_ec2_elastic_ip": [address],
        "aws_ec2_internet_gateway": [gateway],
        "aws_ec2_nat_gateway": [nat],
        "aws_vpc_peering_connection": [peering],
    }


def seed_machines(ec2, region, subnets, groups):
    """Instances with volumes and addresses, and an interface of its own."""
    instances = elb.make_instances(ec2, subnets[0], groups[0])
    volume = ec2.create_volume(AvailabilityZone=f"{region}a", Size=8)["VolumeId"]
    ec2.attach_volume(VolumeId=volume, InstanceId=instances[0], Device="/dev/sdh")
    roots = [
        each["Ebs"]["VolumeId"]
        for reservation in ec2.describe_instances(InstanceIds=instances)["Reservations"]
        for one in reservation["Instances"]
        for each in one["BlockDeviceMappings"]
    ]
    interface = ec2.create_network_interface(SubnetId=subnets[1], Groups=groups[:2])[
        "NetworkInterface"
    ]["NetworkInterfaceId"]
    first, second = [make_address(ec2) for _ in range(2)]
    ec2.associate_address(AllocationId=first[0], InstanceId=instances[0])
    ec2.associate_address(AllocationId=second[0], NetworkInterfaceId=interface)
    return instances, {
        "aws_ec2_elastic_ip": [first[1], second[1]],
        "aws_ec2_instance": instances,
        "aws_ec2_volume": sorted({volume, *roots}),
    }


def seed_balancers(client, vpc, subnets, group, instances):
    classic, modern = client("elb"), client("elbv2")
    classic.create_load_balancer(
        LoadBalancerName=DOOMED,
        Listeners=elb.LISTENERS[:1],
        Subnets=[subnets[0]],
        SecurityGroups=[group],
    )
    classic.register_instances_with_load_balancer(
        LoadBalancerName=DOOMED,
        Instances=[{"InstanceId": one} for one in instances],
    )
    targets = elbv2.make_targets(modern, vpc, DOOMED, TargetType="instance")
    modern.register_targets(
        TargetGroupArn=targets, Targets=[{"Id": one} for one in instances]
    )
    balancer = modern.create_load_balancer(
        Name=DOOMED, Subnets=subnets, SecurityGroups=[group]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    modern.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": targets}],
    )
    return {
        "aws_alb": [balancer],
        "aws_alb_target_group": [targets],
        "aws_elb": [DOOMED],
    }


def seed_group(ec2, scaling, subnet):
    [image] = [one["ImageId"] for one in ec2.describe_images(Owners=["self"])["Images"]]
    template = ec2.create_launch_template(
        LaunchTemplateName=DOOMED,
        LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=DOOMED,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        MinSize=1,
        MaxSize=1,
        VPCZoneIdentifier=subnet,
    )
    [group] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[DOOMED])[
        "AutoScalingGroups"
    ]
    grown = [one["InstanceId"] for one in group["Instances"]]
    roots = [
        each["Ebs"]["VolumeId"]
        for reservation in ec2.describe_instances(InstanceIds=grown)["Reservations"]
        for one in reservation["Instances"]
        for each in one["BlockDeviceMappings"]
    ]
    return {
        "aws_autoscaling_group": [DOOMED],
        "aws_ec2_instance": grown,
        "aws_ec2_launch_template": [template],
        "aws_ec2_volume": roots,
    }


def joined(*parts):
    """Ids by kind, of all parts together."""
    together = {}
    for part in parts:
        for kind, ids in part.items():
            together[kind] = sorted({*together.get(kind, []), *ids})
    return together


def seed(client, account, region):
    ec2 = client("ec2")
    vpc, other = [
        ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tag_specs("vpc", name))["Vpc"][
            "VpcId"
        ]
        for cidr, name in [("10.6.0.0/16", DOOMED), ("10.9.0.0/16", "kept")]
    ]
    stays = ec2.create_subnet(VpcId=other, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    subnets = make_subnets(ec2, vpc, region, "10.6")
    groups = ec2_more.seed_groups(ec2, vpc, DOOMED)
    ec2_more.seed_acl(ec2, vpc)
    gateways = seed_gateways(ec2, vpc, subnets, other)
    [private] = [
        one["RouteTableId"]
        for one in ec2.describe_route_tables(
            Filters=[{"Name": "association.subnet-id", "Values": [subnets[1]]}]
        )["RouteTables"]
    ]
    ec2_more.seed_endpoints(ec2, vpc, region, subnets[1], groups[1], private)
    endpoints = [
        one["VpcEndpointId"]
        for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if one["VpcId"] == vpc
    ]
    instances, machines = seed_machines(ec2, region, subnets, groups)
    balancers = seed_balancers(client, vpc, subnets, groups[0], instances)
    grown = seed_group(ec2, client("autoscaling"), subnets[1])
    spare = ec2.create_volume(AvailabilityZone=f"{region}a", Size=8)["VolumeId"]
    return {
        "doomed": joined(
            in_vpc(ec2, vpc),
            gateways,
            machines,
            balancers,
            grown,
            {"aws_vpc_endpoint": endpoints},
        ),
        "kept": joined(
            in_vpc(ec2, other),
            {"aws_ec2_subnet": [stays], "aws_ec2_volume": [spare]},
        ),
    }


def found(client, account, region):
    return {
        kind: ids
        for module in [ec2_more, elb, elbv2, autoscaling]
        for kind, ids in module.found(client, account, region).items()
    }


def touch(client, account, region):
    """Tags the spare volumes, as somebody does by hand."""
    ec2 = client("ec2")
    free = [{"Name": "status", "Values": ["available"]}]
    spare = [one["VolumeId"] for one in ec2.describe_volumes(Filters=free)["Volumes"]]
    ec2.create_tags(Resources=spare, Tags=[{"Key": "keep", "Value": "please"}])
    return spare
