"""Load balancers with listeners and targets, and those without."""

from services.elb import make_instances, make_network
from services.listing import pages, tags_of

OWNER = [{"Key": "owner", "Value": "lukas"}]


def make_targets(elbv2, vpc, name, **wanted):
    return elbv2.create_target_group(
        Name=name, VpcId=vpc, **{"Protocol": "HTTP", "Port": 80, **wanted}
    )["TargetGroups"][0]["TargetGroupArn"]


def seed_balancers(client, subnets, group):
    ec2, elbv2 = client("ec2"), client("elbv2")
    front = elbv2.create_load_balancer(
        Name="front",
        Subnets=subnets,
        SecurityGroups=[group],
        Scheme="internal",
        Tags=OWNER,
    )["LoadBalancers"][0]["LoadBalancerArn"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    elbv2.create_load_balancer(
        Name="fixed",
        Type="network",
        SubnetMappings=[{"SubnetId": subnets[0], "AllocationId": address}],
    )
    # Nothing listens on this one.
    elbv2.create_load_balancer(
        Name="idle", Subnets=subnets, Scheme="internet-facing"
    )
    return front


def seed_listeners(client, region, account, balancer, group):
    elbv2 = client("elbv2")
    certificate = client("acm").request_certificate(DomainName="example.org")[
        "CertificateArn"
    ]
    pool = client("cognito-idp").create_user_pool(PoolName="people")["UserPool"]["Arn"]
    forward = {
        "Type": "forward",
        "TargetGroupArn": group,
        "Order": 3,
        "ForwardConfig": {
            "TargetGroups": [{"TargetGroupArn": group, "Weight": 1}],
            "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
        },
    }
    elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-2016-08",
        AlpnPolicy=["HTTP2Preferred"],
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[
            {
                "Type": "authenticate-cognito",
                "Order": 1,
                "AuthenticateCognitoConfig": {
                    "UserPoolArn": pool,
                    "UserPoolClientId": "client",
                    "UserPoolDomain": "people",
                    "SessionCookieName": "session",
                    "Scope": "openid",
                    "SessionTimeout": 60,
                    "AuthenticationRequestExtraParams": {"a": "b"},
                    "OnUnauthenticatedRequest": "authenticate",
                },
            },
            {
                "Type": "authenticate-oidc",
                "Order": 2,
                "AuthenticateOidcConfig": {
                    "Issuer": "https://example.org",
                    "AuthorizationEndpoint": "https://example.org/a",
                    "TokenEndpoint": "https://example.org/t",
                    "UserInfoEndpoint": "https://example.org/u",
                    "ClientId": "client",
                    "ClientSecret": "very secret",
                    "SessionCookieName": "session",
                    "Scope": "openid",
                    "SessionTimeout": 60,
                    "AuthenticationRequestExtraParams": {"a": "b"},
                    "OnUnauthenticatedRequest": "authenticate",
                },
            },
            forward,
        ],
    )
    elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[
            {
                "Type": "redirect",
                "RedirectConfig": {
                    "Protocol": "HTTPS",
                    "Port": "443",
                    "Host": "#{host}",
                    "Path": "/#{path}",
                    "Query": "#{query}",
                    "StatusCode": "HTTP_301",
                },
            }
        ],
    )
    elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=81,
        DefaultActions=[
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {
                    "MessageBody": "closed",
                    "StatusCode": "503",
                    "ContentType": "text/plain",
                },
            }
        ],
    )


def seed(client, account, region):
    ec2, elbv2 = client("ec2"), client("elbv2")
    vpc, subnets, security_group = make_network(ec2, region, "10.30.0.0/16")
    front = seed_balancers(client, subnets, security_group)
    machines = make_targets(
        elbv2,
        vpc,
        "machines",
        HealthCheckProtocol="HTTP",
        HealthCheckPort="8080",
        HealthCheckPath="/health",
        HealthCheckIntervalSeconds=10,
        HealthCheckTimeoutSeconds=5,
        HealthyThresholdCount=3,
        UnhealthyThresholdCount=2,
        Matcher={"HttpCode": "200"},
        TargetType="instance",
        Tags=OWNER,
    )
    calls = make_targets(
        elbv2,
        vpc,
        "calls",
        ProtocolVersion="GRPC",
        Matcher={"GrpcCode": "0"},
        TargetType="ip",
        IpAddressType="ipv4",
    )
    # Nobody forwards to this one, and nobody is in it.
    make_targets(elbv2, vpc, "unused")
    chained = make_targets(elbv2, vpc, "chained", Protocol="TCP", TargetType="alb")
    instances = make_instances(ec2, subnets[0], security_group)
    elbv2.register_targets(
        TargetGroupArn=machines,
        Targets=[{"Id": one, "Port": 8080} for one in instances],
    )
    elbv2.register_targets(
        TargetGroupArn=calls,
        Targets=[{"Id": "10.30.0.9", "Port": 80, "AvailabilityZone": f"{region}a"}],
    )
    elbv2.register_targets(TargetGroupArn=chained, Targets=[{"Id": front, "Port": 80}])
    seed_listeners(client, region, account, front, machines)


def found(client, account, region):
    elbv2 = client("elbv2")
    listed = {
        "aws_alb": [
            one["LoadBalancerArn"]
            for one in pages(elbv2, "describe_load_balancers", "LoadBalancers")
        ],
        "aws_alb_target_group": [
            one["TargetGroupArn"]
            for one in pages(elbv2, "describe_target_groups", "TargetGroups")
        ],
    }
    return {
        kind: {
            one["ResourceArn"]: tags_of(one)
            for arn in arns
            for one in elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"]
        }
        for kind, arns in listed.items()
    }
