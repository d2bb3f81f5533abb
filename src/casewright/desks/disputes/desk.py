"""The disputes desk, declared."""

from collections.abc import Mapping

from casewright.desk import Desk
from casewright.desks.disputes.facts import CaseType, DisputeFacts, build_facts
from casewright.desks.disputes.reasons import REASONS
from casewright.desks.disputes.replies import TEXT_FIELDS, write_templates
from casewright.domain.decision import Value
from casewright.investigation.claims import Claim
from casewright.policy.ruleset import Ruleset


def wants_proposal(claim: Claim, outcome: Mapping[str, Value], ruleset: Ruleset) -> bool:
    """The guard of DIS-1.12: the reading of the type is unsure, and something concrete is named."""
    sure = outcome.get("type_confidence")
    limit = int(ruleset.parameters["proposal_type_confidence"])
    is_concrete = bool(
        claim.amounts or claim.phones or claim.record_ids or "credential_mentioned" in claim.signals
    )
    return isinstance(sure, int) and sure <= limit and is_concrete


DESK = Desk(
    name="disputes",
    case_types=tuple(CaseType),
    needs=("transactions",),
    facts_type=DisputeFacts,
    build_facts=build_facts,
    ruleset="casewright.desks.disputes.policy",
    replies=write_templates,
    reasons=REASONS,
    outcome_fields=("case_type", "evidence_verdict", "severity", "department", "human_review_required"),
    text_fields=TEXT_FIELDS,
    wants_proposal=wants_proposal,
)
