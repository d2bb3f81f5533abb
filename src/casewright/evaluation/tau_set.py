"""A τ²-bench retail folder: the shop, the intended writes with their final states, and calls to refuse.

    db.json                the shop
    gold_writes_*.json     {"tasks": [{id, session_user, writes: [{name, arguments, ok}], final: {…}}]}
    refusals_*.json        {"cases": [{id, category, expect, session_user, setup: […], call: {…}}]}

All files of those names count, so that further parts of the set need no change here. Amounts of the shop
become cents; those of final states are cents already. It asks nothing of a service.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from casewright.domain.errors import ConfigurationError

SHOP, GOLD, REFUSALS = "db.json", "gold_writes_*.json", "refusals_*.json"
FIXED, PUBLISHED = "fixed", "tau2"
"""Versions of a final state: corrected for the benchmark's known defect, and as it was published."""
ORDER_FIELDS = (
    "order_id",
    "user_id",
    "address",
    "items",
    "status",
    "fulfillments",
    "payment_history",
    "cancel_reason",
    "exchange_items",
    "exchange_new_items",
    "exchange_payment_method_id",
    "exchange_price_difference",
    "return_items",
    "return_payment_method_id",
)
_SORTED = ("exchange_items", "exchange_new_items", "return_items")
_MONEY = frozenset({"price", "amount", "balance", "exchange_price_difference"})

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TauCall:
    """One call as the benchmark writes it. `is_permitted` is what must come of it."""

    name: str
    arguments: Document
    is_permitted: bool = True


@dataclass(frozen=True, slots=True)
class TauTask:
    """Intended writes in order, and the state of what they touched afterwards, by version."""

    task_id: str
    session_user: str | None
    writes: tuple[TauCall, ...]
    final: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class TauCase:
    """One call to permit or refuse, after calls that set the scene."""

    case_id: str
    category: str
    session_user: str | None
    setup: tuple[TauCall, ...]
    call: TauCall


@dataclass(frozen=True, slots=True)
class TauSet:
    """Everything of one folder."""

    shop_text: str
    orders: Mapping[str, Document]
    """In cents, with every field that a final state has."""
    users: Mapping[str, Document]
    tasks: tuple[TauTask, ...]
    cases: tuple[TauCase, ...]

    def owner_of(self, call: TauCall) -> str | None:
        """Whose object a call is about; None where there is no such object."""
        order = self.orders.get(str(call.arguments.get("order_id")))
        if order is not None:
            return str(order["user_id"])
        user = str(call.arguments.get("user_id"))
        return user if user in self.users else None

    def session_users(self) -> tuple[str, ...]:
        """Everybody in whose session something is called or looked at."""
        calls = [call for task in self.tasks for call in task.writes]
        calls += [call for case in self.cases for call in (*case.setup, case.call)]
        named = [task.session_user for task in self.tasks] + [case.session_user for case in self.cases]
        named += [self.owner_of(call) for call in calls]
        for task in self.tasks:
            for state in task.final.values():
                named += [str(order["user_id"]) for order in state.get("orders", {}).values()]
                named += list(state.get("users", {}))
        return tuple(sorted({user for user in named if user is not None and user in self.users}))


def read_tau_set(folder: Path) -> TauSet:
    """The folder's set. Raises ConfigurationError where a file is missing or is not of this form."""
    text = _read_text(folder / SHOP)
    shop = _parse(folder / SHOP, text)
    gold, refusals = sorted(folder.glob(GOLD)), sorted(folder.glob(REFUSALS))
    if not gold and not refusals:
        raise ConfigurationError(f"{folder} holds neither {GOLD} nor {REFUSALS}; name the folder of the set")
    try:
        return TauSet(
            text,
            {key: normalise_order(_in_cents(order)) for key, order in shop["orders"].items()},
            {key: _in_cents(user) for key, user in shop["users"].items()},
            tuple(task for path in gold for task in _read_tasks(path)),
            tuple(case for path in refusals for case in _read_cases(path)),
        )
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ConfigurationError(
            f"{folder}: a file is not of the form of the benchmark: {type(error).__name__}"
        ) from None


def normalise_order(order: Document) -> dict[str, Any]:
    """The fields that count, those without a sequence sorted; a missing one is None."""
    whole = {name: order.get(name) for name in ORDER_FIELDS}
    for name in _SORTED:
        items = whole[name]
        if items is not None:
            whole[name] = sorted(items)
    return whole


def _read_tasks(path: Path) -> Iterator[TauTask]:
    for row in _parse(path, _read_text(path))["tasks"]:
        yield TauTask(
            str(row["id"]),
            _user(row.get("session_user")),
            tuple(
                TauCall(str(write["name"]), write["arguments"], bool(write.get("ok", True)))
                for write in row["writes"]
            ),
            {
                version: {
                    "orders": {key: normalise_order(order) for key, order in state.get("orders", {}).items()},
                    "users": dict(state.get("users", {})),
                }
                for version, state in row["final"].items()
            },
        )


def _read_cases(path: Path) -> Iterator[TauCase]:
    for row in _parse(path, _read_text(path))["cases"]:
        call = row["call"]
        yield TauCase(
            str(row["id"]),
            str(row.get("category", "")),
            _user(row.get("session_user")),
            tuple(TauCall(str(step["name"]), step["arguments"]) for step in row.get("setup", ())),
            TauCall(str(call["name"]), call["arguments"], row["expect"] == "allow"),
        )


def _user(value: object) -> str | None:
    """A user's id; a task that touches nothing has an empty list, or names its only user in one."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, Sequence) and len(value) == 1:
        return str(value[0])
    return None


def _in_cents(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _in_cents(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_in_cents(part, name) for part in value]
    if name in _MONEY and isinstance(value, Decimal | int) and not isinstance(value, bool):
        return int((Decimal(value) * 100).to_integral_value())
    return value


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigurationError(f"{path} cannot be read: {reason}") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ConfigurationError(f"{path} is no JSON object")
    return document
