"""What may be asked of the orders desk, and the records it is decided on.

A request comes validated from a tool; who asks comes from the session and never from an argument. Addresses
are vault tokens, and ids of new records are made by the caller, so that planning stays pure. `item_ids` name
lines by variant id or by line id; two copies of one variant are named by naming it twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from casewright.domain.principal import Principal
from casewright.domain.shop import Customer, Order, Product, Variant


class ReplacementReason(StrEnum):
    """What the customer says is wrong with an item: the words of the returns policy."""

    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_AS_DESCRIBED = "not_as_described"
    CHANGED_MIND = "changed_mind"
    LATE_DELIVERY = "late_delivery"


class EscalationReason(StrEnum):
    """Why a person takes a case over; says which queue and how soon."""

    PERSON_REQUESTED = "person_requested"
    ANGER = "anger"
    FAILED_TURNS = "failed_turns"
    NOT_SATISFIED = "not_satisfied"
    APPROVAL_NEEDED = "approval_needed"
    PAYMENTS_UNCLEAR = "payments_unclear"
    RECORDS_INCOMPLETE = "records_incomplete"
    REFUND_LIMIT_REACHED = "refund_limit_reached"
    ABOVE_AUTOMATIC_LIMIT = "above_automatic_limit"
    FRAUD_SIGNAL = "fraud_signal"
    LEGAL_THREAT = "legal_threat"
    VULNERABLE_CUSTOMER = "vulnerable_customer"
    SELF_HARM = "self_harm"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a customer, staff for a customer, or staff for nobody in particular (any of the shop's)."""

    customer_id: str | None = None
    is_staff: bool = False

    @classmethod
    def of(cls, principal: Principal) -> "Asker":
        """The asker behind a session or key."""
        return cls(principal.customer_id, principal.is_staff)

    @property
    def is_known(self) -> bool:
        return self.customer_id is not None or self.is_staff

    def may_see(self, customer_id: str) -> bool:
        """Whether what belongs to this customer exists for the asker."""
        if self.customer_id is not None:
            return self.customer_id == customer_id
        return self.is_staff


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """`reason` must be one of the accepted reasons, letter by letter."""

    asker: Asker
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ModifyAddress:
    """Send the order elsewhere."""

    asker: Asker
    order_id: str
    address_token: str


@dataclass(frozen=True, slots=True)
class ModifyPayment:
    """Pay the whole order by another of the customer's methods."""

    asker: Asker
    order_id: str
    method_id: str


@dataclass(frozen=True, slots=True)
class ModifyItems:
    """Swap lines for other variants, all at once: the n-th item for the n-th new variant."""

    asker: Asker
    order_id: str
    item_ids: tuple[str, ...]
    new_variant_ids: tuple[str, ...]
    method_id: str
    """Pays the difference, or gets it back."""


@dataclass(frozen=True, slots=True)
class CreateReplacement:
    """Send one line again, free."""

    asker: Asker
    order_id: str
    item_id: str
    reason: ReplacementReason | None
    replacement_id: str


@dataclass(frozen=True, slots=True)
class CreateOrder:
    """Buy one piece of each variant; the same variant twice is two lines."""

    asker: Asker
    customer_id: str
    variant_ids: tuple[str, ...]
    method_id: str
    order_id: str
    """Of the new order."""
    address_token: str | None = None
    """None: the customer's own address."""


@dataclass(frozen=True, slots=True)
class ModifyCustomerAddress:
    """Change the address of the profile; orders keep theirs."""

    asker: Asker
    customer_id: str
    address_token: str


@dataclass(frozen=True, slots=True)
class CreateEscalation:
    """Hand a case to a person. `summary` must be redacted already."""

    asker: Asker
    case_id: str
    reason: EscalationReason
    summary: str
    escalation_id: str
    order_id: str | None = None


OrderRequest = CancelOrder | ModifyAddress | ModifyPayment | ModifyItems | CreateReplacement
"""Requests on an order that exists."""
Request = OrderRequest | CreateOrder | ModifyCustomerAddress | CreateEscalation


@dataclass(frozen=True, slots=True)
class Found:
    """The records of one request, read in one snapshot. Hand over what there is: ownership is judged here.

    | plan | reads |
    |---|---|
    | cancel, modify_payment | order, its customer |
    | modify_address | order |
    | modify_items | order, its customer, variants of `new_variant_ids`, `refunded_line_ids` |
    | create_replacement | order, its customer, variants of its lines, and what stands below |
    | create_order | customer, variants, their products |
    | modify_customer_address | customer |
    | create_escalation | order and customer, where named |
    """

    order: Order | None = None
    customer: Customer | None = None
    """The order's customer; for tools without an order, the one that the request names."""
    variants: Mapping[str, Variant] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    last_replacement: datetime | None = None
    """The customer's, over all orders."""
    refunds_in_window: int = 0
    """`refunds_since(customer, refund_count_since(ruleset, as_of))`: over all orders."""
    refunded_line_ids: frozenset[str] = frozenset()
    """Lines of this order whose money has gone back."""
    has_evidence: bool = False
    """An accepted evidence file belongs to this order and customer."""
    has_fraud_signal: bool = False
    """From annotations, or evidence used twice; it can only send the request to a person."""
    is_approved: bool = False
    """A named person approved this very action: from the approval's record, never from an argument."""
