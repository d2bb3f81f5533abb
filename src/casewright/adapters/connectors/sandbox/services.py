"""What each sandbox service accepts, what it declines, and how it answers.

`payments` moves pretended money, `courier` makes labels and shipments, `mail` keeps messages. It knows no
HTTP and no journal.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from casewright.adapters.connectors.sandbox.faults import Fault
from casewright.adapters.connectors.sandbox.journal import Entry
from casewright.domain.action import GatewayOperation

DECLINING_METHOD = "declined"
"""A method whose id holds this word is always declined, so that a demo needs no fault for it."""
_TRANSFER_FIELDS = {"operation", "method_id", "amount_minor", "currency"}
_MOST_MINOR = 10**12


@dataclass(frozen=True, slots=True)
class SandboxService:
    """One service: its path, its check, and its answers."""

    name: str
    path: str
    missing_code: str
    find_problem: Callable[[Mapping[str, Any]], str | None]
    answer: Callable[[Entry], dict[str, Any]]
    declined_status: int


def find_transfer_problem(document: Mapping[str, Any]) -> str | None:
    """What is wrong with a transfer, in a sentence."""
    if set(document) != _TRANSFER_FIELDS:
        return f"send exactly {', '.join(sorted(_TRANSFER_FIELDS))}"
    if document["operation"] not in tuple(GatewayOperation):
        return "operation is refund or charge"
    method_id, amount, currency = (document[name] for name in ("method_id", "amount_minor", "currency"))
    if not isinstance(method_id, str) or not 1 <= len(method_id) <= 128:
        return "method_id is a text of 1 to 128 characters"
    if type(amount) is not int or not 1 <= amount <= _MOST_MINOR:
        return f"amount_minor is a whole number from 1 to {_MOST_MINOR}"
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
        return "currency is three capital letters"
    return None


def find_delivery_problem(document: Mapping[str, Any]) -> str | None:
    """What is wrong with a delivery, in a sentence."""
    if set(document) != {"kind", "payload"}:
        return "send exactly kind and payload"
    if not isinstance(document["kind"], str) or not re.fullmatch("[a-z][a-z0-9_]{0,63}", document["kind"]):
        return "kind is a word in lower case"
    if not isinstance(document["payload"], dict):
        return "payload is an object"
    return None


def decide_state(
    service: SandboxService, document: Mapping[str, Any], fault: Fault | None
) -> tuple[str, str | None]:
    """State and code of a new effect."""
    if fault is Fault.DECLINE:
        return "declined", "declined_on_demand"
    if service is PAYMENTS and DECLINING_METHOD in document["method_id"]:
        return "declined", "method_declined"
    return "done", None


def _answer_transfer(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "state": entry.state,
        "reference": f"tr_{entry.seq:08d}",
        "amount_minor": entry.document["amount_minor"],
        "code": entry.code,
    }


def _answer_courier(entry: Entry) -> dict[str, Any]:
    return _answer_delivery(entry, {"tracking_id": f"SBX{entry.seq:010d}"})


def _answer_mail(entry: Entry) -> dict[str, Any]:
    return _answer_delivery(entry, {"message_id": f"msg_{entry.seq:08d}"})


def _answer_delivery(entry: Entry, result: dict[str, Any]) -> dict[str, Any]:
    if entry.state == "done":
        return {"key": entry.key, "result": result}
    return {"key": entry.key, "error": {"code": entry.code, "message": "The delivery is refused."}}


PAYMENTS = SandboxService(
    "payments", "transfers", "transfer_not_found", find_transfer_problem, _answer_transfer, 402
)
COURIER = SandboxService(
    "courier", "deliveries", "delivery_not_found", find_delivery_problem, _answer_courier, 422
)
MAIL = SandboxService("mail", "deliveries", "delivery_not_found", find_delivery_problem, _answer_mail, 422)
SERVICES = (PAYMENTS, COURIER, MAIL)
