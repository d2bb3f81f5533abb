"""What several suites share: a service as a real process on a free loopback port."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

STARTS_WITHIN_S = 30
ANNOUNCEMENT = "Serving on "


@dataclass
class Served:
    """One serving process: its address, and its log as it grows."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if ANNOUNCEMENT in line:
                self.url = line.removeprefix(ANNOUNCEMENT).split("/ ")[0]
                self.ready.set()

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log lines of one event."""
        parsed = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [line for line in parsed if line["event"] == name]


Serve = Callable[..., Served]


def wait_for_health(served: Served) -> None:
    """Until the service answers; an AssertionError with its log where it does not."""
    give_up_at = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up_at and served.process.poll() is None:
        try:
            if httpx2.get(f"{served.url}/health", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the service did not answer:\n{served.log}")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start `casewright serve` with settings given as names and values; stopped at the end of the session."""
    started: list[tuple[Served, threading.Thread]] = []

    def start(*arguments: str, **settings: object) -> Served:
        home: Path = tmp_path_factory.mktemp("home")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")
        }
        environment |= {f"CASEWRIGHT_{name.upper()}": str(value) for name, value in settings.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "casewright.main", "serve", "--port", "0", *arguments],
            env={**environment, "CASEWRIGHT_HOME": str(home), "PYTHONUTF8": "1"},
            cwd=home,
            stderr=subprocess.PIPE,
            text=True,
        )
        served = Served(process)
        thread = threading.Thread(target=served.follow, daemon=True)
        thread.start()
        started.append((served, thread))
        assert served.ready.wait(STARTS_WITHIN_S), f"the service did not start:\n{served.log}"
        wait_for_health(served)
        return served

    yield start
    for served, thread in started:
        served.process.send_signal(signal.SIGTERM)
        try:
            served.process.wait(20)
        except subprocess.TimeoutExpired:
            served.process.kill()
            served.process.wait()
        thread.join()
        assert served.process.stderr is not None
        served.process.stderr.close()
