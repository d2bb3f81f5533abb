"""Ids: the one place that draws new identifiers.

A request id says nothing of its request and is not a secret: random digits of the process, and a count.
Ids for a ledger come with the ledger.
"""

import itertools
import os

_COUNT = itertools.count(1)
_process = [os.urandom(8).hex()]


def new_request_id() -> str:
    """24 hexadecimal characters, different for every request of every process."""
    return f"{_process[0]}{next(_COUNT) & 0xFFFFFFFF:08x}"


def _begin_process() -> None:
    _process[0] = os.urandom(8).hex()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_process)
