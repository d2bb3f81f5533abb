"""Answers on the record in both databases: turn, case and entries together, one writer at a time, one's own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casewright.adapters.journal.answer_records import AnswerRecords
from casewright.adapters.journal.ledger import Ledger, read_entries
from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.store.cases import StoredCases
from casewright.adapters.store.tenants import has_rows
from casewright.domain.answer import Memory
from casewright.domain.audit import AuditEvent, AuditName
from casewright.domain.copilot import CopilotConversation, CopilotTurn, ListedConversation
from casewright.ports.cases import CaseState, StoredCase

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
CONVERSATION = CopilotConversation(
    "conv-1", "usr-1", AT, AT, Memory(("c-1",), ("c-2", "c-3"), "recommendation", spend_minor=5), turns=1
)


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    ledger = open_ledger(tmp_path, bytes(32))
    yield ledger
    ledger.close()


@pytest.fixture
def records(database: Any, ledger: Ledger) -> AnswerRecords:
    return AnswerRecords(database, ledger, "main")


def turn(number: int = 1) -> CopilotTurn:
    return CopilotTurn(number, f"case-{number}", AT, "What now?", {"message": "এই", "citations": [1]})


def case(number: int = 1) -> StoredCase:
    return StoredCase(f"case-{number}", "sales", "facts", CaseState.RESOLVED, AT, AT, decision={"kind": "x"})


def events(number: int = 1) -> tuple[AuditEvent, ...]:
    name = f"case-{number}"
    return (
        AuditEvent(AuditName.REQUEST_READ, name, {"kind": "facts"}),
        AuditEvent(AuditName.REPLY_WRITTEN, name, {"source": "template"}),
    )


def entries_of(database: Any, case_id: str) -> list[str]:
    found: list[str] = database.read(
        lambda connection: [each.name for each in read_entries(connection, "main", case_id)]
    )
    return found


def test_turn_case_and_entries_are_kept_together(records: AnswerRecords, database: Any) -> None:
    assert records.keep(CONVERSATION, turn(), case(), events())
    assert records.find("conv-1", "usr-1") == replace(CONVERSATION, version=1)
    assert records.turns("conv-1") == (turn(),)
    stored = StoredCases(database, "main").find("case-1")
    assert stored is not None
    assert stored.decision == {"kind": "x", "schema_version": 1}
    assert entries_of(database, "case-1") == ["case:request:read", "case:reply:written"]


def test_of_two_turns_read_at_one_version_one_is_kept_and_the_other_leaves_nothing(
    records: AnswerRecords, database: Any
) -> None:
    assert records.keep(CONVERSATION, turn(), case(), events())
    read = records.find("conv-1", "usr-1")
    assert read is not None
    second = replace(read, turns=2)
    assert records.keep(second, turn(2), case(2), events(2))
    assert not records.keep(second, turn(3), case(3), events(3))
    assert [kept.number for kept in records.turns("conv-1")] == [1, 2]
    assert StoredCases(database, "main").find("case-3") is None
    assert entries_of(database, "case-3") == []


def test_another_owner_and_another_tenant_find_nothing_and_remove_nothing(
    records: AnswerRecords, database: Any, ledger: Ledger
) -> None:
    records.keep(CONVERSATION, turn(), case(), events())
    abroad = AnswerRecords(database, ledger, "other")
    assert records.find("conv-1", "usr-2") is None
    assert abroad.find("conv-1", "usr-1") is None
    assert abroad.turns("conv-1") == ()
    assert not records.delete("conv-1", "usr-2")
    assert not abroad.delete("conv-1", "usr-1")
    assert not records.keep(replace(CONVERSATION, owner="usr-2", version=1), turn(9), case(9), events(9))


def test_a_removed_conversation_is_gone_and_its_case_stays(records: AnswerRecords, database: Any) -> None:
    records.keep(CONVERSATION, turn(), case(), events())
    assert records.delete("conv-1", "usr-1")
    assert records.find("conv-1", "usr-1") is None
    assert records.turns("conv-1") == ()
    assert StoredCases(database, "main").find("case-1") is not None
    assert len(entries_of(database, "case-1")) == 2


def test_own_conversations_come_by_pages_those_that_changed_last_first(
    records: AnswerRecords, database: Any, ledger: Ledger
) -> None:
    for number, owner, minutes in ((1, "usr-1", 0), (2, "usr-1", 5), (3, "usr-1", 5), (4, "usr-2", 9)):
        changed = AT + timedelta(minutes=minutes)
        opened = replace(CONVERSATION, conversation_id=f"conv-{number}", owner=owner, changed_at=changed)
        assert records.keep(opened, replace(turn(), question=f"Q{number}?"), case(number), events(number))
    first = records.owned_by("usr-1", limit=2)
    assert first == (
        ListedConversation("conv-3", AT, AT + timedelta(minutes=5), 1, "Q3?"),
        ListedConversation("conv-2", AT, AT + timedelta(minutes=5), 1, "Q2?"),
    )
    rest = records.owned_by("usr-1", limit=2, after=(first[-1].changed_at, first[-1].conversation_id))
    assert [each.conversation_id for each in rest] == ["conv-1"]
    assert AnswerRecords(database, ledger, "other").owned_by("usr-1", limit=9) == ()


def test_tenant_is_there_once_something_is_its(records: AnswerRecords, database: Any) -> None:
    assert not has_rows(database, "main")
    records.keep(CONVERSATION, turn(), case(), events())
    assert has_rows(database, "main")
    assert not has_rows(database, "other")
