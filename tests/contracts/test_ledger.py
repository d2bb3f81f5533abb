"""The contract of the ledger, on SQLite and on PostgreSQL: whatever is done to its rows is found and named."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest

from casewright.adapters.journal import verification
from casewright.adapters.journal.chain import FaultKind
from casewright.adapters.journal.checkpoints import CHECKPOINT_FILE
from casewright.adapters.journal.ledger import Ledger, each_entry, each_head, read_entries
from casewright.adapters.journal.opening import catch_up, load_ledger_key, open_ledger
from casewright.adapters.journal.verification import Verification, verify_ledger
from casewright.adapters.store.engine import Database
from casewright.domain.audit import AuditName
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.action_subject import AT

KEY = bytes(range(32))
CASES = ("case-1", "case-2", "case-3")


def record(ledger: Ledger, database: Database, case: str, number: int, tenant: str = "main") -> None:
    ledger.record(database, tenant, case, AuditName.ACTION_DONE, {"number": number}, at=AT)


@pytest.fixture
def written(database: Database, tmp_path: Path) -> Database:
    """Three cases of five entries, with their checkpoints."""
    ledger = open_ledger(tmp_path, KEY)
    for number in range(5):
        for case in CASES:
            record(ledger, database, case, number)
    ledger.close()
    return database


def verify(database: Database, home: Path, key: bytes = KEY, processes: int = 1) -> Verification:
    return verify_ledger(database, key, home, processes=processes, timer=time.perf_counter)


def found(database: Database, home: Path) -> list[tuple[FaultKind, str, int | None]]:
    return [(fault.kind, fault.case_id, fault.seq) for fault in verify(database, home).faults]


def do(database: Database, *statements: str) -> None:
    def work(connection: object) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)  # type: ignore[attr-defined]

    database.write(work)


def test_what_was_recorded_is_sound(written: Database, tmp_path: Path) -> None:
    report = verify(written, tmp_path)
    assert (report.entries, report.cases, report.checkpoints, report.faults) == (15, 3, 3, ())
    assert report.is_sound


def test_entries_come_back_in_order_with_what_was_written(written: Database) -> None:
    entries = written.read(lambda each: read_entries(each, "main", "case-1"))
    assert [(entry.seq, json.loads(entry.body)) for entry in entries] == [
        (seq, {"number": seq - 1}) for seq in range(1, 6)
    ]
    assert written.read(lambda each: read_entries(each, "other", "case-1")) == ()


def test_entries_are_listed_by_tenant_and_case_in_order(written: Database, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, KEY)
    record(ledger, written, "case-0", 1, tenant="other")
    ledger.close()
    assert [(entry.case_id, entry.seq) for entry in each_entry(written, "main")] == [
        (case, seq) for case in CASES for seq in range(1, 6)
    ]
    assert [entry.case_id for entry in each_entry(written, "main", "case-2")] == ["case-2"] * 5
    assert [head.case_id for head in each_head(written)] == [*CASES, "case-0"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE ledger_entries SET body = '{\"number\":9}' WHERE case_id = 'case-2' AND seq = 3",
            "altered 3",
        ),
        ("UPDATE ledger_entries SET at = at + 1 WHERE case_id = 'case-2' AND seq = 1", "altered 1"),
        (
            "UPDATE ledger_entries SET name = 'case:action:failed' WHERE case_id = 'case-2' AND seq = 5",
            "altered 5",
        ),
        ("DELETE FROM ledger_entries WHERE case_id = 'case-2' AND seq = 3", "dropped 3"),
        ("DELETE FROM ledger_entries WHERE case_id = 'case-2' AND seq = 1", "dropped 1"),
        ("DELETE FROM ledger_entries WHERE case_id = 'case-2' AND seq > 3", "truncated 4"),
        ("UPDATE ledger_heads SET entries = 4 WHERE case_id = 'case-2'", "head_wrong 5"),
        ("UPDATE ledger_heads SET mac = 'x' WHERE case_id = 'case-2'", "head_wrong 5"),
        ("DELETE FROM ledger_heads WHERE case_id = 'case-2'", "head_wrong 5"),
    ],
)
def test_what_is_done_to_a_row_is_found_and_named(
    written: Database, tmp_path: Path, statement: str, expected: str
) -> None:
    do(written, statement)
    faults = [(kind.value, case, seq) for kind, case, seq in found(written, tmp_path)]
    kind, seq = expected.split()
    assert (kind, "case-2", int(seq)) in faults
    assert {case for _, case, _ in faults} == {"case-2"}


def test_two_entries_that_changed_places_are_found(written: Database, tmp_path: Path) -> None:
    do(
        written,
        "UPDATE ledger_entries SET seq = 99 WHERE case_id = 'case-2' AND seq = 2",
        "UPDATE ledger_entries SET seq = 2 WHERE case_id = 'case-2' AND seq = 3",
        "UPDATE ledger_entries SET seq = 3 WHERE case_id = 'case-2' AND seq = 99",
    )
    assert (FaultKind.ALTERED, "case-2", 2) in found(written, tmp_path)


CUT = (
    "DELETE FROM ledger_entries WHERE case_id = 'case-2' AND seq > 3",
    "UPDATE ledger_heads SET entries = 3, mac = (SELECT mac FROM ledger_entries WHERE case_id = 'case-2'"
    " AND seq = 3) WHERE case_id = 'case-2'",
)
"""The last two entries are gone, and the head agrees."""


def test_a_tail_cut_off_together_with_its_head_is_found_by_the_checkpoint(
    written: Database, tmp_path: Path
) -> None:
    do(written, *CUT)
    assert found(written, tmp_path) == [(FaultKind.TRUNCATED, "case-2", 4)]


def test_a_case_that_is_gone_altogether_is_found_by_the_checkpoint(written: Database, tmp_path: Path) -> None:
    do(
        written,
        "DELETE FROM ledger_entries WHERE case_id = 'case-2'",
        "DELETE FROM ledger_heads WHERE case_id = 'case-2'",
    )
    assert found(written, tmp_path) == [(FaultKind.CHAIN_MISSING, "case-2", None)]


def test_a_ledger_emptied_altogether_is_found(written: Database, tmp_path: Path) -> None:
    do(written, "DELETE FROM ledger_entries", "DELETE FROM ledger_heads")
    assert [case for _, case, _ in found(written, tmp_path)] == list(CASES)


def test_checkpoints_taken_away_are_missed(written: Database, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT_FILE).unlink()
    assert [kind for kind, _, _ in found(written, tmp_path)] == [FaultKind.CHECKPOINT_DROPPED]


def test_the_next_worker_writes_the_checkpoints_that_a_crash_prevented(
    written: Database, tmp_path: Path
) -> None:
    path = tmp_path / CHECKPOINT_FILE
    path.write_text("")
    ledger = open_ledger(tmp_path, KEY)
    assert catch_up(written, ledger, tmp_path, KEY) == 3
    ledger.close()
    assert verify(written, tmp_path).checkpoints == 3
    again = open_ledger(tmp_path, KEY)
    assert catch_up(written, again, tmp_path, KEY) == 0
    again.close()


def test_a_cut_tail_is_not_made_good_by_the_next_worker(written: Database, tmp_path: Path) -> None:
    do(written, *CUT)
    ledger = open_ledger(tmp_path, KEY)
    assert catch_up(written, ledger, tmp_path, KEY) == 0
    ledger.close()
    assert found(written, tmp_path) == [(FaultKind.TRUNCATED, "case-2", 4)]


def test_another_key_fits_no_entry(written: Database, tmp_path: Path) -> None:
    report = verify(written, tmp_path, bytes(32))
    assert len([fault for fault in report.faults if fault.kind is FaultKind.ALTERED]) == 15


def test_several_processes_find_what_one_finds(
    written: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = open_ledger(tmp_path, KEY)
    for number in range(20):
        record(ledger, written, f"more-{number}", 0)
    ledger.close()
    do(written, "DELETE FROM ledger_entries WHERE case_id = 'more-7'")
    do(written, *CUT)
    one = verify(written, tmp_path)
    monkeypatch.setattr(verification, "FEWEST_FOR_PROCESSES", 1)
    two = verify(written, tmp_path, processes=2)
    assert two.processes == 2
    assert sorted(map(str, two.faults)) == sorted(map(str, one.faults))
    assert (two.entries, two.cases) == (one.entries, one.cases)


def test_entries_added_at_once_to_one_case_make_one_chain(database: Database, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, KEY)
    barrier = Barrier(16)

    def work(number: int) -> Callable[[], None]:
        def run() -> None:
            barrier.wait(60)
            for step in range(5):
                record(ledger, database, "case-1", number * 10 + step)

        return run

    threads = [Thread(target=work(number)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    ledger.close()
    report = verify(database, tmp_path)
    assert (report.entries, report.cases, report.faults) == (80, 1, ())


def test_a_float_is_refused_and_nothing_is_written(database: Database, tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, KEY)
    with pytest.raises(TypeError, match="float"):
        ledger.record(database, "main", "c", AuditName.ACTION_DONE, {"share": 0.5}, at=AT)
    ledger.close()
    assert verify(database, tmp_path).entries == 0


def test_a_key_is_made_on_first_start_and_never_for_a_ledger_that_has_entries(
    written: Database, database: Database, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="put the key back"):
        load_ledger_key(written, tmp_path / "elsewhere", given=None)
    assert load_ledger_key(written, tmp_path / "elsewhere", given=KEY.hex()) == KEY
    do(written, "DELETE FROM ledger_entries")
    key = load_ledger_key(written, tmp_path / "elsewhere", given=None)
    assert load_ledger_key(written, tmp_path / "elsewhere", given=None) == key


def test_two_processes_that_take_turns_at_one_case_make_one_chain(database: Database, tmp_path: Path) -> None:
    one, two = open_ledger(tmp_path, KEY), open_ledger(tmp_path, KEY)
    for number in range(4):
        record(one, database, "case-1", number)
        record(two, database, "case-1", number)
        record(two, database, "case-1", number)
    one.close()
    two.close()
    report = verify(database, tmp_path)
    assert (report.entries, report.faults) == (12, ())


def test_a_case_that_a_restored_backup_no_longer_has_begins_again_and_is_missed(
    written: Database, tmp_path: Path
) -> None:
    ledger = open_ledger(tmp_path, KEY)
    record(ledger, written, "case-2", 5)
    do(
        written,
        "DELETE FROM ledger_entries WHERE case_id = 'case-2'",
        "DELETE FROM ledger_heads WHERE case_id = 'case-2'",
    )
    record(ledger, written, "case-2", 0)
    ledger.close()
    assert (FaultKind.TRUNCATED, "case-2", 2) in found(written, tmp_path)
