"""The question set of the sales desk: tools, names, what is never said, and the truth as it was written by hand."""

from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from sales_desk import build_road, case_clients, converse, read_cases

from casewright.adapters.store.engine import open_database
from casewright.answering import AnswerResult, AnswerRoad
from casewright.domain.answer import Bounds, Draft
from casewright.evaluation.answers.judges import RuleJudge
from casewright.evaluation.answers.metrics import Metric, Scored, score_row
from casewright.evaluation.answers.records import describe_client
from casewright.evaluation.answers.rows import AnsweredQuestion
from casewright.evaluation.answers.similarity import TermSimilarity
from casewright.reflection.checks import check_draft
from casewright.service.knowledge import open_knowledge
from casewright.settings import load_settings

CASES = read_cases("questions")
TOOLS = {"c": "client_lookup", "p": "playbook_search"}
IDS = [case["id"] for case in CASES]
LEAST_CORRECT = 0.9


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerRoad]:
    home: Path = tmp_path_factory.mktemp("sales")
    database = open_database(f"sqlite:///{home}/casewright.db")
    knowledge = open_knowledge(load_settings(home=home, embedder="none"), database)
    knowledge.prepare("main")
    yield build_road(search=knowledge.retrieval("main").search)
    knowledge.close()
    database.close()


@pytest.fixture(scope="module")
def answers(road: AnswerRoad) -> dict[str, AnswerResult]:
    return {case["id"]: converse(case.get("after", ()), case["q"], road) for case in CASES}


def score(case: dict[str, Any], result: AnswerResult) -> Scored:
    draft = result.draft
    records = tuple(describe_client(one) for one in result.looked_up.clients)
    evidence = ("\n".join(result.evidence),) if result.evidence else ()
    contexts = evidence + tuple(found.passage.text for found in result.looked_up.retrieved.found)
    expected = tuple(TOOLS[tool] for tool in case["tools"])
    row = AnsweredQuestion(
        case["id"],
        case["q"],
        draft.message,
        contexts + records,
        case["truth"],
        draft.tools_used,
        expected,
        None,
        draft.is_irrelevant,
    )
    return score_row(row, RuleJudge(), TermSimilarity())


def test_set_is_large_and_covers_every_kind() -> None:
    assert len(CASES) >= 60
    assert {case["kind"] for case in CASES} == {"facts", "rule", "recommendation", "off_topic", "unclear"}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_question_is_routed_to_its_tools_and_record(
    case: dict[str, Any], answers: dict[str, AnswerResult]
) -> None:
    result = answers[case["id"]]
    assert result.kind == case["kind"]
    assert result.draft.tools_used == tuple(TOOLS[tool] for tool in case["tools"])
    assert result.draft.is_irrelevant == (case["kind"] == "off_topic")
    found = [client.client_id for client in result.looked_up.clients]
    assert found[:1] == ([case["client"]] if "client" in case else [])
    offered = sorted(client_id for client_id, _ in result.wanted.asked.candidates)
    assert offered == sorted(case.get("candidates", ()))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_answer_says_nothing_that_is_closed_and_passes_its_review(
    case: dict[str, Any], answers: dict[str, AnswerResult]
) -> None:
    result = answers[case["id"]]
    said = f"{result.draft.message} {result.draft.rationale}".lower()
    assert [word for word in case.get("forbid", ()) if word in result.draft.message.lower()] == []
    if case["kind"] == "recommendation":
        assert not [word for word in ("q3", "third quarter", "pricing") if word in said]
    assert [tried.findings for tried in result.reviewed.tries] == [()]
    assert not result.reviewed.is_fallback


def test_answers_are_correct_on_average(answers: dict[str, AnswerResult]) -> None:
    values = {
        case["id"]: score(case, answers[case["id"]]).values[Metric.ANSWER_CORRECTNESS] for case in CASES
    }
    assert mean(value or 0.0 for value in values.values()) >= LEAST_CORRECT, values


def test_claims_are_supported_by_what_was_found(answers: dict[str, AnswerResult]) -> None:
    values = {case["id"]: score(case, answers[case["id"]]).values[Metric.FAITHFULNESS] for case in CASES}
    assert {name: value for name, value in values.items() if value not in (None, 1.0)} == {}


def test_recommendations_cite_the_record_and_the_playbook(answers: dict[str, AnswerResult]) -> None:
    for case in CASES:
        if case["kind"] == "recommendation" and "client" in case:
            cited = [citation.document_id for citation in answers[case["id"]].draft.citations]
            if answers[case["id"]].wanted.asked.wants_pitch:
                assert cited[0] == f"client:{case['client']}"
            assert any(name.startswith("sales:playbook") for name in cited), case["id"]


def test_review_catches_a_draft_that_names_what_is_closed(road: AnswerRoad) -> None:
    result = converse((), "What should I pitch to Northlight Foods?", road)
    prepared = road.desk.answer.write(  # type: ignore[union-attr]
        result.wanted,
        result.looked_up,
        result.facts,
        result.decisions,
        road.ruleset,
        result.question.as_of,
        result.question.memory,
    )
    bounds: Bounds = prepared.bounds
    told = {
        "Pitch mobile app banners and premium video.": "forbidden_product",
        "Pitch mobile app banners; the Q3 2026 pricing is attractive.": "restricted_topic",
        "Pitch mobile app banners, the spend is 999,000.": "unsupported_number",
        "Pitch mobile app banners like Zorbrook did.": "unsupported_name",
        "Talk about the weather.": "element_missing",
    }
    for message, code in told.items():
        draft = Draft(message, "", prepared.draft.citations, prepared.draft.tools_used)
        assert code in {finding.code.value for finding in check_draft(draft, bounds)}, message


def test_cases_name_clients_that_are_there() -> None:
    assert {case["client"] for case in CASES if "client" in case} <= set(case_clients())
