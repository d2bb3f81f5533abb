"""What the transactions of the journal hand each other: a claim made ready, and the lease of an open action.

Invariant: a lease's writes name its fence, so that a holder who was taken for dead writes nothing any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from casewright.adapters.journal.chain import Head, write_body
from casewright.adapters.journal.plan_documents import ActionDocument
from casewright.domain.action import ActionState, Change, Plan
from casewright.ports.connectors import Transfer
from casewright.ports.journal import ActionRequest, ActionResult

Probe = Callable[[str], None]
"""Is told the name of every place between two statements; for tests that stop a process there."""


def pass_by(_place: str) -> None:
    """The probe that does nothing."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to carry one open action on, until another takes it over."""

    tenant: str
    action_id: str
    case_id: str
    tool: str
    subject_id: str
    digest: str
    fence: int
    tries: int
    state: ActionState
    document: ActionDocument
    transfers: Mapping[str, Transfer] = field(default_factory=dict)
    """What the gateway has said, by part."""
    head: Head | None = None
    """Where the case's chain stood when the lease was taken, if that is known."""
    is_takeover: bool = False
    """Whether somebody may have called the gateway before: then it is asked first."""

    @property
    def plan(self) -> Plan:
        return self.document.plan

    def gateway_key(self, part: str) -> str:
        """The same on every try, whoever tries."""
        return f"{self.action_id}:{part}"

    def knows(self, part: str, transfer: Transfer) -> "Lease":
        """The lease with one more answer of the gateway."""
        return replace(self, transfers={**self.transfers, part: transfer})


@dataclass(frozen=True, slots=True)
class Claim:
    """One request made ready: what can be computed before the transaction."""

    request: ActionRequest
    action_id: str
    digest: str
    at: datetime
    until: datetime
    """The end of the first lease."""

    @property
    def plan(self) -> Plan:
        return self.request.plan

    def lease(self, state: ActionState = ActionState.STARTED) -> Lease:
        """The lease that the claim takes."""
        request = self.request
        return Lease(
            request.tenant,
            self.action_id,
            request.case_id,
            request.tool,
            request.subject_id,
            self.digest,
            fence=1,
            tries=0,
            state=state,
            document=ActionDocument(request.plan, request.confirmed_by, request.approved_by),
        )


class Withdrawn(Exception):
    """Rolls a claim back; never leaves the journal. Nothing was written, and `result` says why."""

    def __init__(self, result: ActionResult) -> None:
        super().__init__(result.key_outcome)
        self.result = result


def digest_request(tool: str, arguments: Mapping[str, Any]) -> str:
    """What tells one request from another under the same key."""
    return sha256(write_body({"tool": tool, "arguments": arguments}).encode("utf-8")).hexdigest()


def harmless(plan: Plan) -> Plan:
    """What the journal carries out of a plan: a no keeps its reasons and its escalation, nothing that acts.

    A plan left to a person holds what would be done; it is carried out as another plan, when it is allowed.
    """
    if plan.is_allowed:
        return plan
    change = Change(escalation=plan.change.escalation)
    return replace(plan, change=change, calls=(), outbox=(), effects=(), business_keys=(), amount_minor=0)


def list_resources(plan: Plan) -> tuple[str, ...]:
    """What no second open action may touch: the order, the customer's limits, gift cards that are charged."""
    change = plan.change
    resources = {f"gift_card:{entry.method_id}" for entry in change.gift_cards if entry.amount_minor < 0}
    if change.order is not None:
        resources.add(f"order:{change.order.order_id}")
    for record in (change.refund, change.replacement):
        if record is not None:
            resources.add(f"customer:{record.customer_id}")
    return tuple(sorted(resources))
