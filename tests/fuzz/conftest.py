"""The application called in process, request by request, with a clock and a watch on its log."""

import asyncio
import io
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest
import structlog

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.evaluation.request_contract import HttpAnswer, expect_status, find_faults, find_logged
from casewright.evaluation.request_fuzz import Attempt
from casewright.service.warm_up import warm_up
from casewright.settings import load_settings

LIMIT_S = 1.0
"""Seconds of this thread's own work: suites run beside each other, and their turns are not the service's."""
TRACED_LIMIT_S = 3.0
"""Under a coverage tracer, which more than doubles every time."""
HANGS_AFTER_S = 10
"""Seconds on the wall, whoever's they are."""
TENTH = 0.1
PATH = "/analyze-ticket"


@pytest.fixture(scope="session")
def size() -> Callable[[int], int]:
    """From the full size of a suite to the size of this run: all, a share that is set, or a tenth."""
    share = float(os.environ.get("CASEWRIGHT_SUITE_SHARE", TENTH))
    if os.environ.get("CASEWRIGHT_FULL"):
        share = 1.0
    return lambda full: max(1, round(full * share))


@dataclass
class Door:
    """The ASGI application, and what it wrote in its log since the last look."""

    app: Any
    log: io.StringIO
    loop: asyncio.AbstractEventLoop
    tries: int = 0
    slowest: tuple[float, str] = (0.0, "")
    statuses: dict[int, int] = field(default_factory=dict)

    def call(self, attempt: Attempt) -> tuple[HttpAnswer, float]:
        """One request: its answer, and the seconds of work until the answer was whole."""
        signal.alarm(HANGS_AFTER_S)
        try:
            return self.loop.run_until_complete(ask(self.app, attempt))
        finally:
            signal.alarm(0)

    def examine(self, attempt: Attempt) -> list[str]:
        """What is wrong with the answer to an attempt, its time, or what was logged of it."""
        self.log.seek(0)
        self.log.truncate()
        try:
            answer, seconds = self.call(attempt)
        except BaseException as error:
            error.add_note(attempt.describe())
            raise
        faults = find_logged(self.log.getvalue().splitlines(), attempt.secrets)
        expected = expect_status(attempt.body, declared_length(attempt))
        faults += find_faults(answer, attempt.body, attempt.secrets, expected=expected)
        limit_s = LIMIT_S if sys.gettrace() is None else TRACED_LIMIT_S
        if seconds > limit_s:  # once may be the machine's fault
            seconds = min(seconds, *(self.call(attempt)[1] for _ in range(2)))
            faults += [f"took {seconds:.2f} s"] if seconds > limit_s else []
        self.tries += 1
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        self.slowest = max(self.slowest, (seconds, f"attempt {attempt.number} of seed {attempt.seed}"))
        return faults

    def report(self) -> str:
        """Counts for the record of the suite."""
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        return f"{self.tries} tries ({statuses}); slowest {self.slowest[0]:.3f} s, {self.slowest[1]}"


async def ask(app: Any, attempt: Attempt) -> tuple[HttpAnswer, float]:
    """Speak ASGI for one request, whose body arrives in pieces."""
    step = max(1, -(-len(attempt.body) // attempt.pieces))
    pieces = [attempt.body[at : at + step] for at in range(0, len(attempt.body), step)] or [b""]
    waiting = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode("ascii"),
        "root_path": "",
        "query_string": b"",
        "headers": list(attempt.headers),
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8080),
        "state": {},
    }
    started = time.thread_time()
    await app(scope, receive, send)
    seconds = time.thread_time() - started
    head, *rest = sent
    body = b"".join(message.get("body", b"") for message in rest)
    return HttpAnswer(head["status"], tuple(head["headers"]), body), seconds


def declared_length(attempt: Attempt) -> bytes:
    """The length that the headers claim, which need not be the body's."""
    return next((value for name, value in attempt.headers if name == b"content-length"), b"")


def _give_up(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"no answer within {HANGS_AFTER_S} s")


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """The application as it is served, with a log at its most talkative."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("debug", stream)
    previous = signal.signal(signal.SIGALRM, _give_up)
    loop = asyncio.new_event_loop()
    application = build_application(load_settings())
    warm_up(application)
    door = Door(build_http_door(application), stream, loop)
    try:
        first = Attempt(0, 0, (), b'{"ticket_id": "T", "complaint": "I sent 500 taka to a wrong number"}')
        assert door.call(first)[0].status == 200
        yield door
    finally:
        loop.close()
        signal.signal(signal.SIGALRM, previous)
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the suites counted, under the results."""
    for outcome in ("passed", "failed"):
        for result in terminalreporter.stats.get(outcome, ()):
            for name, value in result.user_properties:
                if name == "tries":
                    terminalreporter.write_line(f"{result.nodeid.rpartition('::')[2]}: {value}")
