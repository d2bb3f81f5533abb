"""The retention desk, declared: a learned policy proposes an outreach, and the tables may only narrow it."""

from casewright.desk import Desk
from casewright.desks.retention.facts import RetentionFacts
from casewright.desks.retention.proposing import propose
from casewright.desks.retention.reasons import REASONS
from casewright.desks.retention.replies import MESSAGE

DESK = Desk(
    name="retention",
    case_types=("outreach",),
    needs=("customer", "contacts", "consent", "budget"),
    facts_type=RetentionFacts,
    ruleset="casewright.desks.retention.policy",
    reasons=REASONS,
    outcome_fields=("outcome", "offer", "followup_days"),
    text_fields=(MESSAGE,),
    propose=propose,
)
