from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sales_desk import ask, build_road

from casewright.answering import AnswerResult, LookUps, read_events
from casewright.bootstrap import load_desk
from casewright.desk import Answerable, Question
from casewright.domain.answer import Draft, Finding, FindingCode
from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.domain.knowledge import Query, Retrieved

PITCH = "What should I pitch to Northlight Foods?"


def refuse(*_: object) -> Any:
    raise Unavailable("gone")


def test_look_ups_of_a_question_are_handed_over_together() -> None:
    handed: list[int] = []

    def gather(calls: Sequence[Any], _: float | None) -> list[Any]:
        handed.append(len(calls))
        return [call() for call in calls]

    for text, calls in ((PITCH, 2), ("spend of Northlight Foods", 1), ("rule for retail?", 1)):
        handed.clear()
        ask(text, build_road(gather=gather))
        assert sum(handed) == calls, text


def test_off_topic_question_looks_nothing_up() -> None:
    off = ask("What is the weather today?", build_road(search=refuse))
    assert (off.draft.tools_used, off.draft.is_irrelevant, off.looked_up.failed) == ((), True, ())


def test_records_that_do_not_answer_are_said_to() -> None:
    road = build_road()
    gone = LookUps(road.look_ups.names, refuse, road.look_ups.playbook)
    result = ask(PITCH, build_road_with(gone))
    assert result.looked_up.failed == ("client_lookup",)
    assert result.decisions == ()
    assert "do not answer" in result.draft.message


def test_playbook_that_does_not_answer_leaves_the_decision() -> None:
    result = ask(PITCH, build_road(search=refuse))
    assert result.looked_up.failed == ("playbook_search",)
    assert "mobile app banners" in result.draft.message


def build_road_with(look_ups: LookUps) -> Any:
    from dataclasses import replace

    return replace(build_road(), look_ups=look_ups)


def test_writers_draft_leaves_only_where_it_passes() -> None:
    def lie(answerable: Answerable, _: Question, told: tuple[Finding, ...]) -> Draft:
        return Draft(
            "Pitch premium video now.",
            "",
            answerable.draft.citations,
            answerable.draft.tools_used,
            source="model:x/y",
        )

    def honest(answerable: Answerable, _: Question, told: tuple[Finding, ...]) -> Draft:
        said = "Start with mobile app banners only, as the spend is under 150k."
        return Draft(said, "", answerable.draft.citations, answerable.draft.tools_used, source="model:x/y")

    template = ask(PITCH, build_road()).draft
    lied = ask(PITCH, build_road(writer=lie))
    assert lied.draft.message == template.message
    assert lied.reviewed.is_fallback
    assert FindingCode.FORBIDDEN_PRODUCT in {
        one.code for tried in lied.reviewed.tries for one in tried.findings
    }
    said = ask(PITCH, build_road(writer=honest))
    assert said.draft.source == "model:x/y"
    assert said.decisions == lied.decisions


def test_writer_is_told_what_was_wrong_and_asked_three_times_at_most() -> None:
    told: list[tuple[Finding, ...]] = []

    def repeat(answerable: Answerable, _: Question, findings: tuple[Finding, ...]) -> Draft:
        told.append(findings)
        return Draft("Pitch premium video.", "", answerable.draft.citations, answerable.draft.tools_used)

    ask(PITCH, build_road(writer=repeat))
    assert len(told) == 3
    assert told[0] == ()
    assert FindingCode.FORBIDDEN_PRODUCT in {finding.code for finding in told[1]}


def test_steps_are_told_and_recorded() -> None:
    heard: list[tuple[str, Mapping[str, object]]] = []
    result = ask(PITCH, build_road(emit=lambda kind, data: heard.append((kind, data))))
    steps = [str(data["step"]) for kind, data in heard if kind == "step"]
    assert steps == ["route", "look_up", "decide", "bound", "write", "review"]
    assert list(result.timings_us) == steps


def test_events_hold_no_word_of_question_or_answer() -> None:
    result: AnswerResult = ask(PITCH, build_road())
    text = str([(event.name, event.data) for event in read_events(result, "case-1")])
    assert "Northlight" not in text
    assert "case:decision:made" in text


def test_desk_that_answers_no_questions_says_so() -> None:
    from dataclasses import replace

    with pytest.raises(ConfigurationError, match="answers no questions"):
        ask(PITCH, replace(build_road(), desk=load_desk("orders")))


def test_search_asks_for_the_playbook_of_the_day() -> None:
    asked: list[Query] = []

    def search(query: Query) -> Retrieved:
        asked.append(query)
        return Retrieved()

    ask(PITCH, build_road(search=search))
    ask("What is the artwork deadline for screens?", build_road(search=search))
    assert [query.as_of.isoformat() for query in asked] == ["2026-05-31", "2026-05-31"]
    assert "northlight" not in asked[0].text.lower()
    assert "artwork" in asked[1].text
