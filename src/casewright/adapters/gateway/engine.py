"""Engine: a provider in this process instead of behind a server: the local model, or a script of a test.

An engine may be slow and may raise; it is asked in a thread of its own, told when to stop, and bounded in
how many calls it may hold, as a server is.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel

from casewright.adapters.gateway.deadline import call_within
from casewright.adapters.gateway.wire import Answer
from casewright.ports.text_model import AttemptOutcome, Message


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """What an engine is asked."""

    messages: Sequence[Message] = field(repr=False)
    output: type[BaseModel]
    max_tokens: int
    temperature: float | None
    is_over: Callable[[], bool]
    """Whether nobody waits any more: an engine that writes looks at it as it goes."""


class Engine(Protocol):
    """A model in this process."""

    def answer(self, request: EngineRequest) -> Answer:
        """Text or an outcome. May raise, which counts as no answer."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class EngineSeats:
    """The calls that an engine may have in flight. Thread-safe."""

    def __init__(self, engine: Engine, max_in_flight: int) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._free = max_in_flight
        self._is_closed = False

    def take(self) -> bool:
        """A seat, or none while as many calls as allowed are in flight."""
        with self._lock:
            if self._free <= 0 or self._is_closed:
                return False
            self._free -= 1
            return True

    def give_back(self) -> None:
        with self._lock:
            self._free += 1

    def ask(
        self,
        messages: Sequence[Message],
        output: type[BaseModel],
        *,
        max_tokens: int,
        temperature: float | None,
        timeout_s: float,
    ) -> Answer:
        """One answer within `timeout_s`; takes the seat over and gives it back when the engine is done."""
        deadline_s = time.monotonic() + timeout_s
        has_left = threading.Event()

        def is_over() -> bool:
            return has_left.is_set() or time.monotonic() >= deadline_s

        def work() -> Answer:
            try:
                request = EngineRequest(messages, output, max_tokens, temperature, is_over)
                return self._engine.answer(request)
            except TimeoutError:
                return Answer(failure=AttemptOutcome.TIMED_OUT)
            finally:
                self.give_back()

        def late() -> Answer:
            has_left.set()
            return Answer(failure=AttemptOutcome.TIMED_OUT)

        def failed() -> Answer:
            return Answer(failure=AttemptOutcome.UNREACHABLE)

        try:
            return call_within(work, timeout_s, late=late, failed=failed)
        except RuntimeError:  # the machine gives no more threads
            self.give_back()
            return failed()

    def close(self) -> None:
        """No more calls; what is in flight ends by itself."""
        with self._lock:
            self._is_closed = True
        self._engine.close()
