"""The golden cases of the disputes desk, run through the whole pipeline against the bars of its specification."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from casewright.bootstrap import Application, build_application
from casewright.desks.disputes.response import SCORED_FIELDS
from casewright.evaluation.cases import load_golden_cases
from casewright.settings import Settings

LEAST_FIELDS = 0.96
LEAST_CASES = 0.90
LEAST_BANGLISH_FIELDS = 0.92
SHARED = Path(
    os.environ.get("CASEWRIGHT_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)
DEVELOPMENT = SHARED / "disputes"


@pytest.fixture(scope="module")
def application() -> Application:
    return build_application(Settings())


def _wrong_fields(
    answer: Mapping[str, object], expected: Mapping[str, object], accept: Mapping[str, object]
) -> list[str]:
    wrong = []
    for name, value in expected.items():
        alternatives = accept.get(name, [])
        accepted = [value, *(alternatives if isinstance(alternatives, list) else [alternatives])]
        if answer[name] not in accepted:
            wrong.append(f"{name}: {answer[name]!r}, expected {value!r}")
    return wrong


def _run(application: Application, ticket: Mapping[str, object]) -> dict[str, object]:
    return application.respond(application.analyze_ticket(ticket))


@pytest.mark.parametrize("file", ["en", "bn", "banglish", "adversarial"])
def test_golden_cases_meet_the_bars_of_the_specification(application: Application, file: str) -> None:
    fields, wrong, failed = 0, 0, {}
    cases = load_golden_cases(files=(file,))
    for case in cases:
        misses = _wrong_fields(_run(application, case.ticket()), case.expected, case.accept)
        fields += len(case.expected)
        wrong += len(misses)
        if misses:
            failed[case.name] = misses
    assert 1 - wrong / fields >= LEAST_FIELDS, failed
    assert 1 - len(failed) / len(cases) >= LEAST_CASES, failed


def test_the_shipped_verdicts_are_what_the_desk_answers_to_the_shipped_tickets(
    application: Application,
) -> None:
    folder = Path(__file__).resolve().parents[2] / "src/casewright/desks/disputes/samples"
    tickets = [json.loads(line) for line in (folder / "tickets.jsonl").read_text("utf-8").splitlines()]
    shipped = [json.loads(line) for line in (folder / "verdicts.jsonl").read_text("utf-8").splitlines()]
    assert [_run(application, ticket) for ticket in tickets] == shipped
    assert len(tickets) >= 10


def _development_cases() -> Iterator[tuple[str, Mapping[str, object]]]:
    for path in sorted(DEVELOPMENT.glob("*.json")):
        for case in json.loads(path.read_text("utf-8")):
            yield path.stem, case


@pytest.mark.skipif(
    not DEVELOPMENT.is_dir(),
    reason="no development data: set CASEWRIGHT_SHARED_DATA to a folder that holds disputes/*.json",
)
class TestDevelopmentData:
    def test_public_samples_are_right_in_every_field(self, application: Application) -> None:
        misses = {
            str(case["id"]): _wrong_fields(
                _run(application, case["input"]), case["expected"], case.get("accept") or {}
            )  # type: ignore[arg-type,call-overload,attr-defined]
            for name, case in _development_cases()
            if name == "public_samples"
        }
        assert {name: wrong for name, wrong in misses.items() if wrong} == {}

    def test_labelled_cases_meet_the_bars(self, application: Application) -> None:
        counted: Counter[str] = Counter()
        failed = {}
        for _, case in _development_cases():
            expected: Mapping[str, object] = case["expected"]  # type: ignore[assignment]
            misses = _wrong_fields(_run(application, case["input"]), expected, case.get("accept") or {})  # type: ignore[arg-type]
            counted["cases"] += 1
            counted["fields"] += len(expected)
            counted["wrong"] += len(misses)
            if misses:
                failed[str(case["id"])] = misses
        assert 1 - counted["wrong"] / counted["fields"] >= LEAST_FIELDS, failed
        assert 1 - len(failed) / counted["cases"] >= LEAST_CASES, failed

    def test_every_scored_field_is_in_the_answer(self, application: Application) -> None:
        for _, case in _development_cases():
            answer = _run(application, case["input"])  # type: ignore[arg-type]
            assert set(SCORED_FIELDS) <= answer.keys()
