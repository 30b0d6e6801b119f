"""Seeds or lists the kinds of modules of `services/` with boto3.

Usage: kinds.py ENDPOINT. Each line of standard input is a task, MODULE and
seed|found|NAME, and is answered by a line of JSON; the end of the input ends it.
"reset" empties moto.
A module has two functions, and may have more:

    def seed(client, account, region): ...
    def found(client, account, region) -> {kind: {id: tags or None}}

`client("rds")` is a client of boto3 for that account and region. They are called
for each account and region, but the last account is seeded in "us-east-1" alone:
its other region is spare, unless the module has SEEDS_SPARE. What an account has as a whole is seeded
and given when region is "us-east-1". Tags are a dictionary, {} for a resource
without any, and None where the kind has none.

An answer is {"value": {account: {region: {kind: {id: tags}}}}}, or {"error": text}.
Clients are kept from task to task: to make one takes longer than to call it.
"""

import importlib
import json
import sys
import traceback
import urllib.request

import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

from estate import ACCOUNTS, keys_of

REGIONS = ["us-east-1", "eu-west-1"]
# One for all: it reads the description of a service only once.
LOADER = create_loader()


class Account:
    """An account and its clients, which stay when it is entered anew."""

    def __init__(self, number, endpoint):
        self.number = number
        self.endpoint = endpoint
        self.session = botocore.session.Session()
        self.session.register_component("data_loader", LOADER)
        self.session.set_credentials("none", "none")
        self.made = {}
        self.enter()

    def enter(self):
        keys = keys_of(self.number, self.endpoint)
        credentials = self.session.get_credentials()
        credentials.access_key = keys["aws_access_key_id"]
        credentials.secret_key = keys["aws_secret_access_key"]
        credentials.token = keys["aws_session_token"]

    def client(self, service, region):
        if (service, region) not in self.made:
            self.made[service, region] = self.session.create_client(
                service,
                region_name=region,
                endpoint_url=self.endpoint,
                config=Config(
                    s3={"addressing_style": "path"}, retries={"max_attempts": 1}
                ),
            )
        return self.made[service, region]


def places(accounts, service, verb):
    for account in accounts:
        for region in REGIONS:
            is_spare = account is accounts[-1] and region != REGIONS[0]
            is_left_empty = is_spare and not getattr(service, "SEEDS_SPARE", False)
            if verb == "found" or not is_left_empty:
                yield account, region


def work(accounts, module, verb):
    service = importlib.import_module(f"services.{module}")
    answer = {}
    for account, region in places(accounts, service, verb):
        result = getattr(service, verb)(
            lambda name: account.client(name, region), account.number, region
        )
        answer.setdefault(account.number, {})[region] = result or {}
    return answer


def reset(accounts, endpoint):
    urllib.request.urlopen(f"{endpoint}/moto-api/reset", data=b"").read()
    for account in accounts:
        account.enter()


def main(endpoint):
    accounts = [Account(number, endpoint) for number in ACCOUNTS]
    for line in sys.stdin:
        try:
            if line.strip() == "reset":
                told = {"value": reset(accounts, endpoint)}
            else:
                told = {"value": work(accounts, *line.split())}
        except Exception:
            told = {"error": traceback.format_exc(limit=-3)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
