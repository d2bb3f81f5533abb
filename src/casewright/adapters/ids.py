"""Ids: the one place that draws new identifiers.

A request id says nothing of its request and is not a secret: random digits of the process, and a count.
Other ids name their kind (`usr_…`); secrets are 256 random bits. Ids for a ledger come with the ledger.
"""

import itertools
import os
import secrets

_COUNT = itertools.count(1)
_process = [os.urandom(8).hex()]


def new_request_id() -> str:
    """24 hexadecimal characters, different for every request of every process."""
    return f"{_process[0]}{next(_COUNT) & 0xFFFFFFFF:08x}"


def new_id(kind: str) -> str:
    """An id with its kind in front and 24 random hexadecimal characters behind; no secret."""
    return f"{kind}_{os.urandom(12).hex()}"


def new_secret() -> str:
    """43 random URL-safe characters: what opens a session, or is a key."""
    return secrets.token_urlsafe(32)


def _begin_process() -> None:
    _process[0] = os.urandom(8).hex()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_process)
