"""The contract of CaseRecords, run on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from casewright.adapters.store.cases import StoredCases, insert_cases
from casewright.adapters.store.engine import Database
from casewright.ports.cases import CaseRecords, CaseState, StoredCase

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DECISION = {"schema_version": 1, "ruleset": "orders@2026-01-01", "facts": {"is_pending": True, "days": None}}
CASE = StoredCase("c1", "orders", "cancel_order", CaseState.OPEN, AT, AT, "ann", DECISION)


@pytest.fixture
def cases(database: Database) -> CaseRecords:
    return StoredCases(database, "main")


def test_a_case_is_found_as_it_was_saved(cases: CaseRecords) -> None:
    cases.save(CASE)
    bare = replace(CASE, case_id="c2", customer_id=None, decision=None)
    cases.save(bare)
    assert cases.find("c1") == CASE
    assert cases.find("c2") == bare


def test_an_unknown_case_and_another_tenants_are_not_found(cases: CaseRecords, database: Database) -> None:
    cases.save(CASE)
    other = StoredCases(database, "other")
    assert cases.find("c9") is None
    assert other.find("c1") is None
    assert other.of_customer("ann") == ()


def test_a_case_saved_again_changes_but_stays_opened_when_it_was(cases: CaseRecords) -> None:
    cases.save(CASE)
    later = AT + timedelta(hours=1)
    changed = replace(CASE, state=CaseState.RESOLVED, opened_at=later, changed_at=later, decision=None)
    cases.save(changed)
    assert cases.find("c1") == replace(changed, opened_at=AT)


def test_saving_a_case_leaves_another_tenants_of_the_same_id(cases: CaseRecords, database: Database) -> None:
    StoredCases(database, "other").save(replace(CASE, subject="other"))
    cases.save(CASE)
    found = StoredCases(database, "other").find("c1")
    assert found is not None
    assert found.subject == "other"


def test_a_decision_carries_the_version_of_its_schema(cases: CaseRecords) -> None:
    cases.save(replace(CASE, decision={"outcome": "allow"}))
    found = cases.find("c1")
    assert found is not None
    assert found.decision == {"schema_version": 1, "outcome": "allow"}


def test_a_customers_cases_come_last_changed_first(cases: CaseRecords, database: Database) -> None:
    some = [
        replace(CASE, case_id=f"c{number}", changed_at=AT + timedelta(minutes=number)) for number in range(4)
    ]
    some.append(replace(CASE, case_id="c9", customer_id="bob"))
    assert database.write(lambda connection: insert_cases(connection, "main", some)) == 5
    assert [case.case_id for case in cases.of_customer("ann")] == ["c3", "c2", "c1", "c0"]
    assert [case.case_id for case in cases.of_customer("ann", limit=2)] == ["c3", "c2"]
    assert cases.of_customer("zoe") == ()


def test_savers_at_once_of_one_new_case_all_succeed(cases: CaseRecords) -> None:
    threads = [
        Thread(target=cases.save, args=(replace(CASE, subject=f"subject {number}"),)) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    found = cases.find("c1")
    assert found is not None
    assert found.subject.startswith("subject ")
