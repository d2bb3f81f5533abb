"""Server-sent events of one piece of work that blocks: told as it goes, from a thread to the wire.

Invariants: what goes wrong before the first event is an ordinary error answer; afterwards it is an `error`
event, and the stream ends. A quiet stream is kept alive by comments. Where the caller has gone, the next
thing that the work tells raises `CallerGone` in it, so that it ends and nothing waits for nobody.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from starlette.responses import StreamingResponse

Emit = Callable[[str, Mapping[str, object]], None]
DescribeError = Callable[[Exception], Mapping[str, object]]
HEARTBEAT_S = 10.0
HEARTBEAT = b": still here\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
MEDIA_TYPE = "text/event-stream"
_END: Final = None


class CallerGone(Exception):
    """Nobody listens any more."""


class EventRelay:
    """Events from a thread to the event loop that made this."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._is_gone = threading.Event()

    def emit(self, kind: str, data: Mapping[str, object]) -> None:
        """Send an event, from any thread. Raises CallerGone."""
        if self._is_gone.is_set():
            raise CallerGone
        self._loop.call_soon_threadsafe(self._queue.put_nowait, write_event(kind, data))

    def end(self) -> None:
        """Nothing more comes; called on the event loop."""
        self._queue.put_nowait(_END)

    def leave(self) -> None:
        """The caller has gone."""
        self._is_gone.set()

    async def next(self) -> bytes | None:
        """The next event; None at the end."""
        return await self._queue.get()


async def stream_work(
    run: Callable[[Emit], Any], describe_error: DescribeError, *, heartbeat_s: float = HEARTBEAT_S
) -> StreamingResponse:
    """An answer that tells of `run(emit)`, a coroutine function whose work happens in a thread.

    Raises what the work raises before its first event.
    """
    relay = EventRelay()
    work: asyncio.Task[Any] = asyncio.ensure_future(run(relay.emit))
    work.add_done_callback(lambda _: relay.end())
    try:
        first = await relay.next()
    except BaseException:
        relay.leave()
        work.cancel()
        raise
    if first is _END:
        work.result()
    return StreamingResponse(
        _relay(relay, work, first, describe_error, heartbeat_s), headers=HEADERS, media_type=MEDIA_TYPE
    )


async def _relay(
    relay: EventRelay,
    work: "asyncio.Task[Any]",
    first: bytes | None,
    describe_error: DescribeError,
    heartbeat_s: float,
) -> AsyncIterator[bytes]:
    event = first
    waiting: asyncio.Task[bytes | None] | None = None
    try:
        while event is not _END:
            yield event
            waiting = asyncio.ensure_future(relay.next())
            while not (await asyncio.wait({waiting}, timeout=heartbeat_s))[0]:
                yield HEARTBEAT
            event = waiting.result()
        error = work.exception()
        if isinstance(error, Exception):
            yield write_event("error", describe_error(error))
    finally:
        relay.leave()
        if waiting is not None:
            waiting.cancel()
        if not work.done():
            work.cancel()


def write_event(kind: str, data: Mapping[str, object]) -> bytes:
    """One event: its kind, and its data as JSON on one line."""
    return f"event: {kind}\ndata: {json.dumps(data, separators=(',', ':'), default=str)}\n\n".encode()
