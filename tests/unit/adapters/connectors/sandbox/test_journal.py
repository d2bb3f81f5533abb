"""A sandbox's journal: one row per key, and on disk when it is told."""

import sqlite3
from concurrent.futures import Future
from pathlib import Path

import pytest

from casewright.adapters.connectors.sandbox.journal import Entry, SandboxJournal, digest_of
from casewright.domain.errors import ConfigurationError


def test_the_first_request_of_a_key_makes_its_row_and_later_ones_are_counted(tmp_path: Path) -> None:
    journal = SandboxJournal(tmp_path / "payments.sqlite")
    first = journal.record("k", {"a": 1}).result()
    again = journal.record("k", {"a": 2}, state="declined", code="x").result()
    assert first == Entry(1, "k", digest_of({"a": 1}), {"a": 1}, "done", None, 1, is_new=True)
    assert again == Entry(1, "k", digest_of({"a": 1}), {"a": 1}, "done", None, 2)
    assert journal.find("k") == again
    assert journal.find("other") is None
    journal.close()


def test_effects_are_listed_in_their_order_and_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "payments.sqlite"
    journal = SandboxJournal(path)
    waiting: list[Future[Entry]] = [journal.record(f"k{number}", {"n": number}) for number in range(600)]
    assert [future.result().seq for future in waiting] == list(range(1, 601))
    journal.close()
    again = SandboxJournal(path)
    assert again.count() == 600
    assert [entry.key for entry in again.entries(after=597)] == ["k597", "k598", "k599"]
    again.close()


def test_a_digest_does_not_depend_on_the_order_of_fields() -> None:
    assert digest_of({"a": 1, "b": "\ud800"}) == digest_of({"b": "\ud800", "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": "1"})


def test_a_journal_that_cannot_be_written_says_so_and_goes_on(tmp_path: Path) -> None:
    journal = SandboxJournal(tmp_path / "payments.sqlite")
    other = sqlite3.connect(tmp_path / "payments.sqlite")
    other.execute("ALTER TABLE effects RENAME TO away")
    other.commit()
    with pytest.raises(sqlite3.Error):
        journal.record("k", {}).result()
    other.execute("ALTER TABLE away RENAME TO effects")
    other.commit()
    other.close()
    assert journal.record("k", {}).result().is_new
    journal.close()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="--data"):
        SandboxJournal(tmp_path / "file" / "payments.sqlite")
