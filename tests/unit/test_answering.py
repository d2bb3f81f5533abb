"""The road of a question: its steps, its look-ups, its review, and what a web search may do."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Event
from typing import Any

import pytest
from sales_suite import sales_road

from casewright.answering import AnswerResult, AnswerRoad, LookUps, answer_question, read_events
from casewright.bootstrap import load_desk
from casewright.desk import Answerable, Question
from casewright.domain.answer import Draft, Finding, FindingCode, Offer
from casewright.domain.audit import AuditName
from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.domain.knowledge import Query, Retrieved
from casewright.ports.web_search import WebResult
from casewright.runner import at_once

PITCH = "What should I pitch to Harvest Lane Foods?"
DAY = date(2026, 5, 31)
PAGE = WebResult(
    "Retail in figures", "https://stats.example.com/retail", "Premium video grew by 41% in 2025."
)


def answer(road: AnswerRoad, text: str = PITCH) -> AnswerResult:
    return answer_question(Question(text, DAY), road)


def with_web(*results: WebResult) -> AnswerRoad:
    road = sales_road()
    return replace(road, look_ups=replace(road.look_ups, web=lambda _: results))


def test_a_recommendation_takes_every_step_of_the_table_once() -> None:
    result = answer(sales_road())
    assert [step.name for step in result.steps] == [
        "route",
        "look_up",
        "decide",
        "bound",
        "write",
        "review",
    ]
    assert not result.reviewed.is_fallback


def test_each_step_is_heard_as_it_ends() -> None:
    heard: list[tuple[str, Mapping[str, object]]] = []
    answer(replace(sales_road(), emit=lambda kind, data: heard.append((kind, data))))
    assert [data["step"] for _, data in heard] == ["route", "look_up", "decide", "bound", "write", "review"]
    assert {kind for kind, _ in heard} == {"step"}


def test_a_desk_that_answers_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        answer(replace(sales_road(), desk=load_desk("returns")))


def test_a_look_up_that_is_away_is_named_and_the_answer_still_comes() -> None:
    def away(_: Query) -> Retrieved:
        raise Unavailable("gone")

    result = answer(sales_road(away))
    assert result.looked_up.failed == ("playbook_search",)
    assert result.draft.message


def test_a_look_up_that_hangs_costs_its_time_and_the_others_count() -> None:
    held = Event()

    def hang(_: Query) -> Retrieved:
        held.wait(30)
        return Retrieved()

    road = sales_road(hang)
    ticks = iter(range(0, 10_000, 1_000))
    with ThreadPoolExecutor(2) as pool:
        gather = at_once(pool.submit, lambda: float(next(ticks)))
        result = answer(replace(road, gather=gather))
        held.set()
    assert result.looked_up.failed == ("playbook_search",)
    assert [client.name for client in result.looked_up.clients] == ["Harvest Lane Foods"]


def test_a_failed_review_goes_back_to_the_writer_alone() -> None:
    told: list[tuple[Finding, ...]] = []

    def write(answerable: Answerable, _: Question, findings: tuple[Finding, ...]) -> Offer:
        told.append(findings)
        spoiled = (
            f"{answerable.draft.message} They spent 999k." if len(told) < 2 else answerable.draft.message
        )
        return replace(answerable.draft, message=spoiled, source="model:test/one")

    result = answer(sales_road(writer=write))
    assert result.draft.source == "model:test/one"
    assert [one.code for one in told[1]] == [FindingCode.UNSUPPORTED_NUMBER]
    assert [step.name for step in result.steps][-4:] == ["write", "review", "write", "review"]
    assert [step.name for step in result.steps].count("look_up") == 1
    blocked, written, steps = read_events(result, "case-1")[-3:]
    assert steps.name is AuditName.STEPS_TAKEN
    assert (blocked.name, blocked.data) == (
        AuditName.REPLY_BLOCKED,
        {"try": 1, "source": "model:test/one", "findings": ("unsupported_number:number",)},
    )
    assert (written.name, written.data) == (
        AuditName.REPLY_WRITTEN,
        {"source": "model:test/one", "tries": 2, "is_fallback": False},
    )


def test_a_writer_that_never_answers_leaves_the_template_in_time() -> None:
    held = Event()

    def hang(*_: Any) -> Draft | None:
        held.wait(30)
        return None

    plain = answer(sales_road()).draft
    ticks = iter(range(0, 10_000, 4))
    with ThreadPoolExecutor(1) as pool:
        road = replace(sales_road(writer=hang), clock=lambda: float(next(ticks)), submit=pool.submit)
        result = answer(road)
        held.set()
    assert result.draft.message == plain.message
    assert result.reviewed.is_fallback


@pytest.mark.parametrize(("deadline_s", "asked"), [(2.0, 1), (5.0, 2), (None, 3)])
def test_the_tries_of_a_text_share_the_deadline_that_is_handed_in(
    deadline_s: float | None, asked: int
) -> None:
    """The writer takes 2.5 s a try, by the hands of this clock, and what it writes never passes."""
    now_s, told = [0.0], []

    def write(answerable: Answerable, _: Question, findings: tuple[Finding, ...]) -> Offer:
        now_s[0] += 2.5
        told.append(findings)
        return replace(answerable.draft, message=f"{answerable.draft.message} They spent 999k.")

    road = replace(sales_road(writer=write), clock=lambda: now_s[0], text_deadline_s=deadline_s)
    result = answer(road)
    assert len(told) == asked
    assert result.reviewed.is_fallback


def test_web_search_is_off_unless_it_is_handed_in() -> None:
    result = answer(sales_road())
    assert result.looked_up.web == ()
    assert "web_search" not in result.draft.tools_used


def test_a_web_page_is_cited_and_named_among_the_tools_and_is_no_fact() -> None:
    plain, searched = answer(sales_road()), answer(with_web(PAGE))
    assert "web_search" in searched.draft.tools_used
    assert [cited.document_id for cited in searched.draft.citations if cited.document_id == PAGE.url] == [
        PAGE.url
    ]
    assert (searched.facts, searched.decisions) == (plain.facts, plain.decisions)
    assert searched.draft.message == plain.draft.message


def test_a_web_page_opens_no_product_to_a_writer_who_believes_it() -> None:
    def believe(answerable: Answerable, _: Question, findings: tuple[Finding, ...]) -> Offer:
        return replace(
            answerable.draft, message=f"{answerable.draft.message} {PAGE.snippet}", source="model:test/one"
        )

    road = with_web(replace(PAGE, snippet="Everybody should buy premium video now."))
    result = answer(replace(road, writer=believe))
    assert result.reviewed.is_fallback
    assert "premium video" not in result.draft.message.lower()


def test_a_web_search_that_fails_is_named_and_changes_nothing() -> None:
    def away(_: str) -> tuple[WebResult, ...]:
        raise Unavailable("gone")

    road = sales_road()
    result = answer(
        replace(
            road, look_ups=LookUps(road.look_ups.names, road.look_ups.client, road.look_ups.playbook, away)
        )
    )
    assert result.looked_up.failed == ("web_search",)
    assert result.draft == answer(sales_road()).draft


def test_time_goes_on_the_record() -> None:
    result = answer(replace(sales_road(), clock=time.perf_counter))
    assert set(result.timings_us) == {"route", "look_up", "decide", "bound", "write", "review"}
