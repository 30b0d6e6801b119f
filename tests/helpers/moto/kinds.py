"""Seeds or lists the kinds of one module of `services/` with boto3.

Usage: kinds.py ENDPOINT MODULE seed|found|NAME. A module has two functions, and
may have more:

    def seed(client, account, region): ...
    def found(client, account, region) -> {kind: {id: tags or None}}

`client("rds")` is a client of boto3 for that account and region. Both are
called for each account and region. What an account has as a whole is seeded and
given when region is "us-east-1". Tags are a dictionary, {} for a resource
without any, and None where the kind has none.

Prints {account: {region: {kind: {id: tags}}}} as JSON.
"""

import importlib
import json
import sys

from botocore.config import Config

from estate import ACCOUNTS, SESSION, keys_of

REGIONS = ["us-east-1", "eu-west-1"]


def clients(account, region, endpoint, keys):
    made = {}

    def client(service):
        if service not in made:
            made[service] = SESSION.client(
                service,
                region_name=region,
                endpoint_url=endpoint,
                config=Config(
                    s3={"addressing_style": "path"}, retries={"max_attempts": 1}
                ),
                **keys,
            )
        return made[service]

    return client


def main(endpoint, module, verb):
    service = importlib.import_module(f"services.{module}")
    answer = {}
    for account in ACCOUNTS:
        keys = keys_of(account, endpoint)
        for region in REGIONS:
            client = clients(account, region, endpoint, keys)
            result = getattr(service, verb)(client, account, region)
            answer.setdefault(account, {})[region] = result or {}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
