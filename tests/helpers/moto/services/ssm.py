"""Systems Manager: parameters, open and sealed, and documents."""

import json

from services.listing import pages, tags_of

# Must be seen nowhere in what is collected.
SECRET = "hush-this-is-secret"
TAGS = [{"Key": "owner", "Value": "lukas"}]
RUNBOOK = {
    "schemaVersion": "2.2",
    "description": "Says hello",
    "parameters": {
        "name": {"type": "String", "description": "Whom", "default": "world"}
    },
    "mainSteps": [
        {
            "action": "aws:runShellScript",
            "name": "hello",
            "inputs": {"runCommand": ["echo hello"]},
        }
    ],
}


def seed(client, account, region):
    ssm = client("ssm")
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    ssm.put_parameter(
        Name="/shop/password",
        Description="Of the shop",
        Value=SECRET,
        Type="SecureString",
        KeyId=key,
        AllowedPattern="^hush.*$",
        Tier="Standard",
        DataType="text",
        Tags=TAGS,
    )
    # A bad one: a secret that is not sealed.
    ssm.put_parameter(Name="open-password", Value=SECRET, Type="String")
    ssm.put_parameter(
        Name="open-password", Value=f"{SECRET}-2", Type="String", Overwrite=True
    )
    ssm.create_document(
        Content=json.dumps(RUNBOOK),
        Name="say-hello",
        DisplayName="Say hello",
        VersionName="first",
        DocumentType="Command",
        DocumentFormat="JSON",
        TargetType="/AWS::EC2::Instance",
        Tags=TAGS,
    )
    ssm.modify_document_permission(
        Name="say-hello",
        PermissionType="Share",
        AccountIdsToAdd=["333333333333"],
    )
    ssm.create_document(
        Content=json.dumps(RUNBOOK), Name="private", DocumentType="Command"
    )


def found(client, account, region):
    ssm = client("ssm")

    def tags(resource_type, name):
        return tags_of(
            ssm.list_tags_for_resource(
                ResourceType=resource_type, ResourceId=name
            ),
            "TagList",
        )

    own = [{"Key": "Owner", "Values": ["Self"]}]
    return {
        "aws_ssm_parameter": {
            each["Name"]: tags("Parameter", each["Name"])
            for each in pages(ssm, "describe_parameters", "Parameters")
        },
        "aws_ssm_document": {
            each["Name"]: tags("Document", each["Name"])
            for each in pages(
                ssm, "list_documents", "DocumentIdentifiers", Filters=own
            )
        },
    }
