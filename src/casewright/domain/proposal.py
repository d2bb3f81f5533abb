"""Proposal: a write that was checked and not yet done, waiting for the word of whom it concerns.

A proposal shows what will happen; it moves nothing. Its `digest` covers the tool, the arguments, the order's
version and the effects, so that what is confirmed is what was shown, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from casewright.domain.action import Effect
from casewright.domain.principal import Role


class ProposalState(StrEnum):
    """Where a proposal stands. Only an `open` one can be confirmed, and that once."""

    AWAITING_APPROVAL = "awaiting_approval"
    OPEN = "open"
    CONSUMED = "consumed"
    REJECTED = "rejected"
    REPLACED = "replaced"
    """The records moved on: a newer proposal stands in its place."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Whose word a proposal needs beside the confirmation, and what that person said."""

    needed: Role
    """The least role whose band covers the amount."""
    approver_id: str | None = None
    is_granted: bool | None = None
    """None while nobody has decided."""
    decided_at: datetime | None = None
    note: str = ""
    """Redacted."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One prepared write. `arguments` are canonical JSON with vault tokens for personal values."""

    proposal_id: str
    tenant: str
    tool: str
    key: str
    """The idempotency key it was prepared under, and will be carried out under."""
    subject_id: str
    """Who asked for it."""
    customer_id: str | None
    """The customer whose objects the request may touch; None: staff, any of the tenant's."""
    case_id: str
    arguments: Mapping[str, Any]
    digest: str
    outcome: str
    reasons: tuple[str, ...]
    effects: tuple[Effect, ...]
    clauses: tuple[str, ...]
    amount_minor: int
    order_id: str | None
    order_version: int | None
    ruleset_id: str
    nonce: str
    """Drawn for this proposal: the confirmation is made from it."""
    created_at: datetime
    expires_at: datetime
    state: ProposalState = ProposalState.OPEN
    approval: Approval | None = None
    replaced_by: str | None = None
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class KeyedCall:
    """What one idempotency key was used for, and what was answered; kept for good."""

    tenant: str
    subject_id: str
    key: str
    tool: str
    fingerprint: str
    """Digest of the tool and of the arguments that make two requests the same."""
    called_at: datetime
    answer: Mapping[str, Any] | None = None
    """The stored answer of a call that was refused; None where a proposal or the journal holds it."""
    proposal_id: str | None = None
    customer_id: str | None = None
    """Whom the call was made for."""
