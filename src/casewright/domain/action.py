"""Action: one thing done to the world, exactly once. What it will change is planned before anything moves.

A Plan is pure data: the decision, and either reasons why not, or the Change to records, the gateway calls
and the messages to deliver. The journal carries it out; nothing else writes business rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from casewright.domain.decision import Decision
from casewright.domain.shop import Customer, Order, PaymentRow


class ActionState(StrEnum):
    """Where an action stands. `unknown` waits for the reconciler and is never retried blindly."""

    CLAIMED = "claimed"
    STARTED = "started"
    DONE = "done"
    REFUSED = "refused"
    """A business no, stored under the key like any answer."""
    FAILED = "failed"
    """The gateway said no for good; nothing moved."""
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        return self in {ActionState.DONE, ActionState.REFUSED, ActionState.FAILED}


class GatewayOperation(StrEnum):
    REFUND = "refund"
    CHARGE = "charge"


@dataclass(frozen=True, slots=True)
class GatewayCall:
    """Money to move outside. `part` makes the gateway's key `<action id>:<part>`, the same on every try."""

    operation: GatewayOperation
    method_id: str
    amount_minor: int
    currency: str
    part: str


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something to deliver after the commit, at least once, by a key that makes it once: courier or mail.

    `payload` holds ids, codes, amounts and vault tokens; personal values are resolved at delivery.
    """

    connector: str
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GiftCardEntry:
    """A row of a gift card's ledger; its balance is the sum. A charge is negative."""

    method_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """Counts towards a customer's limit. Cancellations are not recorded here."""

    refund_id: str
    order_id: str
    customer_id: str
    amount_minor: int
    reason: str
    line_ids: tuple[str, ...] = ()
    shipping_minor: int = 0
    """How much of the amount is the order's shipping fee, which goes back once."""


@dataclass(frozen=True, slots=True)
class ReplacementRecord:
    """One line sent again; the next may follow after the policy's days."""

    replacement_id: str
    order_id: str
    customer_id: str
    line_id: str


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A return label, asked of the courier through the outbox."""

    label_id: str
    order_id: str
    line_ids: tuple[str, ...]
    tracking_id: str | None = None
    """None until the courier has answered."""


@dataclass(frozen=True, slots=True)
class EscalationRecord:
    """A case handed to a person, with its clock."""

    escalation_id: str
    case_id: str
    queue: str
    reason: str
    """A reason code."""
    summary: str
    """Redacted."""
    due_at: datetime
    """The service-level clock."""
    owner: str | None = None
    order_id: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one action writes into the business records, all in one transaction or not at all."""

    order: Order | None = None
    """The order as it will be; its `version` is the one it was read at, and its payments the old ones."""
    new_order: Order | None = None
    customer: Customer | None = None
    payments: tuple[PaymentRow, ...] = ()
    """New rows of the order's payments; gift cards among them need their GiftCardEntry too."""
    gift_cards: tuple[GiftCardEntry, ...] = ()
    refund: RefundRecord | None = None
    replacement: ReplacementRecord | None = None
    label: LabelRecord | None = None
    escalation: EscalationRecord | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of what will happen, for people and pages: `kind` in lower snake, amount if money moves."""

    kind: str
    summary: str
    """Plain English with ids and amounts, no personal data."""
    amount_minor: int | None = None
    currency: str | None = None
    target: str | None = None
    """A method, line or order id."""


@dataclass(frozen=True, slots=True)
class CustomerHistory:
    """What a plan counted of its customer. If it is no longer so at the claim, the plan is stale."""

    customer_id: str
    refunds: int
    """How many refunds there have been since `refunds_since`."""
    refunds_since: datetime
    last_replacement_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What policy made of one wanted action. With reasons there is no change: all broken rules are listed."""

    decision: Decision
    outcome: str
    """The desk's outcome: `allow`, `refuse`, `escalate`, `request_info`, …"""
    reasons: tuple[str, ...] = ()
    change: Change = field(default_factory=Change)
    calls: tuple[GatewayCall, ...] = ()
    outbox: tuple[OutboxMessage, ...] = ()
    effects: tuple[Effect, ...] = ()
    business_keys: tuple[str, ...] = ()
    """What may happen once only whatever the idempotency key: `refund:<order>:<line>`."""
    amount_minor: int = 0
    """The money that moves, for approval bands."""
    history: CustomerHistory | None = None
    """What limits across orders were checked against; two plans made side by side cannot both pass one."""

    @property
    def is_allowed(self) -> bool:
        return self.outcome == "allow"
