"""Draws: uniform numbers in [0, 1) that decide which action of a policy is taken, and arms of customers.

`SystemDraws` takes the system's random bits, which nobody can foresee; `SeededDraws` gives the same numbers
every time, for tests and sweeps. An arm is no draw: it is a keyed hash, so that a customer stays in it.
"""

import hmac
import os
import random
import threading

_BITS = 53


class SystemDraws:
    """Unpredictable numbers."""

    def __call__(self) -> float:
        """One number."""
        return (int.from_bytes(os.urandom(8), "big") >> (64 - _BITS)) / (1 << _BITS)


class SeededDraws:
    """The same numbers for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose: tests and sweeps
        self._gate = threading.Lock()

    def __call__(self) -> float:
        """One number."""
        with self._gate:
            return self._random.random()


def place_customer(key: bytes, tenant: str, customer_id: str) -> float:
    """A number in [0, 1) that is this customer's for ever, and that nobody can tell without the key."""
    message = f"casewright.retention.arm.v1|{tenant}|{customer_id}".encode("utf-8", "surrogatepass")
    return (int.from_bytes(hmac.digest(key, message, "sha256")[:8], "big") >> (64 - _BITS)) / (1 << _BITS)
