"""Runs moto, as `python -m moto.server` does, in less time.

Usage: serve.py PORT. Moto looks through its folders and patterns at each call, to
learn which service is meant, and tells of each call; here it does that once a
service, and is silent.
"""

import functools
import logging
import sys

from moto import backends
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
)
from moto.server import main

MODULES = frozenset(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: MODULES
DomainDispatcherApplication.get_backend_for_host = functools.cache(
    DomainDispatcherApplication.get_backend_for_host
)
# A connection may serve more than one call.
MotoRequestHandler.protocol_version = "HTTP/1.1"
logging.getLogger("werkzeug").setLevel(logging.ERROR)

if __name__ == "__main__":
    main(["-H", "127.0.0.1", "-p", *sys.argv[1:]])
