"""The vault: personal values encrypted with a key outside the database; everywhere else only tokens.

A token is opaque, names its kind (`email_…`), and is stable for the same tenant, customer, kind and value.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class Vault(Protocol):
    """Values of one tenant's customers. Kinds: name, email, phone, address."""

    def put(self, customer_id: str, kind: str, value: str) -> str:
        """Store a value, and return its token. The same value gives the same token."""
        ...

    def resolve(self, tokens: Sequence[str]) -> Mapping[str, str]:
        """The values of those tokens that exist; erased ones are absent."""
        ...

    def index(self, kind: str, value: str) -> str:
        """A blind index: the keyed hash by which rows are found without their values."""
        ...

    def export(self, customer_id: str) -> Mapping[str, Sequence[str]]:
        """Everything held of a customer, by kind."""
        ...

    def erase(self, customer_id: str) -> int:
        """Destroy every value of a customer; the tokens stay and resolve to nothing. How many were erased."""
        ...
