"""The sandbox as a server: in the process of `casewright sandbox`, or on a thread for demos and tests."""

import os
import signal
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from casewright.adapters.connectors.sandbox.app import Sandbox
from casewright.domain.errors import ConfigurationError, Unavailable

STARTS_WITHIN_S = 30.0
GRACEFUL_SHUTDOWN_S = 1


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ConfigurationError with what to do."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"{host}, port {port}: cannot be served on: {error.strerror}; "
            "choose another with --host and --port"
        ) from None
    return listener


def make_server(sandbox: Sandbox) -> uvicorn.Server:
    """A server for the sandbox; give its `run` a socket."""
    config = uvicorn.Config(
        sandbox.build_app(),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
    )
    return uvicorn.Server(config)


def kill_this_process() -> None:
    """What the faults `die_before` and `die_after` do."""
    os.kill(os.getpid(), signal.SIGKILL)


class SandboxThread:
    """A sandbox on a loopback port of its own; use it in a `with` block. It cannot be killed on demand."""

    def __init__(self, folder: Path, *, token: str | None = None) -> None:
        self.sandbox = Sandbox(folder, token=token)
        self._listener = bind("127.0.0.1", 0)
        self._server = make_server(self.sandbox)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="sandbox", daemon=True
        )

    @property
    def url(self) -> str:
        """Without a slash at its end; a service is at `<url>/payments`, `/courier`, `/mail`."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        waiting = threading.Event()
        for _ in range(int(STARTS_WITHIN_S / 0.01)):
            if self._server.started:
                return self
            waiting.wait(0.01)
        raise Unavailable("the sandbox did not start")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
        self.sandbox.close()
