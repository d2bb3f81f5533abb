"""HTTP load: keep-alive clients on raw sockets, in a process of their own, that never pause.

Invariant: every server is asked by the same code with the same bytes, and the generator says how busy it was,
so that nobody takes its limit for a server's. It reads no answer beyond status and length.

    python -m casewright.evaluation.http_load < plan.json > outcome.json
"""

import asyncio
import importlib.util
import json
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import cast

from casewright.domain.errors import Unavailable

HEADER_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Who is asked what: `clients` connections, for `seconds` after `warm_s` that do not count."""

    port: int
    path: str
    bodies: tuple[str, ...]
    clients: int = 1
    seconds: float = 1.0
    warm_s: float = 0.2
    host: str = "127.0.0.1"
    headers: tuple[str, ...] = ()
    """Further lines of every head, as `Name: value`."""
    key_prefix: str = ""
    """Where it is given, each body is sent under an Idempotency-Key of its own that begins with it."""

    def requests(self) -> list[bytes]:
        """The bytes of every request."""
        encoded = [body.encode("utf-8") for body in self.bodies]
        more = "".join(f"{line}\r\n" for line in self.headers)
        return [
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"{more}{self._key_line(number)}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode("ascii")
            + body
            for number, body in enumerate(encoded)
        ]

    def _key_line(self, number: int) -> str:
        return f"Idempotency-Key: {self.key_prefix}{number}\r\n" if self.key_prefix else ""


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """What was counted after warming up. Times are of whole answers, in microseconds."""

    requests: int
    all_requests: int
    """With those of the warm-up."""
    failures: int
    seconds: float
    p50_us: float
    p95_us: float
    p99_us: float
    busy: float
    """The share of the time in which the generator used a core."""

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def quantile(values: Sequence[float], percent: float) -> float:
    """The value that this share of the values does not exceed (nearest rank); 0 where there is none."""
    ranked = sorted(values)
    return ranked[max(0, int(-(-len(ranked) * percent // 100)) - 1)] if ranked else 0.0


def put_load(plan: LoadPlan) -> LoadOutcome:
    """Run a plan in a new process. Raises Unavailable where the server does not answer."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "casewright.evaluation.http_load"],
            input=json.dumps(asdict(plan)).encode("ascii"),
            capture_output=True,
            timeout=plan.warm_s + plan.seconds + _PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"a server of the bench did not answer {plan.path} in time") from None
    if done.returncode != 0:
        raise Unavailable(f"the load generator ended with {done.returncode}: {done.stderr[-400:].decode()}")
    return LoadOutcome(**json.loads(done.stdout))


def run_plan(plan: LoadPlan) -> LoadOutcome:
    """Run a plan in this process."""
    tally = _Tally(plan)
    if plan.clients == 1:
        _ask_alone(plan, tally)
    else:
        _new_loop_run(_ask_together(plan, tally))
    return tally.outcome()


class _Tally:
    """Counts what is answered between the end of the warm-up and the end."""

    def __init__(self, plan: LoadPlan) -> None:
        self.starts_at = time.perf_counter() + plan.warm_s
        self.ends_at = self.starts_at + plan.seconds
        self._all = 0
        self._took: list[float] = []
        self._failures = 0
        self._busy_before: float | None = None
        self._busy = 0.0
        self._last = self.starts_at

    def add(self, asked_at: float, answered_at: float, *, is_ok: bool) -> bool:
        """Count an answer; False when it is time to stop."""
        self._all += 1
        if asked_at >= self.starts_at:
            if self._busy_before is None:
                self._busy_before = time.process_time()
            self._took.append(answered_at - asked_at)
            self._failures += not is_ok
            self._last = answered_at
        if answered_at < self.ends_at:
            return True
        if self._busy_before is not None:
            self._busy = time.process_time() - self._busy_before
        return False

    def outcome(self) -> LoadOutcome:
        """The counts."""
        seconds = max(self._last - self.starts_at, 1e-9)
        p50, p95, p99 = (quantile(self._took, percent) * 1e6 for percent in (50, 95, 99))
        return LoadOutcome(
            len(self._took), self._all, self._failures, seconds, p50, p95, p99, min(1.0, self._busy / seconds)
        )


class _Answer:
    """Collects the bytes of one answer."""

    __slots__ = ("_buffer", "_end")

    def __init__(self) -> None:
        self._buffer = b""
        self._end = 0

    def feed(self, data: bytes) -> bool | None:
        """Whether the answer was a 200, once it is whole; None before. Raises ValueError without a length."""
        buffer = self._buffer = self._buffer + data if self._buffer else data
        if not self._end:
            headers = buffer.find(HEADER_END)
            if headers < 0:
                return None
            self._end = headers + len(HEADER_END) + _content_length(buffer[:headers])
        if len(buffer) < self._end:
            return None
        self._buffer, self._end = b"", 0
        return buffer.startswith(b"HTTP/1.1 200")


def _content_length(headers: bytes) -> int:
    lowered = headers.lower()
    start = lowered.index(_LENGTH) + len(_LENGTH)
    end = lowered.find(b"\r\n", start)
    return int(lowered[start:] if end < 0 else lowered[start:end])


def _ask_alone(plan: LoadPlan, tally: _Tally) -> None:
    """One client on a blocking socket: nothing but the server and the kernel in between."""
    requests = plan.requests()
    answer = _Answer()
    with socket.create_connection((plan.host, plan.port), timeout=_PATIENCE_S) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = 0
        goes_on = True
        while goes_on:
            asked_at = time.perf_counter()
            connection.sendall(requests[number % len(requests)])
            is_ok = None
            while is_ok is None:
                data = connection.recv(65536)
                if not data:
                    raise ConnectionError("the server closed the connection")
                is_ok = answer.feed(data)
            goes_on = tally.add(asked_at, time.perf_counter(), is_ok=is_ok)
            number += 1


class _Client(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it is answered."""

    def __init__(self, requests: list[bytes], first: int, tally: _Tally) -> None:
        self._requests = requests
        self._number = first
        self._tally = tally
        self._answer = _Answer()
        self._asked_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def _ask(self) -> None:
        request = self._requests[self._number % len(self._requests)]
        self._number += 1
        self._asked_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        is_ok = self._answer.feed(data)
        if is_ok is None:
            return
        if self._tally.add(self._asked_at, time.perf_counter(), is_ok=is_ok):
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.done.done():
            return
        if exc is None and time.perf_counter() >= self._tally.ends_at:
            self.done.set_result(None)
        else:
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))


async def _ask_together(plan: LoadPlan, tally: _Tally) -> None:
    loop = asyncio.get_running_loop()
    requests = plan.requests()
    clients = []
    for place in range(plan.clients):
        first = place * len(requests) // plan.clients
        _, client = await loop.create_connection(
            lambda first=first: _Client(requests, first, tally),  # type: ignore[misc]
            plan.host,
            plan.port,
        )
        clients.append(client)
    await asyncio.wait_for(
        asyncio.gather(*(client.done for client in clients)), plan.warm_s + plan.seconds + _PATIENCE_S
    )


def _new_loop_run(work: "asyncio.Future[None] | object") -> None:
    if importlib.util.find_spec("uvloop") is None:
        asyncio.run(work)  # type: ignore[arg-type]
    else:
        importlib.import_module("uvloop").run(work)


def _main() -> None:
    document = json.load(sys.stdin)
    document["bodies"] = tuple(document["bodies"])
    json.dump(asdict(run_plan(LoadPlan(**document))), sys.stdout)


if __name__ == "__main__":
    _main()
