"""Facts of a return, an exchange or a refund: what is asked, where the order stands, what the policy weighs.

Invariants: every fact comes from records, dates and typed arguments; no text. Where the order is not found,
or is another customer's, nothing else is looked at, so that both answer alike. Facts hold no verdict: the
tables decide. Amounts are minor units of the order's currency.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from casewright.domain.shop import OrderStatus


class ReturnAction(StrEnum):
    """What is to be done: `check` asks only whether it could be."""

    CHECK = "check"
    RETURN = "return"
    EXCHANGE = "exchange"
    REFUND = "refund"
    LABEL = "label"


class ReturnReason(StrEnum):
    """Why: the only reasons that are accepted."""

    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_AS_DESCRIBED = "not_as_described"
    CHANGED_MIND = "changed_mind"
    LATE_DELIVERY = "late_delivery"


class PolicyScope(StrEnum):
    """How much of the policy a shop's records can carry."""

    FULL = "full"
    ORDER_LIFE = "order_life"
    """A shop without dates: the order's life only."""


_AT_LEAST_ZERO = {"min": 0}


@dataclass(frozen=True, slots=True)
class ReturnsFacts:
    """Typed input of the returns tables. The defaults are those of an order that was not found."""

    # what is asked
    action: ReturnAction
    scope: PolicyScope
    reason: ReturnReason | None = None
    """The customer's; of an exchange without one `changed_mind`; of a granted return the recorded one.
    Unknown where nobody has said."""
    # who asks, and for what
    is_authenticated: bool = True
    is_order_found: bool = False
    """The order exists and is this customer's."""
    status: OrderStatus | None = None
    is_empty: bool = False
    """No item is named."""
    are_items_found: bool = True
    """Every item named is a line of the order of its own; the same line is never meant twice."""
    is_return_granted: bool = False
    """The order's return was granted before, and the items are among its lines: only the money is open."""
    is_within_return: bool = True
    """With a return granted before: every item is among its lines."""
    has_refunded_line: bool = False
    """Money has gone back for one of the items before."""
    has_label: bool = False
    """A label has been made for the order."""
    is_refund_left: bool = True
    """The order has payments that have not gone back."""
    amount_minor: int = field(default=0, metadata=_AT_LEAST_ZERO)
    """What would go back to the customer: for an exchange the difference, where it is in their favour."""
    # where the money goes
    is_method_owned: bool | None = None
    """The method is one of the customer's own; of a refund, every method that is paid back is."""
    is_method_allowed: bool | None = None
    """The method is an original one of the order, or a gift card."""
    # exchanges
    is_count_matched: bool = True
    """As many new variants as items."""
    has_same_item: bool = False
    has_different_product: bool = False
    has_unavailable: bool = False
    """A new variant is not in stock, or does not exist."""
    is_difference_covered: bool = True
    """The method can pay the difference: a gift card by its balance, others always."""
    # what the policy weighs
    is_delivered: bool | None = None
    """At `as_of`: a delivery after it has not happened yet."""
    days_since_delivery: int | None = field(default=None, metadata=_AT_LEAST_ZERO)
    """Whole days of 24 hours from delivery to `as_of`; unknown without a date of delivery."""
    is_late: bool | None = None
    """Delivered after the promised time, or not delivered by `as_of` and the promised time is past."""
    has_electronics: bool = False
    has_other_category: bool = False
    """An item that is not electronics."""
    has_perishable: bool = False
    has_personal_care: bool = False
    has_final_sale: bool = False
    has_evidence: bool = False
    """An accepted picture, not used before, belongs to this order."""
    refunds_in_window: int = field(default=0, metadata=_AT_LEAST_ZERO)
    """Refunds this customer had in the days before `as_of`, over all orders; cancellations do not count."""
    has_fraud_signal: bool = False
