"""What databases and file systems of the modules beside this one stand in."""


def make_network(client, region, cidr):
    """A VPC with two subnets, and a group."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    prefix = cidr.rsplit(".", 2)[0]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"{prefix}.{index}.0/24",
            AvailabilityZone=f"{region}{zone}",
        )["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(
        GroupName="data", Description="For data", VpcId=vpc
    )["GroupId"]
    return vpc, subnets, group


def make_key(client):
    """The ARN of a key."""
    return client("kms").create_key()["KeyMetadata"]["Arn"]


def make_role(client, name, region):
    """The ARN of a role; roles are the account's, so the name has the region."""
    return client("iam").create_role(
        RoleName=f"{name}-{region}", AssumeRolePolicyDocument="{}"
    )["Role"]["Arn"]


def make_bucket(client, name, region):
    """A bucket in the region."""
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client("s3").create_bucket(
        Bucket=name, **({} if region == "us-east-1" else elsewhere)
    )
    return name
