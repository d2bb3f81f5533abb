"""What the returns desk is asked, and the records found for it: the arguments of its plans. Pure data.

An item is named by its line id or by its variant id; the same variant named twice means two lines. Who asks
is not an argument: `found.customer` comes from the session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from casewright.desks.returns.facts import ReturnReason
from casewright.domain.action import RefundRecord
from casewright.domain.decision import Decision
from casewright.domain.shop import Customer, Order, Variant


@dataclass(frozen=True, slots=True)
class CreateReturn:
    """Send items back. Without `method_id` the money goes to the order's original method."""

    order_id: str
    items: tuple[str, ...]
    reason: ReturnReason | None = None
    method_id: str | None = None


@dataclass(frozen=True, slots=True)
class CreateExchange:
    """Each item for the new variant at the same place. `method_id` pays, or gets, the difference."""

    order_id: str
    items: tuple[str, ...]
    new_variants: tuple[str, ...]
    method_id: str | None = None
    reason: ReturnReason | None = None


@dataclass(frozen=True, slots=True)
class IssueRefund:
    """Pay money back: for a return granted before (no items: all of it), or where nothing comes back."""

    order_id: str
    items: tuple[str, ...] = ()
    reason: ReturnReason | None = None
    method_id: str | None = None


@dataclass(frozen=True, slots=True)
class CreateLabel:
    """A label for the parcel of a return or an exchange granted before."""

    order_id: str


@dataclass(frozen=True, slots=True)
class CheckEligibility:
    """Whether items could be returned or refunded, and for how much. `compute_refund` takes the same."""

    order_id: str
    items: tuple[str, ...]
    reason: ReturnReason | None = None
    method_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnFound:
    """The records of one request, gathered by the one who runs the plan; all of one snapshot."""

    order: Order | None
    """By the id that was named, whoever's it is: the plan compares the customer."""
    customer: Customer | None
    """For whom it is asked: the session's customer; for staff who act for nobody, the order's."""
    is_authenticated: bool = True
    """A customer or staff asks; the session has shown who."""
    variants: Mapping[str, Variant] = field(default_factory=dict)
    """Those that exist of `new_variants`."""
    refunds_in_window: int = 0
    """`refunds_since(customer, refund_count_since(ruleset, as_of))`."""
    last_replacement: datetime | None = None
    """Of the customer. Not decided on: with the count it is the history that a refund stands on."""
    refunds_of_order: tuple[RefundRecord, ...] = ()
    has_label: bool = False
    """A label has been made for the order."""
    has_evidence: bool = False
    """An accepted evidence file belongs to this order and customer."""
    has_fraud_signal: bool = False
    """From annotations and evidence used twice; it can only send the request to a person."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a check found. `outcome` is one of the policy's; amounts are zero unless something may go back."""

    decision: Decision
    outcome: str
    """approve_refund | approve_return_and_refund | request_info | deny | escalate | refuse."""
    reasons: tuple[str, ...]
    """Every rule that stands in the way."""
    clauses: tuple[str, ...]
    """Of those rules; of an approval, the clauses it rests on."""
    item_minor: int = 0
    shipping_minor: int = 0
    amount_minor: int = 0
    """Item and shipping, never more than was paid less what went back."""
    currency: str = "USD"
