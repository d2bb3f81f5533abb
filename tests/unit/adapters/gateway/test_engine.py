"""An engine may be slow and may raise: it holds no more calls than it has seats, and is told when to stop."""

import threading

import pytest
from pydantic import BaseModel

from casewright.adapters.gateway.engine import EngineRequest, EngineSeats
from casewright.adapters.gateway.wire import Answer
from casewright.ports.text_model import AttemptOutcome, Message, Role


class Texts(BaseModel):
    reply: str


class Slow:
    """Writes until nobody waits any more."""

    def __init__(self) -> None:
        self.was_told = threading.Event()
        self.is_closed = False

    def answer(self, request: EngineRequest) -> Answer:
        for _ in range(3_000):
            if request.is_over():
                self.was_told.set()
                return Answer(failure=AttemptOutcome.TIMED_OUT)
            threading.Event().wait(0.01)
        raise AssertionError("nobody told it to stop")

    def close(self) -> None:
        self.is_closed = True


class Raises(Slow):
    def answer(self, request: EngineRequest) -> Answer:
        raise ZeroDivisionError("native")


def ask(seats: EngineSeats, timeout_s: float) -> Answer:
    return seats.ask([Message(Role.USER, "x")], Texts, max_tokens=5, temperature=None, timeout_s=timeout_s)


def test_a_late_engine_is_told_to_stop_and_its_seat_comes_back() -> None:
    engine = Slow()
    seats = EngineSeats(engine, 1)
    assert seats.take()
    assert not seats.take()
    assert ask(seats, 0.02).failure is AttemptOutcome.TIMED_OUT
    assert engine.was_told.wait(30)
    for _ in range(3_000):
        if seats.take():
            return
        threading.Event().wait(0.01)
    raise AssertionError("the seat did not come back")


def test_an_engine_that_raises_has_not_answered_and_its_seat_is_free() -> None:
    seats = EngineSeats(Raises(), 1)
    assert seats.take()
    assert ask(seats, 30).failure is AttemptOutcome.UNREACHABLE
    assert seats.take()


def test_a_machine_without_threads_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    seats = EngineSeats(Slow(), 1)
    assert seats.take()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert ask(seats, 30).failure is AttemptOutcome.UNREACHABLE
    assert seats.take()


def test_after_close_there_is_no_seat() -> None:
    engine = Slow()
    seats = EngineSeats(engine, 1)
    seats.close()
    assert engine.is_closed
    assert not seats.take()
