"""The contract of outbox and worker, on SQLite and on PostgreSQL: each message arrives once, or stays visible."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from casewright.adapters.journal.bell import PostgresBell, connection_string
from casewright.adapters.journal.opening import open_journal
from casewright.adapters.journal.outbox import (
    count_messages,
    list_dead_letters,
    mark_delivered,
    revive,
    take_messages,
)
from casewright.adapters.journal.tables import ACTIONS, OUTBOX
from casewright.adapters.journal.worker import MOST_TRIES, WorkDone
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.shop_tables import LABELS
from casewright.domain.action import Change, LabelRecord, OutboxMessage
from casewright.domain.errors import OutcomeUnknown, Unavailable, Undeliverable
from casewright.evaluation.action_hands import KEY, LEASE, Hands
from casewright.evaluation.action_subject import (
    MemoryConnector,
    MemoryGateway,
    make_order,
    make_request,
    plan_address,
    plan_cancel,
    plant_shop,
)


@pytest.fixture
def hands(database: Database, tmp_path: Path) -> Iterator[Hands]:
    hands = Hands(database, tmp_path / "home")
    yield hands
    hands.parts.close()


def queue(hands: Hands, number: int = 1) -> str:
    """Queue one message; its id."""
    plan = plan_address(make_order(number))
    result = hands.journal.execute(make_request(plan, number, tool="modify_address"))
    return f"{result.action_id}:out1"


def test_a_queued_message_is_delivered_under_its_own_id_and_is_on_the_ledger(hands: Hands) -> None:
    outbox_id = queue(hands)
    assert hands.work() == WorkDone(delivered=1)
    assert hands.mail.delivered == {
        outbox_id: ("address_changed", {"order_id": "o1", "address_token": "address_b"})
    }
    assert hands.names() == ["case:action:done", "case:delivery:done"]
    assert hands.work() == WorkDone()


def test_messages_of_actions_with_calls_go_out_after_the_action_has_ended(hands: Hands) -> None:
    hands.gateway.after.append(OutcomeUnknown("no answer"))
    hands.journal.execute(make_request(plan_cancel(make_order(1)), 1))
    assert hands.work() == WorkDone()
    hands.pass_time(seconds=5)
    assert hands.work() == WorkDone(settled=1, delivered=1)


@pytest.mark.parametrize("error", [Unavailable("away"), OutcomeUnknown("no answer")])
def test_a_service_that_is_away_gets_the_message_later_under_the_same_id(
    hands: Hands, error: Exception
) -> None:
    outbox_id = queue(hands)
    hands.mail.faults.extend([error, error])  # type: ignore[list-item]
    tried = []
    for second in range(8):
        if hands.work() != WorkDone():
            tried.append(second)
        hands.pass_time(seconds=1)
    assert tried == [0, 1, 3]
    assert hands.mail.calls == [outbox_id] * 3
    assert len(hands.mail.delivered) == 1


def test_what_cannot_be_delivered_is_a_dead_letter_at_once_and_can_be_queued_again(hands: Hands) -> None:
    outbox_id = queue(hands)
    hands.mail.faults.append(Undeliverable("refused", code="refused"))
    assert hands.work() == WorkDone(dead=1)
    (letter,) = hands.database.read(list_dead_letters)
    assert (letter.outbox_id, letter.trouble, letter.connector) == (outbox_id, "refused", "courier")
    assert hands.names()[-1] == "case:delivery:dead"
    assert hands.work() == WorkDone()
    assert hands.database.write(lambda each: revive(each, outbox_id, hands.now))
    assert hands.work() == WorkDone(delivered=1)
    assert hands.database.read(count_messages) == {"delivered": 1}
    assert not hands.database.write(lambda each: revive(each, outbox_id, hands.now))


def test_a_service_that_stays_away_makes_a_dead_letter_in_the_end(hands: Hands) -> None:
    queue(hands)
    hands.mail.faults.extend([Unavailable("away")] * MOST_TRIES)
    for _ in range(MOST_TRIES):
        hands.work()
        hands.pass_time(seconds=300)
    (letter,) = hands.database.read(list_dead_letters)
    assert (letter.tries, letter.trouble) == (MOST_TRIES, "unavailable")


def test_a_message_to_nobody_is_a_dead_letter(hands: Hands) -> None:
    hands.journal.execute(make_request(plan_address(make_order(1)), 1))
    hands.database.write(lambda each: each.execute(update(OUTBOX).values(connector="pigeon")))
    assert hands.work() == WorkDone(dead=1)
    (letter,) = hands.database.read(list_dead_letters)
    assert letter.trouble == "connector_unknown"


def test_the_couriers_tracking_id_comes_back_to_its_label(hands: Hands) -> None:
    order = make_order(1)
    plan = plan_address(order)
    label = LabelRecord("lb1", "o1", ("l1",))
    message = OutboxMessage("courier", "return_label", {"label_id": "lb1"})
    plan = type(plan)(plan.decision, "allow", change=Change(order=order, label=label), outbox=(message,))
    hands.journal.execute(make_request(plan, 1))
    hands.work()
    assert hands.database.read(lambda each: each.execute(select(LABELS.c.tracking_id)).scalar_one()) == "T0"


def test_a_lapsed_lease_is_taken_over_and_the_slow_holder_writes_nothing(hands: Hands) -> None:
    queue(hands)
    start, end = hands.now, hands.now + LEASE
    (slow,) = hands.database.write(lambda each: take_messages(each, start, end, 10))
    assert hands.work() == WorkDone()
    hands.pass_time(seconds=61)
    assert hands.work() == WorkDone(delivered=1)
    ledger = hands.parts.ledger
    late = hands.database.write(lambda each: mark_delivered(each, slow, {}, ledger, hands.now))
    assert late is None
    assert hands.names().count("case:delivery:done") == 1


def test_an_action_of_a_newer_version_is_left_alone(hands: Hands) -> None:
    hands.gateway.after.append(OutcomeUnknown("no answer"))
    hands.journal.execute(make_request(plan_cancel(make_order(1)), 1))
    hands.database.write(
        lambda each: each.execute(update(ACTIONS).values(document='{"schema_version":99,"plan":{}}'))
    )
    hands.pass_time(seconds=5)
    assert hands.work() == WorkDone()


def test_several_workers_at_once_deliver_every_message_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    hands = Hands(database, tmp_path / "home")
    plant_shop(database, range(10, 60))
    for number in range(10, 60):
        queue(hands, number)
    others = [open_database(database_url) for _ in range(3)]
    parts = [
        open_journal(
            each,
            MemoryGateway(),
            lambda tenant, name: hands.mail,
            home=tmp_path / "home",
            ledger_key=KEY,
            clock=lambda: hands.now,
            lease=timedelta(hours=1),
        )
        for each in others
    ]
    barrier, done = Barrier(3), []

    def work(number: int) -> None:
        barrier.wait(60)
        done.append(parts[number].worker.run_once())

    threads = [Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    assert sum(done, WorkDone()) == WorkDone(delivered=50)
    assert len(hands.mail.calls) == len(set(hands.mail.calls)) == 50
    for part, other in zip(parts, others, strict=True):
        part.close()
        other.close()
    hands.parts.close()


def test_a_working_worker_hears_of_a_message_and_stops_when_told(hands: Hands) -> None:
    stop = threading.Event()
    worker = Thread(target=hands.parts.worker.run, args=(stop,))
    worker.start()
    queue(hands)
    arrived = threading.Event()
    for _ in range(6000):
        if hands.mail.delivered or arrived.wait(0.01):
            break
    stop.set()
    hands.parts.bell.ring()
    worker.join(60)
    assert not worker.is_alive()
    assert len(hands.mail.delivered) == 1


def test_the_bell_of_postgresql_is_heard_in_another_process_s_connection(postgres_url: str) -> None:
    database = open_database(postgres_url)
    near, far = (PostgresBell(connection_string(database)) for _ in range(2))
    assert far.wait(0), "what was queued before anybody listened"
    near.ring()
    assert far.wait(60)
    near.close()
    far.close()
    database.close()


def test_a_bell_without_its_server_rings_and_waits_in_vain_and_breaks_nothing() -> None:
    bell = PostgresBell("postgresql://nobody@/nothing?host=/nowhere")
    bell.ring()
    assert not bell.wait(0.01)
    bell.close()


def test_a_worker_waits_for_a_database_that_is_away_and_says_so(hands: Hands) -> None:
    connector = MemoryConnector()
    said: list[str] = []
    stop = threading.Event()

    class Away:
        dialect = "sqlite"

        def write(self, work: object) -> object:
            stop.set()
            raise Unavailable("the database does not answer")

    hands.parts.worker._database = Away()  # type: ignore[assignment]
    hands.parts.worker._poll_s = 0
    hands.parts.worker.run(stop, said.append)
    assert said == ["the database does not answer"]
    assert connector.calls == []
