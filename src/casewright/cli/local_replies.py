"""Replies for the bench of the local model: what the shop and the sales desk would have reworded.

Each takes its road in service: the same templates, prompts, bounds and reviews. It opens no database: the
shop's replies are their templates, the sales desk answers over the clients of its own cases.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casewright.answering import AnswerRoad
    from casewright.domain.answer import Try
    from casewright.domain.client import Client
    from casewright.evaluation.bench_local_model import Reply
    from casewright.runner import Submit
    from casewright.writing.shop_replies import Words

ORDERS = ("#1001", "#1008", "#2040", "#7313")
STATUSES = ("pending", "processed", "delivered", "cancelled")
DAY = date(2026, 5, 31)
"""The day of the sales desk's own questions."""


def shop_lines(desk: str, deadline_s: float) -> "list[Reply]":
    """Every no of a desk, where an order stands, and what is asked back."""
    from casewright.bootstrap import load_ruleset
    from casewright.domain.case import Language
    from casewright.language.data_files import read_yaml
    from casewright.writing.shop_replies import ask, load_replies, say_refusal, say_status

    text = resources.files(f"casewright.desks.{desk}").joinpath("replies.yaml").read_text("utf-8")
    sentences = read_yaml(text)["reasons"]
    clauses = list(load_ruleset(desk, DAY).clauses)
    told: list[tuple[Words, bool]] = []
    for number, reason in enumerate(sentences):
        order, clause = ORDERS[number % len(ORDERS)], clauses[number % len(clauses)]
        told.append((say_refusal(Language.EN, (reason,), (clause,), sentences), True))
        told.append((say_status(Language.EN, order, STATUSES[number % len(STATUSES)]), True))
    told += [(ask(what, Language.EN, order=ORDERS[0]), False) for what in load_replies()["ask"]]
    return [_shop_reply(words, deadline_s, is_settled=is_settled) for words, is_settled in told]


def _shop_reply(words: "Words", deadline_s: float, *, is_settled: bool) -> "Reply":
    from casewright.domain.reply import TEMPLATE_SOURCE
    from casewright.evaluation.bench_local_model import Written
    from casewright.ports.text_model import TextModel
    from casewright.service.rewording import Rewording
    from casewright.text.shield import ShieldContext, check

    context = ShieldContext(words.facts, frozenset(), words.language, is_refund_recorded=words.states_refund)

    def reply(model: TextModel) -> Written:
        reworded = Rewording(model, time.monotonic, deadline_s)(
            words, "What about my order?", is_settled=is_settled
        )
        held = _held(reworded.tries)
        if reworded.source == TEMPLATE_SOURCE:
            return Written(is_by_model=False, blocked=held)
        unsafe = check(reworded.text, context)
        return Written(is_by_model=True, unsafe=tuple(violation.rule.value for violation in unsafe))

    return reply


def sales_lines(deadline_s: float, submit: "Submit | None" = None) -> "list[Reply]":
    """The desk's own questions in English, over the clients of its cases, without a playbook.

    With `submit` a model that does not answer is left behind, as in service.
    """
    from casewright.answering import AnswerRoad, LookUps
    from casewright.bootstrap import load_desk, load_ruleset
    from casewright.domain.knowledge import Retrieved
    from casewright.language.data_files import read_yaml

    text = resources.files("casewright.desks.sales.cases").joinpath("questions.yaml").read_text("utf-8")
    clients = {client.client_id: client for client in _case_clients()}
    names = tuple((client.client_id, client.name) for client in clients.values())
    road = AnswerRoad(
        load_desk("sales"),
        load_ruleset("sales", DAY),
        time.monotonic,
        LookUps(lambda: names, clients.get, lambda _: Retrieved()),
        submit=submit,
        text_deadline_s=deadline_s,
    )
    return [_sales_reply(str(case["q"]), road) for case in read_yaml(text) if str(case["q"]).isascii()]


def _sales_reply(question: str, road: "AnswerRoad") -> "Reply":
    from casewright.answering import answer_question
    from casewright.desk import Answerable, Question
    from casewright.domain.answer import Finding, Offer
    from casewright.domain.reply import TEMPLATE_SOURCE
    from casewright.evaluation.bench_local_model import Written
    from casewright.ports.text_model import TextModel
    from casewright.reflection.checks import check_draft
    from casewright.service.copilot_voice import make_writer

    def reply(model: TextModel) -> Written:
        seen: list[Answerable] = []
        voice = make_writer(model, "sales")

        def write(answerable: Answerable, asked: Question, told: tuple[Finding, ...]) -> Offer:
            seen.append(answerable)
            return voice(answerable, asked, told)

        reviewed = answer_question(Question(question, DAY), replace(road, writer=write)).reviewed
        held = _held(reviewed.tries)
        if reviewed.draft.source == TEMPLATE_SOURCE:
            return Written(is_by_model=False, blocked=held)
        found = check_draft(reviewed.draft, seen[-1].bounds)
        return Written(is_by_model=True, unsafe=tuple(finding.code.value for finding in found))

    return reply


def _case_clients() -> "Sequence[Client]":
    from casewright.adapters.importers.clients import read_clients

    source = resources.files("casewright.desks.sales.cases").joinpath("clients.csv")
    with resources.as_file(source) as path:
        return read_clients(path, currency="BDT", today=DAY).clients


def _held(tries: "Sequence[Try]") -> tuple[str, ...]:
    """What drafts were held back for, each once; nothing where none was written."""
    from casewright.domain.answer import FindingCode
    from casewright.reflection.loop import NOTHING_WRITTEN

    findings = [finding for one in tries for finding in one.findings if finding != NOTHING_WRITTEN]
    return tuple(
        dict.fromkeys(
            finding.detail if finding.code is FindingCode.SHIELD else finding.code.value
            for finding in findings
        )
    )
