"""Stacks: a guarded one, one without tags, and stacks of a set."""

import json

from services.listing import pages, tags_of
from services.storage_network import make_role

SIZE = {"Size": {"Type": "String", "Default": "1"}}
OWNER = [{"Key": "owner", "Value": "lukas"}, {"Key": "stage", "Value": "live"}]


def template(topic, parameters=None):
    return json.dumps(
        {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "A topic",
            "Parameters": parameters or {},
            "Resources": {
                "Topic": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {"TopicName": topic},
                }
            },
            "Outputs": {
                "Topic": {
                    "Description": "Its topic",
                    "Value": {"Ref": "Topic"},
                    "Export": {"Name": topic},
                }
            },
        }
    )


def seed(client, account, region):
    stacks = client("cloudformation")
    role = make_role(client, "makes-stacks", region)
    topic = client("sns").create_topic(Name="stacks")["TopicArn"]
    stacks.create_stack(
        StackName="guarded",
        TemplateBody=template("guarded"),
        RollbackConfiguration={
            "RollbackTriggers": [
                {
                    "Arn": f"arn:aws:cloudwatch:{region}:{account}:alarm:a",
                    "Type": "AWS::CloudWatch::Alarm",
                }
            ],
            "MonitoringTimeInMinutes": 5,
        },
        DisableRollback=False,
        TimeoutInMinutes=30,
        NotificationARNs=[topic],
        Capabilities=["CAPABILITY_IAM"],
        RoleARN=role,
        EnableTerminationProtection=True,
        Tags=OWNER,
    )
    # Nobody guards it or says whose it is.
    stacks.create_stack(StackName="loose", TemplateBody=template("loose", SIZE))
    stacks.create_stack(
        StackName="outer",
        TemplateBody=json.dumps(
            {
                "Resources": {
                    "Inner": {
                        "Type": "AWS::CloudFormation::Stack",
                        "Properties": {
                            "TemplateURL": inner_template(client, account, region)
                        },
                    }
                }
            }
        ),
    )
    stacks.create_stack_set(
        StackSetName="everywhere",
        Description="In every region",
        TemplateBody=template("everywhere", SIZE),
        Parameters=[{"ParameterKey": "Size", "ParameterValue": "3"}],
        Capabilities=["CAPABILITY_IAM"],
        Tags=OWNER,
        AdministrationRoleARN=role,
        ExecutionRoleName="runs",
        PermissionModel="SELF_MANAGED",
        ManagedExecution={"Active": True},
    )
    stacks.create_stack_instances(
        StackSetName="everywhere", Accounts=[account], Regions=[region]
    )
    stacks.create_stack_set(
        StackSetName="nowhere", TemplateBody=template("nowhere")
    )


def inner_template(client, account, region):
    from services.storage_network import make_bucket

    bucket = make_bucket(client, f"templates-{account}-{region}", region)
    client("s3").put_object(Bucket=bucket, Key="inner", Body=template("inner"))
    return f"https://s3.amazonaws.com/{bucket}/inner"


def found(client, account, region):
    stacks = client("cloudformation")
    sets = [
        one
        for one in pages(stacks, "list_stack_sets", "Summaries", Status="ACTIVE")
        # moto lists deleted ones, too.
        if one["Status"] == "ACTIVE"
    ]
    return {
        "aws_cloudformation_stack": {
            one["StackId"]: tags_of(one)
            for one in pages(stacks, "describe_stacks", "Stacks")
        },
        "aws_cloudformation_stack_set": {
            one["StackSetId"]: tags_of(
                stacks.describe_stack_set(StackSetName=one["StackSetName"])["StackSet"]
            )
            for one in sets
        },
        "aws_cloud_formation_stack_instance_summary": {
            "/".join([instance["StackSetId"], instance["Account"], instance["Region"]]):
            None
            for one in sets
            for instance in pages(
                stacks,
                "list_stack_instances",
                "Summaries",
                StackSetName=one["StackSetName"],
            )
        },
    }
