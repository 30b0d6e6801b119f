"""Classic load balancers, with instances and without."""

from estate import tag_specs
from services.listing import pages, tags_of


def make_network(ec2, region, cidr="10.20.0.0/16"):
    """A VPC with a gateway, a subnet in each of two zones, and a group."""
    vpc = ec2.create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
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
        GroupName="balanced", Description="For backends", VpcId=vpc
    )["GroupId"]
    return vpc, subnets, group


def make_instances(ec2, subnet, group, count=2):
    image = ec2.register_image(Name="backend", RootDeviceName="/dev/sda1")["ImageId"]
    answer = ec2.run_instances(
        ImageId=image,
        InstanceType="t3.micro",
        MinCount=count,
        MaxCount=count,
        SubnetId=subnet,
        SecurityGroupIds=[group],
        TagSpecifications=tag_specs("instance", "backend"),
    )
    return [one["InstanceId"] for one in answer["Instances"]]


def make_bucket(client, name, region):
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client("s3").create_bucket(
        Bucket=name, **({} if region == "us-east-1" else elsewhere)
    )
    return name


LISTENERS = [
    {
        "Protocol": "HTTP",
        "LoadBalancerPort": 80,
        "InstanceProtocol": "HTTP",
        "InstancePort": 8080,
    },
    {
        "Protocol": "HTTPS",
        "LoadBalancerPort": 443,
        "InstanceProtocol": "HTTP",
        "InstancePort": 8080,
    },
]


def seed_full(client, region, name, subnet, group, bucket):
    elb = client("elb")
    elb.create_load_balancer(
        LoadBalancerName=name,
        Listeners=LISTENERS[:1],
        Subnets=[subnet],
        SecurityGroups=[group],
        Scheme="internal",
        Tags=[{"Key": "owner", "Value": "lukas"}],
    )
    certificate = client("acm").request_certificate(DomainName="example.org")[
        "CertificateArn"
    ]
    elb.create_load_balancer_listeners(
        LoadBalancerName=name,
        Listeners=[{**LISTENERS[1], "SSLCertificateId": certificate}],
    )
    elb.configure_health_check(
        LoadBalancerName=name,
        HealthCheck={
            "Target": "HTTP:8080/",
            "Interval": 30,
            "Timeout": 5,
            "UnhealthyThreshold": 2,
            "HealthyThreshold": 3,
        },
    )
    elb.modify_load_balancer_attributes(
        LoadBalancerName=name,
        LoadBalancerAttributes={
            "CrossZoneLoadBalancing": {"Enabled": True},
            "AccessLog": {
                "Enabled": True,
                "S3BucketName": bucket,
                "EmitInterval": 60,
                "S3BucketPrefix": "front",
            },
            "ConnectionDraining": {"Enabled": True, "Timeout": 60},
            "ConnectionSettings": {"IdleTimeout": 30},
        },
    )
    elb.create_app_cookie_stickiness_policy(
        LoadBalancerName=name, PolicyName="by-app", CookieName="session"
    )
    elb.create_lb_cookie_stickiness_policy(
        LoadBalancerName=name, PolicyName="by-cookie", CookieExpirationPeriod=60
    )
    elb.create_load_balancer_policy(
        LoadBalancerName=name,
        PolicyName="proxy",
        PolicyTypeName="ProxyProtocolPolicyType",
        PolicyAttributes=[{"AttributeName": "ProxyProtocol", "AttributeValue": "true"}],
    )
    elb.set_load_balancer_policies_of_listener(
        LoadBalancerName=name, LoadBalancerPort=80, PolicyNames=["by-cookie"]
    )
    elb.set_load_balancer_policies_for_backend_server(
        LoadBalancerName=name, InstancePort=8080, PolicyNames=["proxy"]
    )


def seed(client, account, region):
    ec2, elb = client("ec2"), client("elb")
    _, subnets, group = make_network(ec2, region)
    bucket = make_bucket(client, f"elb-logs-{account}-{region}", region)
    seed_full(client, region, "front", subnets[0], group, bucket)
    instances = make_instances(ec2, subnets[0], group)
    elb.register_instances_with_load_balancer(
        LoadBalancerName="front",
        Instances=[{"InstanceId": one} for one in instances],
    )
    # Nobody is behind this one.
    elb.create_load_balancer(
        LoadBalancerName="idle",
        Listeners=LISTENERS[:1],
        Subnets=[subnets[1]],
    )


def found(client, account, region):
    elb = client("elb")
    names = [
        one["LoadBalancerName"]
        for one in pages(elb, "describe_load_balancers", "LoadBalancerDescriptions")
    ]
    described = [
        one
        for name in names
        for one in elb.describe_tags(LoadBalancerNames=[name])["TagDescriptions"]
    ]
    return {"aws_elb": {one["LoadBalancerName"]: tags_of(one) for one in described}}
