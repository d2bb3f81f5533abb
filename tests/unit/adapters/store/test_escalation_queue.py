"""The queue of escalations: the one that is due first in front, closed for good, one tenant's own."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from casewright.adapters.store.engine import Database
from casewright.adapters.store.escalation_queue import StoredEscalations
from casewright.adapters.store.shop_tables import ESCALATIONS
from casewright.adapters.store.times import to_micros

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def queue(database: Database) -> StoredEscalations:
    rows = [
        {
            "tenant": tenant,
            "escalation_id": name,
            "case_id": f"case-{name}",
            "queue": where,
            "reason": "anger",
            "summary": "s",
            "owner": None,
            "order_id": None,
            "customer_id": "c-1",
            "action_id": "a-1",
            "at": to_micros(AT),
            "due_at": to_micros(AT + timedelta(hours=hours)),
        }
        for tenant, name, where, hours in (
            ("main", "e-late", "care", 8),
            ("main", "e-soon", "care", 2),
            ("main", "e-fraud", "fraud", 4),
            ("shop-2", "e-soon", "care", 1),
        )
    ]
    database.write(lambda connection: connection.execute(insert(ESCALATIONS), rows))
    return StoredEscalations(database, "main")


def test_the_one_that_is_due_first_stands_in_front(queue: StoredEscalations) -> None:
    assert [item.record.escalation_id for item in queue.waiting()] == ["e-soon", "e-fraud", "e-late"]
    assert [item.record.escalation_id for item in queue.waiting(queue="care", limit=1)] == ["e-soon"]
    assert queue.waiting(queue="care")[0].opened_at == AT


def test_a_case_is_given_to_a_person_and_closed_once(queue: StoredEscalations) -> None:
    assert queue.assign("e-soon", "agent-1")
    assert [item.record.escalation_id for item in queue.waiting(owner="agent-1")] == ["e-soon"]
    assert queue.resolve("e-soon", "refunded", AT)
    assert not queue.resolve("e-soon", "again", AT)
    assert not queue.assign("e-soon", "agent-2")
    assert (queue.is_with_person("case-e-soon"), queue.is_with_person("case-e-late")) == (False, True)
    found = queue.find("e-soon")
    assert found is not None
    assert (found.resolution, found.closed_at, found.record.owner) == ("refunded", AT, "agent-1")
    assert len(queue.waiting()) == 2


def test_another_tenants_case_is_not_there(queue: StoredEscalations, database: Database) -> None:
    other = StoredEscalations(database, "shop-2")
    assert other.find("e-late") is None
    assert not other.assign("e-late", "agent-1")
    assert queue.resolve("e-soon", "done", AT)
    assert len(other.waiting()) == 1
