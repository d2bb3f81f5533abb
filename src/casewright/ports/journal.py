"""The journal of actions: each happens once, or is still on its way, and the ledger says which.

    T1  claim the key and the business keys, reserve the order at its version   one transaction
    T2  take the lease, mark the action started; call the gateway with its key
    T3  result, business rows, ledger entry, outbox                                one transaction

A time-out of the gateway leaves `unknown`; a reconciler asks the gateway by key. A lapsed lease is taken
over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from casewright.domain.action import ActionState, Plan


class KeyOutcome(StrEnum):
    """What the key meant."""

    FIRST = "first"
    REPLAYED = "replayed"
    """Same key, same arguments: the stored answer, success or failure."""
    REUSED = "idempotency_key_reused"
    """Same key, other arguments: HTTP 422."""
    IN_PROGRESS = "in_progress"
    """HTTP 409."""
    ALREADY_DONE = "already_done"
    """Another key has done, or is doing, what a business key stands for."""
    STALE = "confirmation_stale"
    """The order has moved on since the plan was made: plan again."""


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """One planned and confirmed action, ready to be carried out."""

    tenant: str
    case_id: str
    """The chain of the ledger this belongs to."""
    tool: str
    key: str
    """The caller's idempotency key, kept for good; unique within tenant and subject."""
    subject_id: str
    """Who asked."""
    arguments: Mapping[str, Any]
    """Validated and canonical, tokens for personal values; its digest tells one request from another."""
    plan: Plan
    confirmed_by: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class ActionResult:
    """How it ended, or where it stands."""

    action_id: str
    key_outcome: KeyOutcome
    state: ActionState
    result: Mapping[str, Any] = field(default_factory=dict)
    """The stored answer: outcome, reason codes, effects, ids made. Integers, strings, lists, maps."""


class ActionJournal(Protocol):
    """Exactly once. `execute` raises nothing for a business no, and Unavailable when the database is gone."""

    def execute(self, request: ActionRequest) -> ActionResult: ...

    def find(self, tenant: str, subject_id: str, key: str) -> ActionResult | None: ...
