"""The APIs of the module apigateway alone: their parts go with them."""

from services import apigateway


def seed(client, account, region):
    apigateway.seed(client, account, region)


def found(client, account, region):
    kind = "aws_apigateway_rest_api"
    return {kind: apigateway.found(client, account, region)[kind]}
