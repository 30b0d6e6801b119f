"""All kinds of EC2: networks with all that hangs on them, and what is unused."""

from estate import tag_specs
from services.listing import pages, tags_of


def make_group(ec2, vpc, name):
    return ec2.create_security_group(
        GroupName=name,
        Description=f"For {name}",
        VpcId=vpc,
        TagSpecifications=tag_specs("security-group", name),
    )["GroupId"]


def rule(port, **source):
    return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}]


def seed_groups(ec2, vpc, name):
    """Three groups that name each other in a circle, and one that is loose."""
    groups = [make_group(ec2, vpc, f"{name}-{role}") for role in ["web", "app", "db"]]
    for index, group in enumerate(groups):
        other = groups[(index + 1) % len(groups)]
        ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=rule(
                8000 + index,
                UserIdGroupPairs=[{"GroupId": other, "Description": "the next"}],
            ),
        )
    ec2.authorize_security_group_ingress(
        GroupId=groups[0],
        IpPermissions=rule(
            443,
            IpRanges=[{"CidrIp": "0.0.0.0/0", "Description": "all"}],
            Ipv6Ranges=[{"CidrIpv6": "::/0", "Description": "all"}],
        ),
    )
    prefix_list = ec2.create_managed_prefix_list(
        PrefixListName=f"{name}-offices",
        MaxEntries=1,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "192.0.2.0/24"}],
    )["PrefixList"]["PrefixListId"]
    offices = rule(
        22, PrefixListIds=[{"PrefixListId": prefix_list, "Description": "offices"}]
    )
    ec2.authorize_security_group_ingress(GroupId=groups[1], IpPermissions=offices)
    ec2.authorize_security_group_egress(GroupId=groups[1], IpPermissions=offices)
    ec2.authorize_security_group_egress(
        GroupId=groups[2],
        IpPermissions=rule(
            53,
            IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "names"}],
            Ipv6Ranges=[{"CidrIpv6": "::1/128", "Description": "names"}],
            UserIdGroupPairs=[{"GroupId": groups[0], "Description": "names"}],
        ),
    )
    return [*groups, make_group(ec2, vpc, f"{name}-loose")]


def seed_subnets(ec2, vpc, region, prefix, name):
    [ipv6] = [
        each["Ipv6CidrBlock"]
        for one in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
        for each in one["Ipv6CidrBlockAssociationSet"]
    ]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"{prefix}.{index}.0/24",
            AvailabilityZone=f"{region}{zone}",
            TagSpecifications=tag_specs("subnet", f"{name}-{zone}" if index else None),
        )["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]
    ec2.associate_subnet_cidr_block(
        SubnetId=subnets[0], Ipv6CidrBlock=ipv6.replace("/56", "/64")
    )
    return subnets


def seed_acl(ec2, vpc):
    """Lists of no subnet: moto keeps associations with subnets that are gone."""
    acl = ec2.create_network_acl(
        VpcId=vpc, TagSpecifications=tag_specs("network-acl", "strict")
    )["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=100,
        Protocol="1",
        RuleAction="allow",
        Egress=False,
        CidrBlock="10.0.0.0/8",
        IcmpTypeCode={"Code": -1, "Type": 8},
        PortRange={"From": 1, "To": 2},
    )
    ec2.create_network_acl(VpcId=vpc)


def seed_nat(ec2, subnet):
    address = ec2.allocate_address(
        Domain="vpc", TagSpecifications=tag_specs("elastic-ip", "nat")
    )["AllocationId"]
    return ec2.create_nat_gateway(
        SubnetId=subnet,
        AllocationId=address,
        TagSpecifications=tag_specs("natgateway", "out"),
    )["NatGateway"]["NatGatewayId"]


def seed_routes(ec2, vpc, subnets, nat, peering, gateway):
    """A table for each subnet, one of no subnet, and the main one as it is."""
    tables = [
        ec2.create_route_table(
            VpcId=vpc, TagSpecifications=tag_specs("route-table", name)
        )["RouteTable"]["RouteTableId"]
        for name in ["public", "private", None]
    ]
    for table, subnet in zip(tables, subnets):
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    public, private, _ = tables
    everywhere = {"DestinationCidrBlock": "0.0.0.0/0"}
    ec2.create_route(RouteTableId=public, GatewayId=gateway, **everywhere)
    ec2.create_route(RouteTableId=private, NatGatewayId=nat, **everywhere)
    ec2.create_route(
        RouteTableId=private,
        VpcPeeringConnectionId=peering,
        DestinationCidrBlock="10.9.0.0/16",
    )
    ec2.associate_route_table(RouteTableId=tables[2], GatewayId=gateway)
    return tables


def seed_other_routes(ec2, vpc, table, instance, interface):
    """Routes to all else that a route can lead to."""
    outwards = ec2.create_egress_only_internet_gateway(VpcId=vpc)
    transit = ec2.create_transit_gateway()
    carrier = ec2.create_carrier_gateway(VpcId=vpc)
    ways = [
        {
            "EgressOnlyInternetGatewayId": outwards["EgressOnlyInternetGateway"][
                "EgressOnlyInternetGatewayId"
            ]
        },
        {"TransitGatewayId": transit["TransitGateway"]["TransitGatewayId"]},
        {"CarrierGatewayId": carrier["CarrierGateway"]["CarrierGatewayId"]},
        {"InstanceId": instance},
        {"NetworkInterfaceId": interface},
    ]
    for number, way in enumerate(ways):
        destination = (
            {"DestinationIpv6CidrBlock": "::/0"}
            if number == 0
            else {"DestinationCidrBlock": f"172.16.{number}.0/24"}
        )
        ec2.create_route(RouteTableId=table, **destination, **way)


def seed_endpoints(ec2, vpc, region, subnet, group, table):
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{region}.s3",
        RouteTableIds=[table],
        TagSpecifications=tag_specs("vpc-endpoint", "s3"),
    )
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{region}.sqs",
        SubnetIds=[subnet],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=True,
    )


def seed_peering(ec2, vpc, other):
    """A peering in use, and one that was deleted."""
    made = [
        ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)[
            "VpcPeeringConnection"
        ]["VpcPeeringConnectionId"]
        for _ in range(2)
    ]
    for peering in made:
        ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    ec2.modify_vpc_peering_connection_options(
        VpcPeeringConnectionId=made[0],
        AccepterPeeringConnectionOptions={"AllowDnsResolutionFromRemoteVpc": True},
        RequesterPeeringConnectionOptions={"AllowDnsResolutionFromRemoteVpc": True},
    )
    ec2.create_tags(Resources=made[:1], Tags=[{"Key": "owner", "Value": "lukas"}])
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=made[1])
    return made[0]


def seed_flow_logs(client, ec2, account, region, vpc, subnet, interface):
    bucket = f"flow-logs-{account}-{region}"
    client("s3").create_bucket(
        Bucket=bucket,
        **(
            {}
            if region == "us-east-1"
            else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        ),
    )
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{bucket}",
        LogFormat="${srcaddr} ${dstaddr}",
        MaxAggregationInterval=60,
        TagSpecifications=tag_specs("vpc-flow-log", "all"),
    )
    role = f"flow-logs-{region}"
    arn = client("iam").create_role(RoleName=role, AssumeRolePolicyDocument="{}")[
        "Role"
    ]["Arn"]
    client("logs").create_log_group(logGroupName="flows")
    for resource, resource_type in [
        (subnet, "Subnet"),
        (interface, "NetworkInterface"),
    ]:
        ec2.create_flow_logs(
            ResourceIds=[resource],
            ResourceType=resource_type,
            TrafficType="REJECT",
            LogGroupName="flows",
            DeliverLogsPermissionArn=arn,
        )


def template_data(image, group, key, profile, kms_key):
    """As much as a launch template can say."""
    return {
        "KernelId": "aki-1",
        "EbsOptimized": True,
        "IamInstanceProfile": {"Arn": profile, "Name": "machine"},
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/sda1",
                "VirtualName": "root",
                "NoDevice": "no",
                "Ebs": {
                    "Encrypted": True,
                    "DeleteOnTermination": True,
                    "Iops": 3000,
                    "KmsKeyId": kms_key,
                    "SnapshotId": "snap-1",
                    "VolumeSize": 20,
                    "VolumeType": "gp3",
                    "Throughput": 125,
                },
            }
        ],
        "NetworkInterfaces": [
            {
                "AssociateCarrierIpAddress": False,
                "AssociatePublicIpAddress": True,
                "DeleteOnTermination": True,
                "Description": "the first",
                "DeviceIndex": 0,
                "Groups": [group],
                "InterfaceType": "interface",
                "Ipv6AddressCount": 1,
                "Ipv6Addresses": [{"Ipv6Address": "::1"}],
                "NetworkInterfaceId": "eni-1",
                "PrivateIpAddress": "10.0.0.9",
                "PrivateIpAddresses": [
                    {"Primary": True, "PrivateIpAddress": "10.0.0.9"}
                ],
                "SecondaryPrivateIpAddressCount": 1,
                "SubnetId": "subnet-1",
                "NetworkCardIndex": 0,
                "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.0/28"}],
                "Ipv4PrefixCount": 1,
                "Ipv6Prefixes": [{"Ipv6Prefix": "::/80"}],
                "Ipv6PrefixCount": 1,
                "PrimaryIpv6": True,
                "EnaSrdSpecification": {
                    "EnaSrdEnabled": True,
                    "EnaSrdUdpSpecification": {"EnaSrdUdpEnabled": True},
                },
                "ConnectionTrackingSpecification": {
                    "TcpEstablishedTimeout": 60,
                    "UdpTimeout": 30,
                    "UdpStreamTimeout": 60,
                },
            }
        ],
        "ImageId": image,
        "InstanceType": "t3.micro",
        "KeyName": key,
        "Monitoring": {"Enabled": True},
        "Placement": {
            "AvailabilityZone": "us-east-1a",
            "Affinity": "default",
            "GroupName": "spread",
            "HostId": "h-1",
            "Tenancy": "default",
            "SpreadDomain": "rack",
            "HostResourceGroupArn": "arn:aws:resource-groups:us-east-1:1:group/g",
            "PartitionNumber": 1,
            "GroupId": "pg-1",
        },
        "RamDiskId": "ari-1",
        "DisableApiTermination": False,
        "InstanceInitiatedShutdownBehavior": "stop",
        "UserData": "IyEvYmluL3NoCg==",
        "TagSpecifications": [
            {"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "b"}]}
        ],
        "ElasticGpuSpecifications": [{"Type": "eg1.medium"}],
        "ElasticInferenceAccelerators": [{"Type": "eia1.medium", "Count": 1}],
        "SecurityGroupIds": [group],
        "SecurityGroups": ["web"],
        "InstanceMarketOptions": {
            "MarketType": "spot",
            "SpotOptions": {
                "MaxPrice": "0.01",
                "SpotInstanceType": "one-time",
                "BlockDurationMinutes": 60,
                "ValidUntil": "2030-01-01T00:00:00Z",
                "InstanceInterruptionBehavior": "stop",
            },
        },
        "CreditSpecification": {"CpuCredits": "standard"},
        "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2, "AmdSevSnp": "disabled"},
        "CapacityReservationSpecification": {
            "CapacityReservationPreference": "open",
            "CapacityReservationTarget": {
                "CapacityReservationId": "cr-1",
                "CapacityReservationResourceGroupArn": "arn:aws:resource-groups:1",
            },
        },
        "LicenseSpecifications": [
            {"LicenseConfigurationArn": "arn:aws:license-manager:1"}
        ],
        "HibernationOptions": {"Configured": False},
        "MetadataOptions": {
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 1,
            "HttpEndpoint": "enabled",
            "HttpProtocolIpv6": "disabled",
            "InstanceMetadataTags": "disabled",
        },
        "EnclaveOptions": {"Enabled": False},
        "InstanceRequirements": {
            "VCpuCount": {"Min": 1, "Max": 2},
            "MemoryMiB": {"Min": 1, "Max": 2},
            "CpuManufacturers": ["intel"],
            "MemoryGiBPerVCpu": {"Min": 1.5, "Max": 2.5},
            "ExcludedInstanceTypes": ["t2.micro"],
            "InstanceGenerations": ["current"],
            "SpotMaxPricePercentageOverLowestPrice": 10,
            "OnDemandMaxPricePercentageOverLowestPrice": 20,
            "BareMetal": "excluded",
            "BurstablePerformance": "included",
            "RequireHibernateSupport": False,
            "NetworkInterfaceCount": {"Min": 1, "Max": 2},
            "LocalStorage": "included",
            "LocalStorageTypes": ["ssd"],
            "TotalLocalStorageGB": {"Min": 1.5, "Max": 2.5},
            "BaselineEbsBandwidthMbps": {"Min": 1, "Max": 2},
            "AcceleratorTypes": ["gpu"],
            "AcceleratorCount": {"Min": 1, "Max": 2},
            "AcceleratorManufacturers": ["nvidia"],
            "AcceleratorNames": ["t4"],
            "AcceleratorTotalMemoryMiB": {"Min": 1, "Max": 2},
            "NetworkBandwidthGbps": {"Min": 1.5, "Max": 2.5},
            "AllowedInstanceTypes": ["t3.*"],
        },
        "PrivateDnsNameOptions": {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": True,
            "EnableResourceNameDnsAAAARecord": False,
        },
        "MaintenanceOptions": {"AutoRecovery": "default"},
        "DisableApiStop": False,
    }


def seed_templates(client, ec2, region, image, group, key, kms_key):
    iam = client("iam")
    profile = iam.create_instance_profile(InstanceProfileName=f"machine-{region}")[
        "InstanceProfile"
    ]["Arn"]
    full = ec2.create_launch_template(
        LaunchTemplateName="full",
        VersionDescription="the first",
        LaunchTemplateData=template_data(image, group, key, profile, kms_key),
    )["LaunchTemplate"]["LaunchTemplateId"]
    small = ec2.create_launch_template(
        LaunchTemplateName="small",
        LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"},
        TagSpecifications=tag_specs("launch-template", None),
    )["LaunchTemplate"]["LaunchTemplateId"]
    # Its second version is not the default one.
    ec2.create_launch_template_version(
        LaunchTemplateId=small, LaunchTemplateData={"InstanceType": "m5.large"}
    )
    return full, small, profile


def seed_instances(ec2, region, image, subnet, group, key, template, profile):
    placed = {"SubnetId": subnet, "SecurityGroupIds": [group]}
    ids = [
        ec2.run_instances(MinCount=1, MaxCount=1, **wanted)["Instances"][0][
            "InstanceId"
        ]
        for wanted in [
            {
                "ImageId": image,
                "InstanceType": "t3.micro",
                "KeyName": key,
                "IamInstanceProfile": {"Arn": profile},
                "HibernationOptions": {"Configured": True},
                "EbsOptimized": True,
                "MetadataOptions": {"HttpTokens": "required"},
                "UserData": "#!/bin/sh\necho hello\n",
                "TagSpecifications": tag_specs("instance", "first"),
                **placed,
            },
            {"LaunchTemplate": {"LaunchTemplateId": template}, **placed},
            {
                "ImageId": image,
                "InstanceType": "t3.micro",
                "Placement": {
                    "Tenancy": "host",
                    "HostId": "h-1",
                    "Affinity": "host",
                    "PartitionNumber": 1,
                },
                "KernelId": "aki-1",
                "RamdiskId": "ari-1",
                "InstanceMarketOptions": {"MarketType": "spot"},
                "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2},
                "Ipv6AddressCount": 1,
                **placed,
            },
            # A type with everything that types can have.
            {"ImageId": image, "InstanceType": "p3dn.24xlarge", **placed},
            {"ImageId": image, "InstanceType": "inf1.xlarge", **placed},
            {"ImageId": image, "InstanceType": "t3.micro", **placed},
        ]
    ]
    ec2.create_tags(
        Resources=ids[1:2],
        Tags=[{"Key": "aws:ec2launchtemplate:id", "Value": template}],
    )
    ec2.stop_instances(InstanceIds=ids[3:4])
    ec2.terminate_instances(InstanceIds=ids[-1:])
    return ids[:-1]


def seed_storage(ec2, region, instance, kms_key):
    """Volumes, attached or not, a snapshot of one, and an image."""
    zone = f"{region}a"
    plain = ec2.create_volume(
        AvailabilityZone=zone, Size=8, VolumeType="gp2"
    )["VolumeId"]
    attached = ec2.create_volume(
        AvailabilityZone=zone,
        Size=10,
        VolumeType="gp3",
        Iops=3000,
        Throughput=150,
        Encrypted=True,
        KmsKeyId=kms_key,
        TagSpecifications=tag_specs("volume", "data"),
    )["VolumeId"]
    ec2.attach_volume(VolumeId=attached, InstanceId=instance, Device="/dev/sdh")
    snapshots = [
        ec2.create_snapshot(
            VolumeId=volume,
            Description=f"Of {volume}",
            TagSpecifications=tag_specs("snapshot", None),
        )["SnapshotId"]
        for volume in [plain, attached]
    ]
    ec2.create_volume(AvailabilityZone=zone, SnapshotId=snapshots[0])
    ec2.create_image(
        InstanceId=instance,
        Name="golden",
        Description="what all begin with",
        TagSpecifications=tag_specs("image", "golden"),
    )


def seed_addresses(ec2, subnet, group, instance):
    """An interface of its own, and addresses that are used or not."""
    interface = ec2.create_network_interface(
        SubnetId=subnet,
        Groups=[group],
        Description="spare",
        Ipv6AddressCount=1,
        PrivateIpAddresses=[
            {"Primary": True, "PrivateIpAddress": "10.8.1.40"},
            {"Primary": False, "PrivateIpAddress": "10.8.1.41"},
        ],
        TagSpecifications=tag_specs("network-interface", "spare"),
    )["NetworkInterface"]["NetworkInterfaceId"]
    first, second, _ = [
        ec2.allocate_address(
            Domain="vpc", TagSpecifications=tag_specs("elastic-ip", name)
        )["AllocationId"]
        for name in ["front", None, None]
    ]
    ec2.associate_address(AllocationId=first, InstanceId=instance)
    ec2.associate_address(AllocationId=second, NetworkInterfaceId=interface)
    return interface


def seed(client, account, region):
    ec2 = client("ec2")
    kms_key = client("kms").create_key()["KeyMetadata"]["Arn"]
    vpc, other = [
        ec2.create_vpc(
            CidrBlock=cidr,
            AmazonProvidedIpv6CidrBlock=name is not None,
            TagSpecifications=tag_specs("vpc", name),
        )["Vpc"]["VpcId"]
        for cidr, name in [("10.8.0.0/16", "main"), ("10.9.0.0/16", None)]
    ]
    subnets = seed_subnets(ec2, vpc, region, "10.8", "main")
    groups = seed_groups(ec2, vpc, "main")
    seed_acl(ec2, vpc)
    gateway, _ = [
        ec2.create_internet_gateway(
            TagSpecifications=tag_specs("internet-gateway", name)
        )["InternetGateway"]["InternetGatewayId"]
        for name in ["front", None]
    ]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    nat = seed_nat(ec2, subnets[0])
    gone = seed_nat(ec2, subnets[0])
    ec2.delete_nat_gateway(NatGatewayId=gone)
    peering = seed_peering(ec2, vpc, other)
    tables = seed_routes(ec2, vpc, subnets, nat, peering, gateway)
    seed_endpoints(ec2, vpc, region, subnets[1], groups[1], tables[1])
    key = ec2.create_key_pair(
        KeyName="login",
        KeyType="ed25519",
        TagSpecifications=tag_specs("key-pair", "login"),
    )["KeyName"]
    image = ec2.register_image(
        Name="base",
        RootDeviceName="/dev/sda1",
        Architecture="x86_64",
        VirtualizationType="hvm",
        EnaSupport=True,
        KernelId="aki-1",
        RamdiskId="ari-1",
        TagSpecifications=tag_specs("image", "base"),
    )["ImageId"]
    _, small, profile = seed_templates(
        client, ec2, region, image, groups[0], key, kms_key
    )
    instances = seed_instances(
        ec2, region, image, subnets[0], groups[0], key, small, profile
    )
    seed_storage(ec2, region, instances[0], kms_key)
    interface = seed_addresses(ec2, subnets[1], groups[2], instances[1])
    seed_flow_logs(client, ec2, account, region, vpc, subnets[0], interface)
    seed_other_routes(ec2, vpc, tables[2], instances[0], interface)
    ec2.allocate_hosts(
        AvailabilityZone=f"{region}b", InstanceFamily="m5", Quantity=1
    )
    ec2.allocate_hosts(
        AvailabilityZone=f"{region}a",
        InstanceType="m5.large",
        Quantity=2,
        AutoPlacement="on",
        HostRecovery="on",
        TagSpecifications=tag_specs("dedicated-host", "metal"),
    )


# Kind, operation, member of the answer, member of the id.
LISTED = [
    ("aws_ec2_elastic_ip", "describe_addresses", "Addresses", "PublicIp"),
    ("aws_ec2_flow_log", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("aws_ec2_host", "describe_hosts", "Hosts", "HostId"),
    (
        "aws_ec2_internet_gateway",
        "describe_internet_gateways",
        "InternetGateways",
        "InternetGatewayId",
    ),
    ("aws_ec2_keypair", "describe_key_pairs", "KeyPairs", "KeyPairId"),
    (
        "aws_ec2_launch_template",
        "describe_launch_templates",
        "LaunchTemplates",
        "LaunchTemplateId",
    ),
    ("aws_ec2_nat_gateway", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("aws_ec2_network_acl", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    ("aws_ec2_route_table", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("aws_ec2_security_group", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("aws_ec2_subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("aws_ec2_volume", "describe_volumes", "Volumes", "VolumeId"),
    ("aws_vpc", "describe_vpcs", "Vpcs", "VpcId"),
    ("aws_vpc_endpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    (
        "aws_vpc_peering_connection",
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        "VpcPeeringConnectionId",
    ),
]


def found(client, account, region):
    ec2 = client("ec2")
    kinds = {
        kind: {one[member]: tags_of(one) for one in pages(ec2, operation, result)}
        for kind, operation, result, member in LISTED
    }
    instances = [
        one
        for reservation in pages(ec2, "describe_instances", "Reservations")
        for one in reservation["Instances"]
    ]
    return kinds | {
        "aws_ec2_image": {
            one["ImageId"]: tags_of(one)
            for one in pages(ec2, "describe_images", "Images", Owners=["self"])
        },
        "aws_ec2_instance": {one["InstanceId"]: tags_of(one) for one in instances},
        "aws_ec2_instance_type": {one["InstanceType"]: None for one in instances},
        "aws_ec2_network_interface": {
            one["NetworkInterfaceId"]: tags_of(one, "TagSet")
            for one in pages(
                ec2, "describe_network_interfaces", "NetworkInterfaces"
            )
        },
        "aws_ec2_snapshot": {
            one["SnapshotId"]: tags_of(one)
            for one in pages(ec2, "describe_snapshots", "Snapshots", OwnerIds=["self"])
        },
        "aws_ec2_volume_type": {
            one["VolumeType"]: None
            for one in pages(ec2, "describe_volumes", "Volumes")
        },
    }
