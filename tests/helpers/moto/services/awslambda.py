"""Functions: a guarded one, and an old one that anybody may call."""

import io
import json
import zipfile

from services.listing import pages
from services.storage_network import make_key, make_network, make_role


def make_code():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("main.py", "def handler(event, context):\n    return 1\n")
    return archive.getvalue()


def make_api(client):
    api = client("apigateway").create_rest_api(name="shop")
    return api["id"]


def seed(client, account, region):
    functions = client("lambda")
    _, subnets, group = make_network(client, region, "10.8.0.0/16")
    role = make_role(client, "runs-functions", region)
    layer = functions.publish_layer_version(
        LayerName="shared", Content={"ZipFile": make_code()}
    )
    efs = client("efs")
    disk = efs.create_file_system(CreationToken="disk")["FileSystemId"]
    point = efs.create_access_point(FileSystemId=disk, ClientToken="a")
    guarded = functions.create_function(
        FunctionName="orders",
        Runtime="python3.12",
        Role=role,
        Handler="main.handler",
        Description="Takes orders",
        Code={"ZipFile": make_code()},
        Timeout=30,
        MemorySize=512,
        VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": [group]},
        DeadLetterConfig={
            "TargetArn": f"arn:aws:sqs:{region}:{account}:orders-dead"
        },
        Environment={"Variables": {"DB_PASSWORD": "very-secret", "STAGE": "live"}},
        KMSKeyArn=make_key(client),
        TracingConfig={"Mode": "Active"},
        Layers=[layer["LayerVersionArn"]],
        FileSystemConfigs=[
            {"Arn": point["AccessPointArn"], "LocalMountPath": "/mnt/disk"}
        ],
        EphemeralStorage={"Size": 1024},
        Architectures=["arm64"],
        Tags={"owner": "lukas"},
    )
    api = make_api(client)
    functions.add_permission(
        FunctionName="orders",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{region}:{account}:{api}/*/POST/orders",
    )
    assert guarded["FunctionName"] == "orders"
    # A runtime that gets no fixes any more, a URL that is open to everybody.
    functions.create_function(
        FunctionName="old",
        Runtime="python2.7",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": make_code()},
        Publish=True,
    )
    functions.create_function_url_config(
        FunctionName="old",
        AuthType="NONE",
        Cors={
            "AllowCredentials": True,
            "AllowHeaders": ["date"],
            "AllowMethods": ["*"],
            "AllowOrigins": ["*"],
            "ExposeHeaders": ["date"],
            "MaxAge": 600,
        },
    )
    functions.create_function(
        FunctionName="image",
        PackageType="Image",
        Role=role,
        Code={"ImageUri": f"{account}.dkr.ecr.{region}.amazonaws.com/web:latest"},
        ImageConfig={
            "EntryPoint": ["/run"],
            "Command": ["serve"],
            "WorkingDirectory": "/srv",
        },
    )


def found(client, account, region):
    functions = client("lambda")
    return {
        "aws_lambda_function": {
            one["FunctionName"]: functions.list_tags(Resource=one["FunctionArn"])[
                "Tags"
            ]
            for one in pages(functions, "list_functions", "Functions")
        }
    }
