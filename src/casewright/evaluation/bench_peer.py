"""The peer of the HTTP bench: the least that a typed FastAPI service can do with the same body.

A request model with every field of a ticket, an `async def`, a small typed answer, no decision. It is served
by uvicorn with the options of `casewright serve`, so that what differs is what the service does.

    python -m casewright.evaluation.bench_peer PORT
"""

import sys

from fastapi import FastAPI
from pydantic import BaseModel

PATH = "/tickets"


class PeerRow(BaseModel):
    """One row of the ledger."""

    transaction_id: str
    timestamp: str | None = None
    type: str | None = None
    amount: float | str | None = None
    counterparty: str | None = None
    status: str | None = None


class PeerTicket(BaseModel):
    """The body of a ticket."""

    ticket_id: str
    complaint: str
    language: str | None = None
    channel: str | None = None
    user_type: str | None = None
    campaign_context: str | None = None
    transaction_history: list[PeerRow] | None = None
    metadata: dict[str, object] | None = None


class PeerAnswer(BaseModel):
    """The answer: nothing is decided."""

    ticket_id: str
    rows: int


def build_peer() -> FastAPI:
    """The application, with its one route."""
    app = FastAPI()

    @app.post(PATH)
    async def take(ticket: PeerTicket) -> PeerAnswer:
        return PeerAnswer(ticket_id=ticket.ticket_id, rows=len(ticket.transaction_history or ()))

    return app


def _main() -> None:
    import uvicorn

    uvicorn.run(
        "casewright.evaluation.bench_peer:build_peer",
        factory=True,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        workers=1,
        loop="auto",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=30,
    )


if __name__ == "__main__":
    _main()
