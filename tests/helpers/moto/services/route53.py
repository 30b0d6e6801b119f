"""Zones: a public one with every way to answer, and an empty private one."""

from services.storage_network import make_network


def record(name, type, *values, **more):
    values = [{"Value": value} for value in values]
    return {"Name": name, "Type": type, "TTL": 300, "ResourceRecords": values, **more}


def alias(name, zone, **more):
    target = {
        "HostedZoneId": zone,
        "DNSName": "web.example.com.",
        "EvaluateTargetHealth": True,
    }
    return {"Name": name, "Type": "A", "AliasTarget": target, **more}


def records_of(zone, check):
    yield record("web.example.com.", "A", "192.0.2.1", "192.0.2.2")
    yield record("example.com.", "MX", "10 mail.example.com.")
    yield record("_web._tcp.example.com.", "SRV", "1 2 443 web.example.com.")
    yield record("example.com.", "CAA", '0 issue "example.com"')
    # Name servers of a part of the zone, which are not the zone's own.
    yield record("part.example.com.", "NS", "ns.example.net.")
    yield alias("www.example.com.", zone)
    for region, value in {"eu-west-1": "192.0.2.3", "us-east-1": "192.0.2.4"}.items():
        yield record(
            "near.example.com.", "A", value, SetIdentifier=region, Region=region
        )
    yield record(
        "some.example.com.", "A", "192.0.2.5", SetIdentifier="a", Weight=10
    )
    yield record(
        "geo.example.com.",
        "A",
        "192.0.2.6",
        SetIdentifier="a",
        GeoLocation={"CountryCode": "US", "SubdivisionCode": "CA"},
    )
    yield record(
        "geo.example.com.",
        "A",
        "192.0.2.7",
        SetIdentifier="b",
        GeoLocation={"ContinentCode": "EU"},
    )
    yield record(
        "safe.example.com.",
        "A",
        "192.0.2.8",
        SetIdentifier="a",
        Failover="PRIMARY",
        HealthCheckId=check,
    )
    yield record(
        "many.example.com.",
        "A",
        "192.0.2.9",
        SetIdentifier="a",
        MultiValueAnswer=True,
    )


def seed(client, account, region):
    if region != "us-east-1":
        return
    names = client("route53")
    public = names.create_hosted_zone(
        Name="example.com", CallerReference="a", HostedZoneConfig={"Comment": "Ours"}
    )["HostedZone"]["Id"]
    id = public.split("/")[-1]
    names.change_tags_for_resource(
        ResourceType="hostedzone",
        ResourceId=id,
        AddTags=[{"Key": "owner", "Value": "lukas"}],
    )
    check = names.create_health_check(
        CallerReference="a",
        HealthCheckConfig={"Type": "HTTP", "IPAddress": "192.0.2.8", "Port": 80},
    )["HealthCheck"]["Id"]
    names.change_resource_record_sets(
        HostedZoneId=public,
        ChangeBatch={
            "Changes": [
                {"Action": "CREATE", "ResourceRecordSet": one}
                for one in records_of(id, check)
            ]
        },
    )
    group = "/aws/route53/example.com"
    client("logs").create_log_group(logGroupName=group)
    names.create_query_logging_config(
        HostedZoneId=id,
        CloudWatchLogsLogGroupArn=(
            f"arn:aws:logs:{region}:{account}:log-group:{group}:*"
        ),
    )
    # Nothing is in it, and nobody says whose it is.
    vpc, _, _ = make_network(client, region, "10.12.0.0/16")
    names.create_hosted_zone(
        Name="internal.example.com",
        CallerReference="b",
        HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCRegion": region, "VPCId": vpc},
    )


def found(client, account, region):
    if region != "us-east-1":
        return {}
    names = client("route53")
    kinds = {
        "aws_route53_zone": {},
        "aws_route53_resource_record_set": {},
        "aws_route53_resource_record": {},
    }
    for zone in names.list_hosted_zones()["HostedZones"]:
        id = zone["Id"].split("/")[-1]
        tags = names.list_tags_for_resource(ResourceType="hostedzone", ResourceId=id)
        kinds["aws_route53_zone"][id] = {
            tag["Key"]: tag["Value"] for tag in tags["ResourceTagSet"]["Tags"]
        }
        sets = names.get_paginator("list_resource_record_sets").paginate(
            HostedZoneId=id
        )
        for one in [one for page in sets for one in page["ResourceRecordSets"]]:
            parts = [id, one["Name"], one["Type"], one.get("SetIdentifier")]
            set_id = "/".join(part for part in parts if part)
            kinds["aws_route53_resource_record_set"][set_id] = None
            for value in one.get("ResourceRecords") or []:
                kinds["aws_route53_resource_record"][
                    f"{set_id}/{value['Value']}"
                ] = None
    return kinds
