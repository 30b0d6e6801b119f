"""Tables of DynamoDB: guarded ones and an open one."""

import json

from services.listing import pages, tags_of
from services.storage_network import make_key

KEYS = {
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "day", "AttributeType": "S"},
        {"AttributeName": "owner", "AttributeType": "S"},
    ],
    "KeySchema": [
        {"AttributeName": "id", "KeyType": "HASH"},
        {"AttributeName": "day", "KeyType": "RANGE"},
    ],
}
CAPACITY = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}


def seed(client, account, region):
    dynamodb = client("dynamodb")
    table = dynamodb.create_table(
        TableName="orders",
        **KEYS,
        LocalSecondaryIndexes=[
            {
                "IndexName": "by-owner",
                "KeySchema": [
                    {"AttributeName": "id", "KeyType": "HASH"},
                    {"AttributeName": "owner", "KeyType": "RANGE"},
                ],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["price"],
                },
            }
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "all-by-owner",
                "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["price"],
                },
                "ProvisionedThroughput": CAPACITY,
            }
        ],
        ProvisionedThroughput=CAPACITY,
        StreamSpecification={
            "StreamEnabled": True,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        SSESpecification={
            "Enabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": make_key(client),
        },
        DeletionProtectionEnabled=True,
        Tags=[{"Key": "owner", "Value": "lukas"}],
    )["TableDescription"]["TableArn"]
    dynamodb.update_continuous_backups(
        TableName="orders",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    dynamodb.put_resource_policy(
        ResourceArn=table,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": account},
                        "Action": "dynamodb:GetItem",
                        "Resource": table,
                    }
                ],
            }
        ),
    )
    # On demand, without backups and without tags.
    dynamodb.create_table(
        TableName="open",
        AttributeDefinitions=KEYS["AttributeDefinitions"][:1],
        KeySchema=KEYS["KeySchema"][:1],
        BillingMode="PAY_PER_REQUEST",
        TableClass="STANDARD_INFREQUENT_ACCESS",
    )
    backup = dynamodb.create_backup(TableName="orders", BackupName="before")
    dynamodb.restore_table_from_backup(
        TargetTableName="orders-restored",
        BackupArn=backup["BackupDetails"]["BackupArn"],
    )


def found(client, account, region):
    dynamodb = client("dynamodb")
    arns = {
        name: dynamodb.describe_table(TableName=name)["Table"]["TableArn"]
        for name in pages(dynamodb, "list_tables", "TableNames")
    }
    return {
        "aws_dynamodb_table": {
            name: tags_of(dynamodb.list_tags_of_resource(ResourceArn=arn))
            for name, arn in arns.items()
        }
    }
