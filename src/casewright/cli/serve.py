"""`casewright serve`: uvicorn with our application, its workers and their shared counters."""

import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casewright.settings import Settings

app = typer.Typer(add_completion=False)
FACTORY = "casewright.main:build_asgi"
HTTP_PROTOCOL = "casewright.api.one_write:JoiningProtocol"
GRACEFUL_SHUTDOWN_S = 10
KEEP_ALIVE_S = 30
START_FAILED = 3
MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to serve on; 0.0.0.0 for all. [default: 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to serve on; 0 takes a free one. [default: 8080]")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Serving processes. [default: 1]")] = None,
) -> None:
    """Serve the HTTP API and the demo page.

    Options override the settings of the same name. State is kept under CASEWRIGHT_HOME.

    Examples:

    casewright serve

    casewright serve --host 0.0.0.0 --port 9000 --workers 4
    """
    from casewright.bootstrap import build_application
    from casewright.service.retention_policies import check_policies
    from casewright.settings import load_settings

    settings = load_settings(host=host, port=port, workers=workers)
    build_application(settings)  # a wrong setting or policy is said here, not by a worker that dies
    check_policies(settings)
    _hand_on(settings)
    counters = _prepare_counters(settings)
    listener = _bind(settings)
    address, port = listener.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    typer.echo(
        f"Serving on http://{shown}:{port}/ (API: /docs, counters: /metrics); Ctrl-C stops.",
        err=True,
    )
    try:
        _run(settings, listener)
    finally:
        if counters is not None:
            shutil.rmtree(counters, ignore_errors=True)


def _run(settings: "Settings", listener: socket.socket) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        FACTORY,
        factory=True,
        workers=settings.workers,
        http=HTTP_PROTOCOL,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    server = uvicorn.Server(config)
    if settings.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
        return
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    if not server.started:
        raise typer.Exit(START_FAILED)


def _bind(settings: "Settings") -> socket.socket:
    """The listening socket, bound here so that a port that is taken is said in a sentence."""
    from casewright.domain.errors import ConfigurationError

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"{settings.host}, port {settings.port}: cannot be served on: {error.strerror}; "
            "choose another with --host and --port"
        ) from None
    listener.set_inheritable(True)
    return listener


def _hand_on(settings: "Settings") -> None:
    """Workers read their settings from the environment, so what the command line chose goes there."""
    for name in ("host", "port", "workers"):
        os.environ[f"CASEWRIGHT_{name.upper()}"] = str(getattr(settings, name))


def _prepare_counters(settings: "Settings") -> Path | None:
    """A folder where several workers keep their counters, so that any of them can answer for all."""
    if settings.workers == 1 or MULTIPROCESS_VARIABLE in os.environ:
        return None
    from casewright.domain.errors import ConfigurationError

    folder = settings.home / "counters" / str(os.getpid())
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be used: {error.strerror}; set CASEWRIGHT_HOME to a folder that can be written"
        ) from None
    os.environ[MULTIPROCESS_VARIABLE] = str(folder)
    return folder
