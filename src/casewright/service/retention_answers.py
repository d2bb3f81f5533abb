"""What a decision says: to whoever asked, to whoever learns from it, and to the ledger. Pure.

Invariant: an answer holds codes, numbers and the shielded message, and nothing that a caller wrote; a ledger
entry holds whole numbers and codes.
"""

from collections.abc import Mapping
from typing import Any

from casewright.adapters.retention.inputs import profile_features
from casewright.desks.retention.reasons import REASONS
from casewright.ports.outreach import Arm, Hold
from casewright.service.retention_kit import Judged, ServedPolicies

CLEARANCE = "clearance"
_PLACES = 6


def build_answer(
    judged: Judged,
    customer_id: str | None,
    arm: Arm,
    policies: ServedPolicies,
    *,
    decision_id: str | None = None,
    hold: Hold | None = None,
) -> dict[str, Any]:
    """The published answer. Without a decision's id it is a dry recommendation."""
    decided, message = judged.decided, judged.message
    fired = decided.decision.fired
    return {
        "decision_id": decision_id,
        "is_live": decision_id is not None,
        "customer_id": customer_id,
        "decision": {
            "contact": decided.is_contact,
            "offer_level": decided.offer_level,
            "followup_days": decided.followup_days,
        },
        "outcome": decided.outcome,
        "not_before": None if decided.not_before is None else decided.not_before.isoformat(),
        "scores": {
            "p_churn": round(judged.profile.churn_risk, _PLACES),
            "p_accept": [round(each, _PLACES) for each in judged.p_accept],
        },
        "message": "" if message is None else message.text,
        "safety": {
            "violations": _violations(judged),
            "applied_disclaimers": [] if message is None else list(message.applied_disclaimers),
        },
        "assumed": list(judged.assumed),
        "policy": {
            "source": "learned" if decided.proposal.is_learned else "baseline",
            "version": decided.proposal.model_version,
            "arm": arm.value,
            "reason": _why_baseline(judged, policies),
        },
        "models": {
            "risk": judged.risk_version,
            "acceptance": None if policies.acceptance is None else policies.acceptance.version,
        },
        "ruleset": decided.decision.ruleset_id,
        "reasons": [
            {"code": row.reason, "text": REASONS.get(row.reason, row.reason), "clause": row.clause}
            for row in fired
            if row.reason
        ],
        "reserved_minor": 0 if hold is None else hold.amount_minor,
        "overrides": {
            "applied": list(judged.overrides.applied),
            "ignored": list(judged.overrides.ignored),
        },
    }


def _violations(judged: Judged) -> list[str]:
    """Rules that forbid a contact, overrides that would have widened, words that were held back."""
    forbidden = [row.reason for row in judged.decided.decision.fired if row.table == CLEARANCE and row.reason]
    ignored = [f"override_ignored_{name}" for name in judged.overrides.ignored]
    return list(dict.fromkeys([*forbidden, *ignored, *judged.blocked_words]))


def _why_baseline(judged: Judged, policies: ServedPolicies) -> str | None:
    """Why the baseline proposes; None where a learned policy does."""
    if judged.decided.proposal.is_learned:
        return None
    if judged.is_baseline_asked_for:
        return "baseline_asked_for"
    if judged.situation.is_kill_switch_on:
        return "kill_switch_on"
    if judged.policy is None:
        return policies.missing or "no_policy"
    return "policy_unusable"


def build_record(
    judged: Judged, observation: tuple[float, ...], draw: float, discount_minor: int
) -> dict[str, Any]:
    """What learning needs of a decision: state, probabilities, draw, and what it was made of."""
    decided, proposal = judged.decided, judged.decided.proposal
    return {
        "schema_version": 1,
        "observation": [round(each, 7) for each in observation],
        "offer_probabilities": [round(each, 9) for each in proposal.probabilities],
        "proposed_offer": proposal.offer_level,
        "proposed_followup_days": proposal.followup_days,
        "proposal_probability": proposal.probability,
        "probability": decided.probability,
        "draw": draw,
        "is_learned": proposal.is_learned,
        "outcome": decided.outcome,
        "facts": dict(decided.decision.facts),
        "p_churn": judged.profile.churn_risk,
        "p_accept": list(judged.p_accept),
        "profile": profile_features(judged.profile),
        "discount_minor": discount_minor,
        "risk_version": judged.risk_version,
    }


def build_entry(judged: Judged, customer_id: str, arm: Arm, hold: Hold | None) -> Mapping[str, Any]:
    """The ledger's line."""
    decided = judged.decided
    return {
        "customer_id": customer_id,
        "outcome": decided.outcome,
        "offer": decided.offer.value,
        "followup_days": decided.followup_days,
        "reserved_minor": 0 if hold is None else hold.amount_minor,
        "slice_id": "" if hold is None else hold.slice_id,
        "policy": decided.proposal.model_version,
        "arm": arm.value,
        "ruleset": decided.decision.ruleset_id,
        "reasons": list(decided.reasons),
    }
