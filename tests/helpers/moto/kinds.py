"""Seeds or lists the kinds of modules of `services/` with boto3.

Usage: kinds.py ENDPOINT. Each line of standard input is a task, MODULE and
seed|found|NAME, and is answered by a line of JSON; the end of the input ends it.
A module has two functions, and may have more:

    def seed(client, account, region): ...
    def found(client, account, region) -> {kind: {id: tags or None}}

`client("rds")` is a client of boto3 for that account and region. Both are
called for each account and region. What an account has as a whole is seeded and
given when region is "us-east-1". Tags are a dictionary, {} for a resource
without any, and None where the kind has none.

An answer is {"value": {account: {region: {kind: {id: tags}}}}}, or {"error": text}.
Clients are kept from task to task: to make one takes longer than to call it.
"""

import importlib
import json
import sys
import traceback

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


def work(places, module, verb):
    service = importlib.import_module(f"services.{module}")
    answer = {}
    for account, region, client in places:
        result = getattr(service, verb)(client, account, region)
        answer.setdefault(account, {})[region] = result or {}
    return answer


def main(endpoint):
    places = []
    for account in ACCOUNTS:
        keys = keys_of(account, endpoint)
        for region in REGIONS:
            client = clients(account, region, endpoint, keys)
            places.append((account, region, client))
    for line in sys.stdin:
        try:
            told = {"value": work(places, *line.split())}
        except Exception:
            told = {"error": traceback.format_exc(limit=-3)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
