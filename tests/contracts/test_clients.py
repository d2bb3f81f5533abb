"""Clients in both databases: whole changes, each tenant's own, a generation that says when to look again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from casewright.adapters.store.client_records import StoredClients, read_lookup_mark
from casewright.domain.client import Client
from casewright.domain.money import Money

AT = datetime(2026, 7, 1, tzinfo=UTC)
LUMEN = Client("c-1", "Lumen Foods", "fmcg", Money(12_000_000, "BDT"), date(2026, 3, 5), "Team North")
UNKNOWN = Client("c-2", "Café Solène", None, None, None, None)


@pytest.fixture
def clients(database: Any) -> StoredClients:
    return StoredClients(database, "main")


def test_what_is_kept_comes_back_as_it_was(clients: StoredClients) -> None:
    assert clients.put([UNKNOWN, LUMEN], at=AT) == 2
    assert clients.find("c-1") == LUMEN
    assert clients.find("c-2") == UNKNOWN
    assert clients.find("c-3") is None
    assert clients.names() == [("c-1", "Lumen Foods"), ("c-2", "Café Solène")]


def test_a_known_client_is_brought_up_to_date_and_others_stay(clients: StoredClients) -> None:
    clients.put([LUMEN, UNKNOWN], at=AT)
    changed = Client("c-1", "Lumen Foods Ltd", "fmcg", None, None, None)
    clients.put([changed], at=AT)
    assert clients.find("c-1") == changed
    assert len(clients.names()) == 2


def test_a_whole_list_takes_away_who_is_not_in_it(clients: StoredClients) -> None:
    clients.put([LUMEN, UNKNOWN], at=AT)
    clients.put([UNKNOWN], at=AT, is_whole=True)
    assert clients.names() == [("c-2", "Café Solène")]


def test_every_change_is_a_new_generation(clients: StoredClients) -> None:
    assert clients.generation() == 0
    clients.put([LUMEN], at=AT)
    clients.put([LUMEN], at=AT)
    assert clients.generation() == 2


def test_another_tenant_sees_and_changes_nothing(clients: StoredClients, database: Any) -> None:
    clients.put([LUMEN], at=AT)
    abroad = StoredClients(database, "other")
    assert (abroad.names(), abroad.find("c-1"), abroad.generation()) == ([], None, 0)
    abroad.put([], at=AT, is_whole=True)
    assert clients.find("c-1") == LUMEN
    assert clients.generation() == 1


def test_a_change_that_fails_leaves_nothing(clients: StoredClients) -> None:
    clients.put([LUMEN], at=AT)
    wrong = Client("c-9", "Wrong", None, Money(-1, "BDT"), None, None)
    with pytest.raises(IntegrityError):
        clients.put([UNKNOWN, wrong], at=AT, is_whole=True)
    assert clients.names() == [("c-1", "Lumen Foods")]
    assert clients.generation() == 1


def test_the_mark_of_a_tenant_is_drawn_once(database: Any) -> None:
    assert [read_lookup_mark(database, "main", drawn) for drawn in ("mark_1", "mark_2")] == ["mark_1"] * 2
    assert read_lookup_mark(database, "other", "mark_3") == "mark_3"
