import threading

import pytest

from casewright.adapters.gateway.deadline import call_within


def test_work_in_time_is_the_answer() -> None:
    assert call_within(lambda: "done", 30, late=lambda: "late", failed=lambda: "failed") == "done"


def test_whoever_waits_walks_away_from_work_that_is_late() -> None:
    may_end = threading.Event()

    def work() -> str:
        assert may_end.wait(30)
        return "done"

    assert call_within(work, 0.01, late=lambda: "late", failed=lambda: "failed") == "late"
    may_end.set()


def test_work_that_raises_is_told_at_once() -> None:
    def work() -> str:
        raise RecursionError("native")

    assert call_within(work, 30, late=lambda: "late", failed=lambda: "failed") == "failed"


def test_a_machine_without_threads_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError):
        call_within(lambda: "done", 30, late=lambda: "late", failed=lambda: "failed")
