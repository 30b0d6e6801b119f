"""REST APIs: one that asks who calls, and an open one."""

import json

from services.awslambda import make_code
from services.listing import pages
from services.storage_network import make_network, make_role


def make_endpoint(client, region):
    vpc, _, _ = make_network(client, region, "10.11.0.0/16")
    made = client("ec2").create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{region}.execute-api",
        VpcEndpointType="Interface",
    )
    return made["VpcEndpoint"]["VpcEndpointId"]


def make_function(client, role):
    made = client("lambda").create_function(
        FunctionName="shop",
        Runtime="python3.12",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": make_code()},
    )
    return made["FunctionArn"]


def seed_guarded(client, account, region, uri, role, endpoint):
    gateway = client("apigateway")
    api = gateway.create_rest_api(
        name="shop",
        description="The shop",
        version="1",
        binaryMediaTypes=["image/png"],
        minimumCompressionSize=1024,
        apiKeySource="HEADER",
        endpointConfiguration={
            "types": ["PRIVATE"],
            "vpcEndpointIds": [endpoint],
        },
        policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "execute-api:Invoke",
                        "Resource": "*",
                    }
                ],
            }
        ),
        disableExecuteApiEndpoint=True,
        tags={"owner": "lukas"},
    )["id"]
    authorizer = gateway.create_authorizer(
        restApiId=api,
        name="who",
        type="TOKEN",
        providerARNs=["arn:aws:cognito-idp:x"],
        authType="custom",
        authorizerUri=uri,
        authorizerCredentials=role,
        identitySource="method.request.header.Authorization",
        identityValidationExpression=".+",
        authorizerResultTtlInSeconds=60,
    )["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    orders = gateway.create_resource(restApiId=api, parentId=root, pathPart="orders")
    method = {"restApiId": api, "resourceId": orders["id"], "httpMethod": "POST"}
    gateway.put_method(
        **method,
        authorizationType="CUSTOM",
        authorizerId=authorizer,
        apiKeyRequired=True,
        operationName="order",
        requestParameters={"method.request.header.a": True},
        requestModels={"application/json": "Empty"},
        requestValidatorId="v1",
        authorizationScopes=["orders"],
    )
    gateway.put_method_response(
        **method,
        statusCode="200",
        responseParameters={"method.response.header.a": True},
        responseModels={"application/json": "Empty"},
    )
    gateway.put_integration(
        **method,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=uri,
        credentials=role,
        requestParameters={"integration.request.header.a": "'b'"},
        requestTemplates={"application/json": "{}"},
        passthroughBehavior="WHEN_NO_MATCH",
        contentHandling="CONVERT_TO_TEXT",
        timeoutInMillis=1000,
        cacheNamespace="a",
        cacheKeyParameters=["method.request.header.a"],
        tlsConfig={"insecureSkipVerification": False},
    )
    gateway.put_integration_response(
        **method,
        statusCode="200",
        selectionPattern=".*",
        responseParameters={"method.response.header.a": "'b'"},
        responseTemplates={"application/json": "{}"},
        contentHandling="CONVERT_TO_TEXT",
    )
    deployment = gateway.create_deployment(restApiId=api, description="The first")["id"]
    gateway.create_stage(
        restApiId=api,
        stageName="live",
        deploymentId=deployment,
        description="For customers",
        cacheClusterEnabled=True,
        cacheClusterSize="0.5",
        variables={"color": "blue"},
        documentationVersion="1",
        tracingEnabled=True,
        tags={"owner": "lukas"},
    )
    client("logs").create_log_group(logGroupName="/api/shop")
    group = f"arn:aws:logs:{region}:{account}:log-group:/api/shop"
    gateway.update_stage(
        restApiId=api,
        stageName="live",
        patchOperations=[
            {"op": "replace", "path": path, "value": value}
            for path, value in {
                "/accessLogSettings/destinationArn": group,
                "/accessLogSettings/format": "$context.requestId",
                "/*/*/metrics/enabled": "true",
            }.items()
        ],
    )


def seed_open(client):
    gateway = client("apigateway")
    # Of the same stage, without anybody who asks, nor tags.
    api = gateway.create_rest_api(name="open")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_method_response(**method, statusCode="200")
    gateway.put_integration(**method, type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="live")


def seed(client, account, region):
    role = make_role(client, "calls-functions", region)
    function = make_function(client, role)
    uri = (
        f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/"
        f"{function}/invocations"
    )
    endpoint = make_endpoint(client, region)
    seed_guarded(client, account, region, uri, role, endpoint)
    seed_open(client)
    certificate = client("acm").request_certificate(
        DomainName="api.example.com", ValidationMethod="DNS"
    )["CertificateArn"]
    client("apigateway").create_domain_name(
        domainName=f"api.{region}.example.com",
        certificateName="edge",
        certificateArn=certificate,
        regionalCertificateName="regional",
        regionalCertificateArn=certificate,
        endpointConfiguration={"types": ["PRIVATE"], "vpcEndpointIds": [endpoint]},
        securityPolicy="TLS_1_2",
        tags={"owner": "lukas"},
    )


def found(client, account, region):
    gateway = client("apigateway")
    kinds = {
        "aws_apigateway_rest_api": {},
        "aws_apigateway_authorizer": {},
        "aws_apigateway_deployment": {},
        "aws_apigateway_resource": {},
        "aws_apigateway_stage": {},
        "aws_apigateway_domain_name": {
            one["domainName"]: one.get("tags") or {}
            for one in pages(gateway, "get_domain_names", "items")
        },
    }
    for api in pages(gateway, "get_rest_apis", "items"):
        kinds["aws_apigateway_rest_api"][api["id"]] = api.get("tags") or {}
        for part in ["authorizer", "deployment", "resource"]:
            for one in pages(gateway, f"get_{part}s", "items", restApiId=api["id"]):
                kinds[f"aws_apigateway_{part}"][one["id"]] = None
        for stage in gateway.get_stages(restApiId=api["id"])["item"]:
            id = f"{api['id']}/{stage['stageName']}"
            kinds["aws_apigateway_stage"][id] = stage.get("tags") or {}
    return kinds
