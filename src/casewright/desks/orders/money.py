"""Money that moves in a plan: a row of the order's payments, and either a gateway call or a gift card entry.

A gift card's money is the shop's own, so it moves in the business records at once and calls no gateway. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from casewright.domain.action import Effect, GatewayCall, GatewayOperation, GiftCardEntry
from casewright.domain.money import Money
from casewright.domain.shop import MethodKind, PaymentKind, PaymentMethod, PaymentRow

_KINDS = {MethodKind.CARD: "card", MethodKind.WALLET: "wallet", MethodKind.GIFT_CARD: "gift card"}


@dataclass(frozen=True, slots=True)
class Movement:
    """One amount between one method and the shop."""

    row: PaymentRow
    effect: Effect
    call: GatewayCall | None = None
    entry: GiftCardEntry | None = None


def refund(method: PaymentMethod, amount_minor: int, currency: str, part: str) -> Movement:
    """Money that goes back to a method. `part` tells this plan's gateway calls apart."""
    return _move(PaymentKind.REFUND, method, amount_minor, currency, part)


def charge(method: PaymentMethod, amount_minor: int, currency: str, part: str) -> Movement:
    """Money that a method pays. `part` tells this plan's gateway calls apart."""
    return _move(PaymentKind.PAYMENT, method, amount_minor, currency, part)


def _move(kind: PaymentKind, method: PaymentMethod, amount_minor: int, currency: str, part: str) -> Movement:
    is_refund = kind is PaymentKind.REFUND
    row = PaymentRow(kind, method.method_id, amount_minor)
    amount = Money(amount_minor, currency)
    name = f"{_KINDS[method.kind]} {method.method_id}"
    effect = Effect(
        "refund" if is_refund else "charge",
        f"{amount} goes back to {name}." if is_refund else f"{amount} is charged to {name}.",
        amount_minor,
        currency,
        method.method_id,
    )
    if method.kind is MethodKind.GIFT_CARD:
        signed = amount_minor if is_refund else -amount_minor
        return Movement(row, effect, entry=GiftCardEntry(method.method_id, signed))
    operation = GatewayOperation.REFUND if is_refund else GatewayOperation.CHARGE
    return Movement(row, effect, call=GatewayCall(operation, method.method_id, amount_minor, currency, part))


def rows_of(movements: Iterable[Movement]) -> tuple[PaymentRow, ...]:
    """The rows that the order's payments get."""
    return tuple(movement.row for movement in movements)


def entries_of(movements: Iterable[Movement]) -> tuple[GiftCardEntry, ...]:
    """The rows that gift cards' ledgers get."""
    return tuple(movement.entry for movement in movements if movement.entry is not None)


def calls_of(movements: Iterable[Movement]) -> tuple[GatewayCall, ...]:
    """The money to move outside."""
    return tuple(movement.call for movement in movements if movement.call is not None)


def effects_of(movements: Iterable[Movement]) -> tuple[Effect, ...]:
    """The money in words."""
    return tuple(movement.effect for movement in movements)
