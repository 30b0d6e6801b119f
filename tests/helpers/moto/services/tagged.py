"""Volumes with and without tags, the same everywhere."""

SEEDS_SPARE = True


def seed(client, account, region):
    ec2 = client("ec2")
    for name in ["one", "two", None]:
        tags = [{"Key": "Name", "Value": f"{name} of {account}"}] if name else []
        volume = ec2.create_volume(AvailabilityZone=f"{region}a", Size=1)
        if tags:
            ec2.create_tags(Resources=[volume["VolumeId"]], Tags=tags)


def found(client, account, region):
    volumes = client("ec2").describe_volumes()["Volumes"]
    return {
        "aws_ec2_volume": {
            each["VolumeId"]: {
                tag["Key"]: tag["Value"] for tag in each.get("Tags", [])
            }
            for each in volumes
        }
    }
