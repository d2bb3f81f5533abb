"""Answers as documents: what goes over HTTP, and what is stored under an idempotency key. Pure.

Invariant: a stored answer read back says what it said. `schema_version` tells how a stored one is read. No
nonce leaves, and a confirmation only with the proposal that it confirms.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from casewright.domain.action import Effect
from casewright.domain.proposal import Proposal
from casewright.tools.answers import AnswerStatus, ToolAnswer

SCHEMA_VERSION = 1


def build_answer_document(answer: ToolAnswer) -> dict[str, Any]:
    """The published form of an answer."""
    return {
        "tool": answer.tool,
        "status": answer.status.value,
        "reason_codes": list(answer.reason_codes),
        "effects": [build_effect(effect) for effect in answer.effects],
        "clauses": list(answer.clauses),
        "result": dict(answer.result),
        "action_id": answer.action_id,
        "is_replayed": answer.is_replayed,
        "proposal": build_proposal_document(answer.proposal, answer.confirmation)
        if answer.proposal
        else None,
    }


def build_proposal_document(proposal: Proposal, confirmation: str | None = None) -> dict[str, Any]:
    """The published form of a proposal."""
    approval = proposal.approval
    return {
        "proposal_id": proposal.proposal_id,
        "tool": proposal.tool,
        "state": proposal.state.value,
        "outcome": proposal.outcome,
        "reason_codes": list(proposal.reasons),
        "effects": [build_effect(effect) for effect in proposal.effects],
        "clauses": list(proposal.clauses),
        "amount_minor": proposal.amount_minor,
        "order_id": proposal.order_id,
        "order_version": proposal.order_version,
        "digest": proposal.digest,
        "created_at": show_moment(proposal.created_at),
        "expires_at": show_moment(proposal.expires_at),
        "replaced_by": proposal.replaced_by,
        "approval": None
        if approval is None
        else {
            "needed": approval.needed.value,
            "is_granted": approval.is_granted,
            "approver_id": approval.approver_id,
            "decided_at": show_moment(approval.decided_at) if approval.decided_at else None,
        },
        "confirmation": confirmation,
    }


def build_effect(effect: Effect) -> dict[str, Any]:
    """One effect."""
    return {
        "kind": effect.kind,
        "summary": effect.summary,
        "amount_minor": effect.amount_minor,
        "currency": effect.currency,
        "target": effect.target,
    }


def read_effect(document: Mapping[str, Any]) -> Effect:
    """What `build_effect` wrote."""
    return Effect(
        kind=str(document["kind"]),
        summary=str(document["summary"]),
        amount_minor=document.get("amount_minor"),
        currency=document.get("currency"),
        target=document.get("target"),
    )


def build_stored_answer(answer: ToolAnswer) -> dict[str, Any]:
    """An answer without a proposal, to be kept under its key."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": answer.tool,
        "status": answer.status.value,
        "reason_codes": list(answer.reason_codes),
        "effects": [build_effect(effect) for effect in answer.effects],
        "clauses": list(answer.clauses),
        "result": dict(answer.result),
    }


def read_stored_answer(document: Mapping[str, Any]) -> ToolAnswer:
    """A stored answer, marked as replayed."""
    return ToolAnswer(
        tool=str(document["tool"]),
        status=AnswerStatus(document["status"]),
        reason_codes=tuple(document["reason_codes"]),
        effects=tuple(read_effect(effect) for effect in document["effects"]),
        clauses=tuple(document["clauses"]),
        result=document["result"],
        is_replayed=True,
    )


def show_moment(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
