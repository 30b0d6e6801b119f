"""Distributions: one that guards what it serves, and one without anything."""

from services.awslambda import make_code
from services.listing import tags_of
from services.storage_network import make_bucket, make_role

KEY = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAudf8/iNkQgdvjEdm6xYS
-----END PUBLIC KEY-----
"""


def listed(*items):
    return {"Quantity": len(items), "Items": list(items)}


def behavior(function, edge):
    return {
        "TargetOriginId": "files",
        "TrustedSigners": {"Enabled": True, **listed("self")},
        "TrustedKeyGroups": {"Enabled": True, **listed("k-1")},
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": {
            **listed("GET", "HEAD"),
            "CachedMethods": listed("GET", "HEAD"),
        },
        "SmoothStreaming": False,
        "Compress": True,
        "LambdaFunctionAssociations": listed(
            {
                "LambdaFunctionARN": edge,
                "EventType": "origin-request",
                "IncludeBody": False,
            }
        ),
        "FunctionAssociations": listed(
            {"FunctionARN": function, "EventType": "viewer-request"}
        ),
        "FieldLevelEncryptionId": "f-1",
        "RealtimeLogConfigArn": "arn:aws:cloudfront::111111111111:realtime-log-config/a",
        "CachePolicyId": "c-1",
        "OriginRequestPolicyId": "o-1",
        "ResponseHeadersPolicyId": "r-1",
        "ForwardedValues": {
            "QueryString": True,
            "Cookies": {
                "Forward": "whitelist",
                "WhitelistedNames": listed("session"),
            },
            "Headers": listed("Host"),
            "QueryStringCacheKeys": listed("page"),
        },
        "MinTTL": 0,
        "DefaultTTL": 60,
        "MaxTTL": 3600,
    }


def guarded(bucket, control, function, edge, certificate):
    made = behavior(function, edge)
    return {
        "CallerReference": "a",
        "Aliases": listed("files.example.com"),
        "DefaultRootObject": "index.html",
        "Origins": listed(
            {
                "Id": "files",
                "DomainName": f"{bucket}.s3.amazonaws.com",
                "OriginPath": "/live",
                "CustomHeaders": listed(
                    {"HeaderName": "X-Secret", "HeaderValue": "very-secret"}
                ),
                "S3OriginConfig": {
                    "OriginAccessIdentity": "origin-access-identity/cloudfront/E1"
                },
                "ConnectionAttempts": 3,
                "ConnectionTimeout": 10,
                "OriginShield": {
                    "Enabled": True,
                    "OriginShieldRegion": "us-east-1",
                },
                "OriginAccessControlId": control,
            },
            {
                "Id": "api",
                "DomainName": "api.example.com",
                "CustomOriginConfig": {
                    "HTTPPort": 80,
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "https-only",
                    "OriginSslProtocols": listed("TLSv1.2"),
                    "OriginReadTimeout": 30,
                    "OriginKeepaliveTimeout": 5,
                },
            },
        ),
        "OriginGroups": listed(
            {
                "Id": "both",
                "FailoverCriteria": {
                    "StatusCodes": {"Quantity": 1, "Items": [500]}
                },
                "Members": listed({"OriginId": "files"}, {"OriginId": "api"}),
            }
        ),
        "DefaultCacheBehavior": made,
        "CacheBehaviors": listed({"PathPattern": "/api/*", **made}),
        "CustomErrorResponses": listed(
            {
                "ErrorCode": 404,
                "ResponsePagePath": "/404.html",
                "ResponseCode": "404",
                "ErrorCachingMinTTL": 60,
            }
        ),
        "Comment": "Files",
        "Logging": {
            "Enabled": True,
            "IncludeCookies": True,
            "Bucket": f"{bucket}.s3.amazonaws.com",
            "Prefix": "logs",
        },
        "PriceClass": "PriceClass_100",
        "Enabled": True,
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": False,
            "IAMCertificateId": "ASCA1",
            "ACMCertificateArn": certificate,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
            "Certificate": certificate,
            "CertificateSource": "acm",
        },
        "Restrictions": {
            "GeoRestriction": {"RestrictionType": "whitelist", **listed("DE")}
        },
        "WebACLId": "w-1",
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
    }


def plain():
    return {
        "CallerReference": "b",
        "Origins": listed(
            {
                "Id": "web",
                "DomainName": "web.example.com",
                "CustomOriginConfig": {
                    "HTTPPort": 80,
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "http-only",
                },
            }
        ),
        "DefaultCacheBehavior": {
            "TargetOriginId": "web",
            "ViewerProtocolPolicy": "allow-all",
        },
        "Comment": "",
        "Enabled": False,
    }


def seed(client, account, region):
    if region != "us-east-1":
        return
    edge = client("cloudfront")
    bucket = make_bucket(client, f"files-{account}", region)
    control = edge.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": "files",
            "Description": "Signs all",
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )["OriginAccessControl"]["Id"]
    edge.create_public_key(
        PublicKeyConfig={
            "CallerReference": "a",
            "Name": "key",
            "EncodedKey": KEY,
            "Comment": "For links",
        }
    )
    function = edge.create_function(
        Name="route",
        FunctionConfig={"Comment": "Routes", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"function handler(event) { return event.request }",
    )["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    version = client("lambda").create_function(
        FunctionName="edge",
        Runtime="python3.12",
        Role=make_role(client, "runs-edge", region),
        Handler="main.handler",
        Code={"ZipFile": make_code()},
        Publish=True,
    )["FunctionArn"]
    certificate = client("acm").request_certificate(
        DomainName="files.example.com", ValidationMethod="DNS"
    )["CertificateArn"]
    edge.create_distribution_with_tags(
        DistributionConfigWithTags={
            "DistributionConfig": guarded(
                bucket, control, function, f"{version}:1", certificate
            ),
            "Tags": {"Items": [{"Key": "owner", "Value": "lukas"}]},
        }
    )
    # It serves nothing, and takes what is not encrypted.
    edge.create_distribution(DistributionConfig=plain())


def items(answer, member):
    return answer[member].get("Items") or []


def found(client, account, region):
    if region != "us-east-1":
        return {}
    edge = client("cloudfront")

    def tags(arn):
        return tags_of(edge.list_tags_for_resource(Resource=arn)["Tags"], "Items")

    return {
        "aws_cloudfront_distribution": {
            one["Id"]: tags(one["ARN"])
            for one in items(edge.list_distributions(), "DistributionList")
        },
        "aws_cloudfront_function": {
            one["Name"]: tags(one["FunctionMetadata"]["FunctionARN"])
            for one in items(edge.list_functions(), "FunctionList")
        },
        "aws_cloudfront_origin_access_control": {
            one["Id"]: None
            for one in items(
                edge.list_origin_access_controls(), "OriginAccessControlList"
            )
        },
        "aws_cloudfront_public_key": {
            one["Id"]: None
            for one in items(edge.list_public_keys(), "PublicKeyList")
        },
    }
