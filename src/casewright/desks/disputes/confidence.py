"""The published confidence: one formula of how sure the type and the match are, its numbers in the policy."""

from casewright.desks.disputes.facts import CaseType, DisputeFacts
from casewright.domain.decision import Decision
from casewright.investigation.matching import Match
from casewright.policy.ruleset import Ruleset


def compute_confidence(facts: DisputeFacts, match: Match, decision: Decision, ruleset: Ruleset) -> float:
    """0..1 in hundredths: floor + type weight × type confidence + match weight × share of the full margin."""
    number = ruleset.parameters
    type_confidence = decision.outcome.get("type_confidence")
    certainty = int(type_confidence) if isinstance(type_confidence, int) else 0
    full = int(number["match_full_margin"])
    margin = min(match.margin, full) if match.record is not None else 0
    if match.record is None and facts.proposed_case_type is None and _needs_no_row(decision):
        margin = full
    total = (
        int(number["confidence_floor"]) * 100
        + int(number["confidence_type_weight"]) * certainty
        + int(number["confidence_match_weight"]) * 100 * margin // full
    )
    if facts.proposed_case_type is not None:
        total = min(total, int(number["proposal_confidence_cap"]) * 100)
    return max(0, min(total, 10_000)) // 100 / 100


def _needs_no_row(decision: Decision) -> bool:
    """A report of fraud stands on the message alone."""
    return decision.outcome.get("case_type") == CaseType.PHISHING
