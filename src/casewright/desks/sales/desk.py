"""The sales desk, declared: it answers questions, and does nothing in the world."""

from casewright.desk import AnswerHook, Desk
from casewright.desks.sales.facts import PitchFacts
from casewright.desks.sales.gathering import build_facts
from casewright.desks.sales.reasons import REASONS
from casewright.desks.sales.replies import write_answer
from casewright.desks.sales.routing import route

DESK = Desk(
    name="sales",
    case_types=("facts", "rule", "recommendation", "off_topic", "unclear"),
    needs=("clients", "playbook"),
    facts_type=PitchFacts,
    ruleset="casewright.desks.sales.policy",
    reasons=REASONS,
    outcome_fields=("programme", "premium", "opening", "topic"),
    tools=("client_lookup", "playbook_search", "web_search"),
    answer=AnswerHook(route, build_facts, write_answer),
)
