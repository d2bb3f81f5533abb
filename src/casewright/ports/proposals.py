"""Where proposals and the keys of writes are kept. Nothing here moves money or goods: the journal does.

Every step that could be taken twice is taken by one caller only: the first record of a key stands, and a
proposal is consumed, replaced, approved or rejected once.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from casewright.domain.principal import Role
from casewright.domain.proposal import Approval, KeyedCall, Proposal


class ProposalStore(Protocol):
    """Proposals and keyed calls of all tenants; every method takes the tenant, in itself or in its value."""

    def find_call(self, tenant: str, subject_id: str, key: str) -> KeyedCall | None: ...

    def record_call(self, call: KeyedCall, proposal: Proposal | None = None) -> KeyedCall:
        """Keep a call and the proposal that answers it, in one transaction.

        Returns what stands under the key: this call, or the one that was there first (then nothing is kept).
        """
        ...

    def count_calls(self, tenant: str, subject_id: str, tool: str, since: datetime) -> int:
        """How many keys the subject has used for a tool since then."""
        ...

    def count_customer_calls(self, tenant: str, customer_id: str, tool: str, since: datetime) -> int:
        """How many keys have been used for a tool since then for the customer, whoever used them."""
        ...

    def find(self, tenant: str, proposal_id: str) -> Proposal | None: ...

    def consume(self, tenant: str, proposal_id: str, *, confirmed_by: str) -> bool:
        """Take an open proposal, to carry it out; False where it is not, or no longer, open."""
        ...

    def replace(self, old: Proposal, new: Proposal) -> bool:
        """Put a new proposal in the place of one that went stale; from now on its key answers with it.

        The old one is open, or was consumed and never came to an action. False where somebody else has
        replaced it meanwhile; then nothing is kept.
        """
        ...

    def settle(self, tenant: str, subject_id: str, key: str, answer: Mapping[str, Any]) -> None:
        """Keep how a call ended that the journal holds nothing of; the first ending stands."""
        ...

    def decide(self, tenant: str, proposal_id: str, approval: Approval, *, expires_at: datetime) -> bool:
        """Approve (it is open until `expires_at`) or reject what awaits approval; False where it does not."""
        ...

    def awaiting(
        self, tenant: str, *, at: datetime, needed: Collection[Role], limit: int = 100
    ) -> tuple[Proposal, ...]:
        """What awaits the approval of one of these roles and has not expired by then, oldest first."""
        ...
