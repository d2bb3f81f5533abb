"""Events of work in a thread: in order, kept alive, ended in order, and stopped where nobody listens."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from casewright.api.event_stream import HEARTBEAT, CallerGone, Emit, stream_work, write_event
from casewright.domain.errors import NotFound

WAITS_S = 30


def describe(error: Exception) -> dict[str, object]:
    return {"error": type(error).__name__}


def in_thread(work: Callable[[Emit], Any]) -> Callable[[Emit], Coroutine[Any, Any, Any]]:
    async def run(emit: Emit) -> Any:
        return await asyncio.to_thread(work, emit)

    return run


async def collect(body: AsyncIterator[Any]) -> list[bytes]:
    return [bytes(piece) async for piece in body]


def test_an_event_is_one_line_of_json_whatever_stands_in_it() -> None:
    written = write_event("sentence", {"text": "one\ntwo\r\nevent: answer"})
    assert written.count(b"\n") == 3
    assert json.loads(written.split(b"data: ")[1]) == {"text": "one\ntwo\r\nevent: answer"}


def test_events_come_in_order_and_end_with_the_work() -> None:
    def work(emit: Emit) -> None:
        for number in range(3):
            emit("step", {"number": number})

    async def listen() -> list[bytes]:
        response = await stream_work(in_thread(work), describe)
        assert response.headers["content-type"].startswith("text/event-stream")
        return await collect(response.body_iterator)  # type: ignore[arg-type]

    assert asyncio.run(listen()) == [write_event("step", {"number": number}) for number in range(3)]


def test_what_goes_wrong_before_the_first_event_is_raised() -> None:
    def work(emit: Emit) -> None:
        raise NotFound("There is no such conversation.")

    with pytest.raises(NotFound):
        asyncio.run(stream_work(in_thread(work), describe))


def test_what_goes_wrong_later_is_the_last_event() -> None:
    def work(emit: Emit) -> None:
        emit("step", {})
        raise ValueError("secret detail")

    async def listen() -> list[bytes]:
        response = await stream_work(in_thread(work), describe)
        return await collect(response.body_iterator)  # type: ignore[arg-type]

    assert asyncio.run(listen()) == [write_event("step", {}), write_event("error", {"error": "ValueError"})]


def test_a_quiet_stream_is_kept_alive() -> None:
    may_end = threading.Event()

    def work(emit: Emit) -> None:
        emit("step", {})
        assert may_end.wait(WAITS_S)
        emit("answer", {})

    async def listen() -> list[bytes]:
        response = await stream_work(in_thread(work), describe, heartbeat_s=0.01)
        heard: list[bytes] = []
        async for piece in response.body_iterator:
            heard.append(bytes(piece))  # type: ignore[arg-type]
            if heard.count(HEARTBEAT) == 2:
                may_end.set()
        return heard

    heard = asyncio.run(listen())
    assert heard[0] == write_event("step", {})
    assert heard[-1] == write_event("answer", {})
    assert heard.count(HEARTBEAT) >= 2


def test_work_is_stopped_where_the_caller_has_gone() -> None:
    has_stopped = threading.Event()
    may_go_on = threading.Event()

    def work(emit: Emit) -> None:
        emit("step", {})
        assert may_go_on.wait(WAITS_S)
        try:
            emit("step", {})
        except CallerGone:
            has_stopped.set()
            raise

    async def leave() -> None:
        response = await stream_work(in_thread(work), describe)
        body = response.body_iterator
        await body.__anext__()
        await body.aclose()  # type: ignore[attr-defined]
        may_go_on.set()
        assert await asyncio.to_thread(has_stopped.wait, WAITS_S)
        assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    asyncio.run(leave())
