"""How much goes back, and to which method. Pure integer arithmetic.

Invariants: never more than was paid less what went back, for the order and for every method; the shipping fee
goes back once. The rows of an order's payments name the payment that is paid back, also where the customer's
gift card receives it: the gift card's own ledger, with the same action, says where the money went.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casewright.desks.returns.lines import original_methods
from casewright.domain.action import RefundRecord
from casewright.domain.shop import Order, OrderLine


@dataclass(frozen=True, slots=True)
class RefundAmount:
    """Minor units of the order's currency."""

    item_minor: int = 0
    shipping_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.item_minor + self.shipping_minor


NOTHING = RefundAmount()


def compute_amount(
    order: Order, lines: Sequence[OrderLine], earlier: Sequence[RefundRecord], *, refunds_shipping: bool
) -> RefundAmount:
    """Items, then shipping where it is granted and has not gone back, within what is left of the payments."""
    left = refundable_minor(order)
    item = min(sum(line.price_minor for line in lines), left)
    shipping = 0
    if refunds_shipping:
        open_minor = order.shipping_minor - sum(refund.shipping_minor for refund in earlier)
        shipping = max(0, min(open_minor, left - item))
    return RefundAmount(item, shipping)


def refundable_minor(order: Order) -> int:
    """What was paid less what went back, counted by method: a method overpaid elsewhere lends nothing."""
    by_method = sum(max(0, amount) for amount in order.net_by_method().values())
    return max(0, min(order.paid_minor - order.refunded_minor, by_method))


def allocate(order: Order, amount_minor: int, first: str | None) -> tuple[tuple[str, int], ...]:
    """Which payments are paid back: `first` as far as it goes, then the others in the order of payment."""
    net = order.net_by_method()
    methods = original_methods(order)
    ranked = sorted(methods, key=lambda method: method != first)
    shares = []
    open_minor = amount_minor
    for method in ranked:
        share = min(open_minor, max(0, net.get(method, 0)))
        if share:
            shares.append((method, share))
            open_minor -= share
    return tuple(shares)
