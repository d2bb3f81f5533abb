"""Engines of a batch: what each bad row costs, and that every engine gives the same in the same order."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from casewright.adapters.tables import START, LineChunk, Position
from casewright.bootstrap import Application, build_application
from casewright.domain.errors import Unavailable
from casewright.service import batch_engine
from casewright.service.batch_engine import ProcessEngine, investigate_chunk, run_inline
from casewright.settings import Settings

GOOD = b'{"ticket_id": "T-1", "complaint": "I sent 700 taka to a wrong number."}'


@pytest.fixture(scope="module")
def application() -> Application:
    return build_application(Settings(as_of=date(2026, 3, 1), max_body_bytes=1024))


def chunk_of(*lines: bytes, first: int = 1) -> LineChunk:
    return LineChunk(first, lines, Position(first + len(lines) - 1, 0))


def refusals(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def test_bad_lines_are_refused_with_number_code_and_reason(application: Application) -> None:
    chunk = chunk_of(
        GOOD,
        b"{broken",
        b"[]",
        b"   ",
        b'{"ticket_id": "T-2"}',
        b'{"ticket_id": "T-3", "complaint": " "}',
        GOOD[:-1] + b', "metadata": "' + b"x" * 1024 + b'"}',
        b'{"ticket_id": "T-4", "complaint": "\xff"}',
        GOOD,
        first=41,
    )
    outcome = investigate_chunk(application, chunk)
    assert [(refusal["line"], refusal["code"]) for refusal in refusals(outcome.refusals)] == [
        (42, "invalid_json"),
        (43, "not_an_object"),
        (45, "invalid_complaint"),
        (46, "blank_complaint"),
        (47, "line_too_long"),
        (48, "invalid_json"),
    ]
    assert refusals(outcome.refusals)[0]["message"].startswith("The line is not JSON: column 2")
    assert len(outcome.verdicts.splitlines()) == 2
    assert outcome.end == chunk.end
    counts = outcome.counts
    assert (counts["read"], counts["decided"], counts["refused"], counts["blank"]) == (8, 2, 6, 1)
    assert counts["code.invalid_json"] == 2
    assert counts["case_type.wrong_transfer"] == 2


def test_a_defect_costs_its_row_only_and_says_nothing_of_it(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    respond = Application.respond

    def fail_on_two(self: Application, result: Any) -> dict[str, object]:
        if result.case.case_id == "T-2":
            raise KeyError("secret text")
        return respond(self, result)

    monkeypatch.setattr(Application, "respond", fail_on_two)
    outcome = investigate_chunk(application, chunk_of(GOOD, GOOD.replace(b"T-1", b"T-2"), GOOD))
    (refusal,) = refusals(outcome.refusals)
    assert (refusal["line"], refusal["code"]) == (2, "internal_error")
    assert refusal["message"].startswith("KeyError at ")
    assert "secret" not in refusal["message"]
    assert outcome.counts["decided"] == 2


def test_processes_give_what_one_process_gives_in_the_same_order(application: Application) -> None:
    chunks = [
        chunk_of(*(GOOD.replace(b"T-1", b"T-%d" % (10 * first + place)) for place in range(3)), first=first)
        for first in range(1, 24)
    ]
    alone = list(run_inline(application, chunks))
    together = list(ProcessEngine(2)(application, chunks))
    assert together == alone
    assert [outcome.end for outcome in together] == [chunk.end for chunk in chunks]


@dataclass(frozen=True)
class DeadlyChunk:
    end: Position = START

    def rows(self) -> Iterator[tuple[int, object]]:
        batch_engine.os._exit(9)


def test_a_worker_that_dies_ends_the_run_with_what_to_do(application: Application) -> None:
    with pytest.raises(Unavailable, match="run again with --resume"):
        list(ProcessEngine(2)(application, [DeadlyChunk()]))


def test_no_more_chunks_are_taken_than_may_be_in_flight(application: Application) -> None:
    taken = []

    def chunks() -> Iterator[LineChunk]:
        for number in range(1, 100):
            taken.append(number)
            yield chunk_of(GOOD, first=number)

    outcomes = ProcessEngine(2)(application, chunks())
    next(outcomes)
    assert len(taken) == 2 * batch_engine.IN_FLIGHT_PER_WORKER
    outcomes.close()  # type: ignore[attr-defined]
