"""`casewright serve`: uvicorn with our application, its workers and their shared counters."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casewright.settings import Settings

app = typer.Typer(add_completion=False)
FACTORY = "casewright.main:build_asgi"
GRACEFUL_SHUTDOWN_S = 10
KEEP_ALIVE_S = 30
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
    import uvicorn

    from casewright.bootstrap import build_application
    from casewright.settings import load_settings

    settings = load_settings(host=host, port=port, workers=workers)
    build_application(settings)  # a wrong setting or policy is said here, not by a worker that dies
    _hand_on(settings)
    counters = _prepare_counters(settings)
    typer.echo(
        f"Serving on http://{settings.host}:{settings.port}/ (API: /docs, counters: /metrics); Ctrl-C stops.",
        err=True,
    )
    try:
        uvicorn.run(
            FACTORY,
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            http="httptools",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_S,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
    finally:
        if counters is not None:
            shutil.rmtree(counters, ignore_errors=True)


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
