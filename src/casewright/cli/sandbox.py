"""`casewright sandbox`: payments, courier and mail to try things on, with faults on demand."""

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)
TOKEN_VARIABLE = "CASEWRIGHT_SANDBOX_TOKEN"  # noqa: S105  a variable's name
DEFAULT_PORT = 8090
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@app.command()
def sandbox(
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to serve on; 0 takes a free one.")
    ] = DEFAULT_PORT,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the journals. [default: sandbox in CASEWRIGHT_HOME]"),
    ] = None,
) -> None:
    """Serve sandbox payments, courier and mail, with faults on demand.

    Nothing real moves. Each service keeps a journal of its own, so that every effect can be counted.
    With CASEWRIGHT_SANDBOX_TOKEN set, callers must send it as their bearer token; an address that others
    can reach needs one.

    Examples:

    casewright sandbox

    curl -X PUT http://127.0.0.1:8090/faults -d '{"service": "payments", "fault": "timeout_after"}'

    curl http://127.0.0.1:8090/payments/journal
    """
    from casewright.adapters.connectors.sandbox.app import Sandbox
    from casewright.adapters.connectors.sandbox.server import bind, kill_this_process, make_server
    from casewright.domain.errors import ConfigurationError
    from casewright.settings import load_settings

    token = os.environ.get(TOKEN_VARIABLE) or None
    if host not in LOOPBACK and token is None:
        raise ConfigurationError(
            f"{host} can be reached by others: set {TOKEN_VARIABLE}, or serve on 127.0.0.1"
        )
    folder = data.expanduser() if data is not None else load_settings().home / "sandbox"
    listener = bind(host, port)
    state = Sandbox(folder, token=token, die=kill_this_process)
    address, port = listener.getsockname()[:2]
    shown = f"[{address}]" if ":" in address else address
    typer.echo(
        f"Sandbox on http://{shown}:{port}/ (payments, courier, mail; journals in {folder}); Ctrl-C stops.",
        err=True,
    )
    try:
        make_server(state).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        state.close()
