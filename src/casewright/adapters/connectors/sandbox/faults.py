"""Faults on demand: what a sandbox service does wrong with the next requests.

A fault is set for a service and a number of requests (`PUT /faults`), or sent with one request in the
`Sandbox-Fault` header. Faults live in memory: a sandbox that is started again behaves well.
"""

import threading
from dataclasses import dataclass
from enum import StrEnum

LONGEST_DELAY_S = 600.0


class Fault(StrEnum):
    """What goes wrong. `after` and `before` tell on which side of the effect."""

    TIMEOUT_AFTER = "timeout_after"
    """The effect happens, and no answer ever comes."""
    TIMEOUT_BEFORE = "timeout_before"
    """No effect, no answer."""
    ERROR_AFTER = "error_after"
    """The effect happens; the answer is 500."""
    ERROR_BEFORE = "error_before"
    """No effect; the answer is 500."""
    BREAK_AFTER = "break_after"
    """The effect happens; the connection breaks within the answer."""
    BREAK_BEFORE = "break_before"
    """No effect; the connection breaks within the answer."""
    BROKEN_ANSWER = "broken_answer"
    """The effect happens; the answer is 200 with something that is no JSON."""
    SLOW = "slow"
    """`delay_s` pass, then everything goes well, whether or not the caller still listens."""
    DUPLICATE = "duplicate"
    """The request arrives twice, as if a proxy had sent it again."""
    DECLINE = "decline"
    """Payments: declined. Courier and mail: refused with 422."""
    BUSY = "busy"
    """429: no effect, come again."""
    DIE_AFTER = "die_after"
    """The process is killed (SIGKILL) between its journal and the answer."""
    DIE_BEFORE = "die_before"
    """The process is killed before its journal has the effect."""


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """One fault for the next `count` requests of a service; None: for all, until it is taken back."""

    service: str
    fault: Fault
    count: int | None = 1
    delay_s: float = 1.0


class FaultPlan:
    """What is planned for each service, in the order in which it was asked for. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[PlannedFault] = []

    def add(self, planned: PlannedFault) -> None:
        with self._lock:
            self._planned.append(planned)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def planned(self) -> tuple[PlannedFault, ...]:
        """What is still to come."""
        with self._lock:
            return tuple(self._planned)

    def take(self, service: str) -> PlannedFault | None:
        """The fault of this request, if there is one; counted."""
        with self._lock:
            for place, planned in enumerate(self._planned):
                if planned.service != service:
                    continue
                if planned.count is not None:
                    left = PlannedFault(service, planned.fault, planned.count - 1, planned.delay_s)
                    self._planned[place : place + 1] = [left] if planned.count > 1 else []
                return planned
        return None
