import threading
import time

import httpx2
import pytest

from casewright.adapters.gateway.connections import Connections
from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode
from casewright.ports.text_model import AttemptOutcome

VERIFY = httpx2.create_ssl_context()


def test_no_more_slots_than_the_cap() -> None:
    connections = Connections(1, VERIFY)
    slot = connections.take()
    assert slot is not None
    assert connections.take() is None
    connections.give_back(slot)
    assert connections.take() is slot


def test_a_slot_with_a_broken_connection_is_replaced() -> None:
    connections = Connections(1, VERIFY)
    slot = connections.take()
    assert slot is not None
    connections.give_back(slot, is_sound=False)
    replacement = connections.take()
    assert replacement is not None
    assert replacement is not slot


def test_after_close_there_are_no_slots() -> None:
    connections = Connections(2, VERIFY)
    used, idle = connections.take(), connections.take()
    assert used is not None
    assert idle is not None
    connections.give_back(idle)
    connections.close()
    connections.give_back(used)
    assert connections.take() is None


def test_a_cut_meant_for_a_call_that_ended_leaves_the_next_call_alone() -> None:
    with MisbehavingProvider() as server:
        connections = Connections(1, VERIFY)
        slot = connections.take()
        assert slot is not None
        old_call = slot.begin()
        assert slot.end()
        slot.begin()
        slot.cut(old_call)
        exchange = slot.exchange(server.base_url, {}, b"{}", time.monotonic() + 1)
        assert (exchange.status, exchange.failure) == (200, None)
        assert slot.end()


def test_a_cut_call_ends_and_its_connection_serves_no_other() -> None:
    with MisbehavingProvider(Mode.HANG) as server:
        connections = Connections(1, VERIFY)
        slot = connections.take()
        assert slot is not None
        call = slot.begin()
        threading.Timer(0.1, slot.cut, (call,)).start()
        started = time.monotonic()
        exchange = slot.exchange(server.base_url, {}, b"{}", started + 60)
        assert exchange.failure is AttemptOutcome.UNREACHABLE
        assert time.monotonic() - started < 30  # cut after 0.1 s; 60 s without the cut
        assert not slot.end()


@pytest.mark.parametrize("key", ["bad\nkey", "clé"])
def test_a_header_that_cannot_be_sent_is_an_outcome_and_no_error(key: str) -> None:
    with MisbehavingProvider() as server:
        connections = Connections(1, VERIFY)
        slot = connections.take()
        assert slot is not None
        exchange = connections.post(slot, server.base_url, {"Authorization": key}, b"{}", 1)
        assert exchange.failure is AttemptOutcome.UNREACHABLE


def test_a_machine_without_threads_is_an_outcome_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    connections = Connections(1, VERIFY)
    slot = connections.take()
    assert slot is not None
    monkeypatch.setattr(threading.Thread, "start", refuse)
    exchange = connections.post(slot, "http://127.0.0.1:9/v1", {}, b"{}", 1)
    assert exchange.failure is AttemptOutcome.UNREACHABLE
    assert connections.take() is slot
