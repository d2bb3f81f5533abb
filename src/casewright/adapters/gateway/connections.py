"""Connections to one provider over HTTP: a slot per call in flight, and a deadline that always holds.

The time-outs of an HTTP client are per read, so a server that sends a byte now and then is never timed out
by them, and name resolution has none at all. So a call that is late is left to its thread: its socket is shut
down, and its slot comes back when the thread ends, so that a hanging provider can never hold more than
`max_in_flight` threads.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from casewright.adapters.gateway.deadline import SHORTEST_S, call_within
from casewright.ports.text_model import AttemptOutcome

MAX_BODY_BYTES = 256 * 1024
_KEEP_ALIVE_S = 30.0
_HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """An HTTP answer, or the outcome that stands for its absence."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: AttemptOutcome | None = None


class Slot:
    """The right to one call in flight, with a connection that is kept alive between calls."""

    def __init__(self, verify: ssl.SSLContext) -> None:
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=_KEEP_ALIVE_S)
        self._client = httpx2.Client(verify=verify, limits=limits, follow_redirects=False)
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._call = 0
        self._was_cut = False

    def begin(self) -> int:
        """A number for the call that starts, with which it may be cut."""
        with self._lock:
            self._call += 1
            return self._call

    def end(self) -> bool:
        """The call is over, and cannot be cut any more. Whether the connection may serve another one."""
        with self._lock:
            self._call += 1
            return not self._was_cut

    def exchange(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline_s: float,
    ) -> Exchange:
        """One POST. Runs in the slot's own thread; `deadline_s` is on the monotonic clock."""
        left_s = max(SHORTEST_S, deadline_s - time.monotonic())
        extensions = {"trace": self._remember_socket}
        try:
            with self._client.stream(
                "POST",
                url,
                headers=_HEADERS | dict(headers),
                content=body,
                timeout=left_s,
                extensions=extensions,
            ) as response:
                head = Exchange(response.status_code, response.headers)
                received = bytearray()
                for chunk in response.iter_raw():
                    received += chunk
                    if len(received) > MAX_BODY_BYTES:
                        return Exchange(failure=AttemptOutcome.TOO_LONG)
                    if time.monotonic() >= deadline_s:
                        return Exchange(failure=AttemptOutcome.TIMED_OUT)
                return Exchange(head.status, head.headers, bytes(received))
        except httpx2.TimeoutException:
            return Exchange(failure=AttemptOutcome.TIMED_OUT)
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError):
            # The message may quote the request's headers: it is dropped here, and only the outcome goes on.
            return Exchange(failure=AttemptOutcome.UNREACHABLE)

    def cut(self, call: int) -> None:
        """Wake the thread that reads: its connection is at its end. Nothing if the call has ended."""
        with self._lock:
            if call == self._call:
                self._was_cut = True
                self._shut_down()

    def close(self) -> None:
        self._client.close()

    def _remember_socket(self, event: str, info: Mapping[str, object]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            stream = info["return_value"]
            found = stream.get_extra_info("socket") if hasattr(stream, "get_extra_info") else None
            with self._lock:
                self._socket = found if isinstance(found, socket.socket) else None
                if self._was_cut:
                    self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class Connections:
    """The slots of one provider. Thread-safe."""

    def __init__(self, max_in_flight: int, verify: ssl.SSLContext) -> None:
        self._verify = verify
        self._lock = threading.Lock()
        self._idle: list[Slot] = []
        self._free = max_in_flight
        self._is_closed = False

    def take(self) -> Slot | None:
        """A slot, or None while as many calls as allowed are in flight."""
        with self._lock:
            if self._free <= 0 or self._is_closed:
                return None
            self._free -= 1
            if self._idle:
                return self._idle.pop()
        return Slot(self._verify)

    def give_back(self, slot: Slot, *, is_sound: bool = True) -> None:
        with self._lock:
            self._free += 1
            is_kept = is_sound and not self._is_closed
            if is_kept:
                self._idle.append(slot)
        if not is_kept:
            slot.close()

    def post(
        self,
        slot: Slot,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        timeout_s: float,
    ) -> Exchange:
        """One POST that costs at most `timeout_s`; takes the slot over and gives it back when it is free."""
        deadline_s = time.monotonic() + timeout_s
        call = slot.begin()

        def work() -> Exchange:
            is_answered = False
            try:
                exchange = slot.exchange(url, headers, body, deadline_s)
                is_answered = exchange.failure is None
            finally:
                is_sound = slot.end()
                self.give_back(slot, is_sound=is_sound and is_answered)
            return exchange

        def late() -> Exchange:
            slot.cut(call)
            return Exchange(failure=AttemptOutcome.TIMED_OUT)

        def failed() -> Exchange:
            return Exchange(failure=AttemptOutcome.UNREACHABLE)

        try:
            return call_within(work, timeout_s, late=late, failed=failed)
        except RuntimeError:  # the machine gives no more threads
            self.give_back(slot)
            return failed()

    def close(self) -> None:
        """Close what is idle; calls in flight close their own connection when they end."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for slot in idle:
            slot.close()
