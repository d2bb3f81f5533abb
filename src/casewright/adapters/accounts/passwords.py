"""Passwords: argon2id with 19 MiB, two passes and one lane, a few at a time.

Hashing is dear on purpose, so a place to do so is bounded: who finds no place is told to come back, and the
machine stays up. Invariant: an account that does not exist costs the same hash as one that does.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

from casewright.domain.errors import Unavailable

MEMORY_BYTES = 19 * 1024 * 1024
PASSES = 2
AT_ONCE = 2
MAY_WAIT = 16


class PasswordHasher:
    """Hashes and checks; safe to share between threads."""

    def __init__(self, *, at_once: int = AT_ONCE, may_wait: int = MAY_WAIT) -> None:
        self._places = threading.BoundedSemaphore(at_once + may_wait)
        self._lanes = threading.BoundedSemaphore(at_once)
        self._hash_of_nobody = _hash(os.urandom(32))

    def hash(self, password: str) -> str:
        """The text to keep: parameters, salt and hash. Raises Unavailable when too many wait."""
        with self._lane():
            return _hash(_encode(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether this is the password; None, for an account that is not there, is never right.

        Takes as long in either case. Raises Unavailable when too many wait.
        """
        with self._lane():
            try:
                is_right = argon2id.verify((kept or self._hash_of_nobody).encode("ascii"), _encode(password))
            except InvalidkeyError:
                return False
        return is_right and kept is not None

    @contextmanager
    def _lane(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Unavailable("Too many people are signing in at once; try again.", code="sign_in_busy")
        try:
            with self._lanes:
                yield
        finally:
            self._places.release()


def _hash(password: bytes) -> str:
    return argon2id.str(password, opslimit=PASSES, memlimit=MEMORY_BYTES).rstrip(b"\x00").decode("ascii")


def _encode(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
