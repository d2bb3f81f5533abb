"""Ids: the one place that draws new identifiers.

A request id says nothing of its request and is not a secret. Ids for a ledger come with the ledger.
"""

import os


def new_request_id() -> str:
    """24 hexadecimal characters, different for every request of every process."""
    return os.urandom(12).hex()
