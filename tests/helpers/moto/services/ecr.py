"""Repositories of images: one with rules, and one that anybody may read."""

import json

from services.listing import pages, tags_of
from services.storage_network import make_key


def seed(client, account, region):
    ecr = client("ecr")
    ecr.create_repository(
        repositoryName="team/web",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={
            "encryptionType": "KMS",
            "kmsKey": make_key(client),
        },
        tags=[{"Key": "owner", "Value": "lukas"}],
    )
    ecr.put_lifecycle_policy(
        repositoryName="team/web",
        lifecyclePolicyText=json.dumps(
            {
                "rules": [
                    {
                        "rulePriority": 1,
                        "selection": {
                            "tagStatus": "untagged",
                            "countType": "imageCountMoreThan",
                            "countNumber": 10,
                        },
                        "action": {"type": "expire"},
                    }
                ]
            }
        ),
    )
    # Open to everybody, neither scanned nor encrypted, without tags.
    ecr.create_repository(repositoryName="open")
    ecr.set_repository_policy(
        repositoryName="open",
        policyText=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "all",
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "ecr:BatchGetImage",
                    }
                ],
            }
        ),
    )


def found(client, account, region):
    ecr = client("ecr")
    return {
        "aws_ecr_repository": {
            one["repositoryName"]: tags_of(
                ecr.list_tags_for_resource(resourceArn=one["repositoryArn"]), "tags"
            )
            for one in pages(ecr, "describe_repositories", "repositories")
        }
    }
