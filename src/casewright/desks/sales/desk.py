"""The sales desk, declared: it answers questions, and does nothing in the world."""

from casewright.desk import Desk
from casewright.desks.sales.facts import PitchFacts
from casewright.desks.sales.reasons import REASONS

DESK = Desk(
    name="sales",
    case_types=("facts", "rule", "recommendation", "off_topic", "unclear"),
    needs=("clients", "playbook"),
    facts_type=PitchFacts,
    ruleset="casewright.desks.sales.policy",
    reasons=REASONS,
    outcome_fields=("programme", "premium", "opening", "topic"),
    tools=("client_lookup", "playbook_search", "web_search"),
)
