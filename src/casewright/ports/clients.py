"""Clients: what the sales desk asks of its records. Every method belongs to one tenant."""

from collections.abc import Sequence
from typing import Protocol

from casewright.domain.client import Client


class ClientRecords(Protocol):
    """Clients of one tenant."""

    def names(self) -> Sequence[tuple[str, str]]:
        """Id and name of every client, for matching by name."""
        ...

    def find(self, client_id: str) -> Client | None: ...
