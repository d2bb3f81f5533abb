"""The outside services a shop uses: payments, courier, mail. Each has an HTTP adapter and a sandbox server.

Every effect carries a key; the same key twice is one effect and the same answer. A call that may or may not
have had its effect raises OutcomeUnknown: nobody retries it before `find` has been asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from casewright.domain.action import GatewayCall


class TransferState(StrEnum):
    DONE = "done"
    DECLINED = "declined"
    """Refused for good; nothing moved."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the gateway's own journal says of one key."""

    key: str
    state: TransferState
    reference: str
    amount_minor: int
    code: str | None = None


class PaymentGateway(Protocol):
    def move(self, call: GatewayCall, *, key: str) -> Transfer:
        """Refund or charge, once per key. Raises OutcomeUnknown; Unavailable where surely nothing moved."""
        ...

    def find(self, key: str) -> Transfer | None:
        """What has happened under a key; None: nothing, for sure. Raises Unavailable."""
        ...


class Connector(Protocol):
    """Courier and mail, as the outbox sees them."""

    def deliver(self, kind: str, payload: Mapping[str, Any], *, key: str) -> Mapping[str, Any]:
        """Deliver once per key, and say what came of it (a tracking id).

        Raises a RetryableError (Unavailable, or OutcomeUnknown after it was sent) to be tried again with the
        same key, Undeliverable where trying again cannot help.
        """
        ...
