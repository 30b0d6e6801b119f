"""Work groups and catalogs of Athena."""

from services.listing import pages, tags_of
from services.storage_network import make_bucket, make_key

OWNER = [{"Key": "owner", "Value": "lukas"}]


def seed(client, account, region):
    athena = client("athena")
    bucket = make_bucket(client, f"results-{account}-{region}", region)
    athena.create_work_group(
        Name="analysts",
        Description="Who asks",
        Configuration={
            "ResultConfiguration": {
                "OutputLocation": f"s3://{bucket}/analysts/",
                "ExpectedBucketOwner": account,
                "EncryptionConfiguration": {
                    "EncryptionOption": "SSE_KMS",
                    "KmsKey": make_key(client),
                },
            },
            "EnforceWorkGroupConfiguration": True,
            "PublishCloudWatchMetricsEnabled": True,
            "BytesScannedCutoffPerQuery": 1_000_000_000,
            "RequesterPaysEnabled": False,
            "EngineVersion": {
                "SelectedEngineVersion": "AUTO",
                "EffectiveEngineVersion": "Athena engine version 3",
            },
        },
        Tags=OWNER,
    )
    # Without limits, results are not encrypted.
    athena.create_work_group(
        Name="open", Tags=[{"Key": "stage", "Value": "test"}]
    )
    athena.create_data_catalog(
        Name="lake",
        Type="GLUE",
        Description="All there is",
        Parameters={"catalog-id": account},
        Tags=OWNER,
    )


def found(client, account, region):
    athena = client("athena")

    def tags(resource):
        arn = f"arn:aws:athena:{region}:{account}:{resource}"
        return tags_of(athena.list_tags_for_resource(ResourceARN=arn))

    return {
        "aws_athena_work_group": {
            one["Name"]: tags(f"workgroup/{one['Name']}")
            for one in pages(athena, "list_work_groups", "WorkGroups")
        },
        "aws_athena_data_catalog": {
            one["CatalogName"]: tags(f"datacatalog/{one['CatalogName']}")
            for one in pages(athena, "list_data_catalogs", "DataCatalogsSummary")
        },
    }
