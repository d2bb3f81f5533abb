"""Main: composes the doors, one command line and one ASGI application; everything else is theirs.

Imports stand inside the functions, so that the command line starts without the web framework.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI


def run() -> None:
    """The `casewright` command."""
    from casewright.cli.app import run_command_line

    run_command_line()


def build_asgi() -> "FastAPI":
    """The ASGI application of this process's settings: a factory for uvicorn."""
    from casewright.adapters.log import configure_logging
    from casewright.api.app import build_http_door
    from casewright.bootstrap import build_application
    from casewright.service.premises import Premises
    from casewright.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_level)
    application = build_application(settings)
    premises = Premises(settings, application.road.model)
    premises.keep_attempts(application.road.model)
    return build_http_door(
        application,
        open_gatehouse=premises.gatehouse,
        open_shop=premises.shop,
        open_copilot=premises.copilot,
        open_knowledge=premises.knowledge,
        peek_knowledge=premises.peek_knowledge,
        open_retention=premises.retention,
        prepare=premises.prepare,
        close=premises.close,
    )


if __name__ == "__main__":
    run()
