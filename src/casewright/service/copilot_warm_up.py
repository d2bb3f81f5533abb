"""Warm-up of the copilot: made-up questions, so that lexicons and tables are loaded before a first one.

No records are read, no text model is asked, nothing is kept.
"""

from datetime import date, timedelta

from casewright.answering import AnswerRoad, LookUps, answer_question
from casewright.desk import Desk, Question
from casewright.domain.client import Client
from casewright.domain.knowledge import Retrieved
from casewright.domain.money import Money
from casewright.policy.ruleset import Ruleset
from casewright.runner import Clock
from casewright.service.copilot_documents import build_case_document, describe_answer
from casewright.text.redaction import redact

NAME = "Warming Works"
QUESTIONS = (
    f"What should I pitch to {NAME}?",
    f"When did we last meet {NAME}, and what did they spend?",
    "Which formats may an education client at 120k get?",
    f"{NAME} er jonno ki lead korbo?",
)
_OTHERS = (("CL-2", "Second Stop Foods"), ("CL-3", "Third Street Motors"))


def warm_up_copilot(desk: Desk, ruleset: Ruleset, day: date, timer: Clock) -> None:
    """Load whatever a first question would have waited for."""
    currency = str(ruleset.parameters["playbook_currency"])
    client = Client("CL-1", NAME, "FMCG", Money(20_000_000, currency), day - timedelta(30), "Team North")
    names = ((client.client_id, NAME), *_OTHERS)
    road = AnswerRoad(
        desk=desk,
        ruleset=ruleset,
        clock=timer,
        look_ups=LookUps(lambda: names, lambda _: client, lambda _: Retrieved()),
    )
    for question in QUESTIONS:
        result = answer_question(Question(redact(question).text, day), road)
        describe_answer(result, conversation_id="", case_id="")
        build_case_document(result, ruleset)
