"""Servers under the HTTP bench: started as their own processes on loopback, watched, and ended.

What the kernel says of a process (memory, CPU time) is read from /proc, and is None where there is none.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casewright.domain.errors import Unavailable
from casewright.evaluation.bench_peer import PATH as PEER_PATH

COMMAND = (sys.executable, "-c", "from casewright.main import run; run()")
"""The command line, also where its script is not on the path."""
HOST = "127.0.0.1"
ANALYZE = "/analyze-ticket"
_READY_WITHIN_S = 60.0
_POLL_S = 0.005


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    path: str
    """Where tickets go."""
    pid: int
    ready_s: float
    """From its start to the first answer."""

    def rss_mb(self) -> float | None:
        """Resident memory, in MiB."""
        return read_memory_mb(self.pid, "VmRSS")

    def cpu_s(self) -> float | None:
        """CPU time used so far, in seconds."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_memory_mb(pid: int, field: str) -> float | None:
    """A field of /proc/PID/status in MiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(field)), None)


@contextmanager
def serve_ours(home: Path, **settings: str) -> Iterator[Server]:
    """`casewright serve`, one worker, rules only, default settings but those given; its log is dropped."""
    port = _free_port()
    command = [*COMMAND, "serve", "--host", HOST, "--port", str(port), "--workers", "1"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
    environment["CASEWRIGHT_HOME"] = str(home)
    environment |= {f"CASEWRIGHT_{name.upper()}": value for name, value in settings.items()}
    with _run(command, port, (ANALYZE, "/readyz"), environment, home) as server:
        yield server


@contextmanager
def serve_peer(home: Path) -> Iterator[Server]:
    """The trivial endpoint of `bench_peer`."""
    port = _free_port()
    command = [sys.executable, "-m", "casewright.evaluation.bench_peer", str(port)]
    with _run(command, port, (PEER_PATH, "/openapi.json"), dict(os.environ), home) as server:
        yield server


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _run(
    command: list[str], port: int, paths: tuple[str, str], environment: dict[str, str], folder: Path
) -> Iterator[Server]:
    path, probe = paths
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_until_ready(process, port, probe, started + _READY_WITHIN_S)
            yield Server(port, path, process.pid, time.perf_counter() - started)
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, probe: str, deadline: float) -> None:
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise Unavailable(f"a server of the bench ended at its start with {process.returncode}")
        if _answers(port, probe):
            return
        time.sleep(_POLL_S)
    raise Unavailable(f"a server of the bench was not ready within {_READY_WITHIN_S:.0f} s")


def _answers(port: int, probe: str) -> bool:
    request = f"GET {probe} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode("ascii")
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(request)
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
