"""Rows are handed in without waiting; no outage of the ledger reaches who asked for a text."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from casewright.adapters.gateway import attempt_writer
from casewright.adapters.gateway.attempt_store import KeptAttempt
from casewright.adapters.gateway.attempt_writer import AttemptWriter
from casewright.domain.errors import Unavailable
from casewright.ports.text_model import Attempt, AttemptOutcome

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
GOOD = Attempt("groq", "llama", AttemptOutcome.ANSWERED, 100, 20, 7, 300)


class Rows:
    def __init__(self) -> None:
        self.kept: list[KeptAttempt] = []
        self.purged: list[datetime] = []
        self.is_away = False
        self.fails: list[Exception] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def add(self, kept: list[KeptAttempt]) -> None:
        assert self.may_go_on.wait(30)
        if self.fails:
            raise self.fails.pop()
        if self.is_away:
            raise Unavailable("the database is away")
        self.kept += kept

    def purge(self, before: datetime) -> int:
        self.purged.append(before)
        return 0


def write(rows: Rows, told: list[int] | None = None) -> AttemptWriter:
    tell = told.append if told is not None else None
    return AttemptWriter(lambda: rows, now=lambda: NOON, keep_days=30, tell=tell)


def test_what_was_handed_in_is_kept_before_it_closes() -> None:
    rows = Rows()
    writer = write(rows)
    for _ in range(1_200):
        writer.record(GOOD)
    writer.close()
    assert rows.kept == [KeptAttempt(NOON, GOOD)] * 1_200
    assert writer.lost == 0
    assert rows.purged == [NOON - timedelta(days=30)]


def test_a_call_that_was_not_made_is_no_row_and_opens_nothing() -> None:
    writer = AttemptWriter(lambda: Rows(), now=lambda: NOON, keep_days=30)
    writer.record(Attempt("groq", "llama", AttemptOutcome.SKIPPED_OPEN))
    writer.close()
    assert not any(thread.name == "text-attempts" for thread in threading.enumerate())


def test_an_outage_loses_rows_tells_how_many_and_ends() -> None:
    rows, told = Rows(), []
    rows.is_away = True
    writer = write(rows, told)
    writer.record(GOOD)
    writer.close()
    assert (writer.lost, told, rows.kept) == (1, [1], [])
    rows.is_away = False
    writer.record(GOOD)
    writer.close()
    assert len(rows.kept) == 1


def test_nobody_waits_for_a_ledger_that_hangs(monkeypatch: object) -> None:
    rows = Rows()
    rows.may_go_on.clear()
    writer = write(rows)
    many = attempt_writer.WAITING_MAX + attempt_writer.BATCH_MAX + 100
    for _ in range(many):
        writer.record(GOOD)
    assert writer.lost >= 100
    rows.may_go_on.set()
    writer.close()
    assert len(rows.kept) == many - writer.lost


def test_an_error_of_the_database_loses_rows_and_the_writer_goes_on() -> None:
    rows, told = Rows(), []
    rows.fails = [OperationalError("INSERT", {}, Exception("disk I/O error"))]
    writer = write(rows, told)
    writer.record(GOOD)
    writer.close()
    assert (writer.lost, told, rows.kept) == (1, [1], [])
    writer.record(GOOD)
    writer.close()
    assert rows.kept == [KeptAttempt(NOON, GOOD)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_where_the_writer_ended_by_accident_the_next_row_starts_another() -> None:
    rows = Rows()
    rows.fails = [AssertionError("nobody thought of this")]
    writer = write(rows)
    writer.record(GOOD)
    for thread in threading.enumerate():
        if thread.name == "text-attempts":
            thread.join(30)
    writer.record(GOOD)
    writer.close()
    assert rows.kept == [KeptAttempt(NOON, GOOD)]


def test_closing_waits_for_no_database_that_hangs_with_all_places_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempt_writer, "WAITING_MAX", 2)
    monkeypatch.setattr(attempt_writer, "_CLOSES_WITHIN_S", 0.01)
    rows = Rows()
    rows.may_go_on.clear()
    writer = write(rows)
    for _ in range(attempt_writer.BATCH_MAX + 10):
        writer.record(GOOD)
    closing = threading.Thread(target=writer.close, daemon=True)
    closing.start()
    closing.join(30)
    is_closed = not closing.is_alive()
    rows.may_go_on.set()
    assert is_closed
