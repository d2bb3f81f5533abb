"""A replica of the retention desk as a process: the door of the service under uvicorn, and nothing behind it.

Run as a program; settings come from the environment. It announces its port on standard output.
"""

import socket

import uvicorn

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.service.premises import Premises
from casewright.settings import load_settings


def main() -> None:
    settings = load_settings()
    configure_logging(settings.log_level)
    premises = Premises(settings)
    door = build_http_door(
        build_application(settings),
        open_gatehouse=premises.gatehouse,
        open_retention=premises.retention,
        close=premises.close,
    )
    premises.retention()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)  # noqa: T201
        server = uvicorn.Server(uvicorn.Config(door, log_config=None, timeout_graceful_shutdown=10))
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
