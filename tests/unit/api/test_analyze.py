"""Reading a body in pieces, and the route with and without a pool of threads."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from casewright.adapters.scripted_model import ScriptedModel
from casewright.api.analyze import AnalyzeTicket, read_body
from casewright.bootstrap import build_application
from casewright.domain.errors import TooLarge, Unavailable
from casewright.service.metrics import Metrics
from casewright.settings import Settings

BODY = json.dumps({"ticket_id": "T-1", "complaint": "I sent 300 taka to a wrong number."}).encode()


class Recorder:
    """Keeps log lines in a list."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, Any]]] = []

    def info(self, event: str, **fields: Any) -> None:
        self.lines.append(("info", event, fields))

    def error(self, event: str, **fields: Any) -> None:
        self.lines.append(("error", event, fields))


def read(*messages: dict[str, Any], headers: Any = (), limit: int = 10) -> bytes | None:
    waiting = list(messages)

    async def receive() -> Any:
        return waiting.pop(0)

    return asyncio.run(read_body({"headers": list(headers)}, receive, limit))


def piece(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_body_is_put_together() -> None:
    assert read(piece(b"abc"), piece(b""), piece(b"de", more=False)) == b"abcde"
    assert read(piece(b"abc", more=False)) == b"abc"
    assert read({"type": "http.request"}) == b""


def test_caller_that_hangs_up_gives_nothing() -> None:
    assert read({"type": "http.disconnect"}) is None
    assert read(piece(b"abc"), {"type": "http.disconnect"}) is None


def test_too_large_is_said_as_soon_as_it_is_known() -> None:
    with pytest.raises(TooLarge):
        read(headers=[(b"content-length", b"11")])
    with pytest.raises(TooLarge):
        read(piece(b"abcdef"), piece(b"ghijkl"))
    with pytest.raises(TooLarge):
        read(piece(b"abcdefghijk", more=False))


def test_length_that_lies_or_is_no_number_is_counted_anyway() -> None:
    with pytest.raises(TooLarge):
        read(piece(b"abcdefghijk", more=False), headers=[(b"content-length", b"3")])
    assert read(piece(b"abc", more=False), headers=[(b"content-length", b"x")]) == b"abc"


def ask(route: AnalyzeTicket, body: bytes = BODY, headers: Any = ()) -> tuple[int, Any, dict[bytes, bytes]]:
    sent: list[Any] = []

    async def receive() -> Any:
        return piece(body, more=False)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(route({"type": "http", "headers": list(headers)}, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"]), dict(sent[0]["headers"])


@pytest.fixture(scope="module")
def application() -> Any:
    return build_application(Settings())


def test_case_is_answered_counted_and_logged(application: Any) -> None:
    metrics, log = Metrics(), Recorder()
    status, verdict, _ = ask(AnalyzeTicket(application, metrics, log))
    assert (status, verdict["ticket_id"]) == (200, "T-1")
    assert 'casewright_responses_total{status="200"} 1.0' in metrics.render().decode()
    ((level, event, fields),) = log.lines
    assert (level, event, fields["ticket"]) == ("info", "case decided", "T-1")


def test_refusal_is_counted_and_logged_without_the_body(application: Any) -> None:
    metrics, log = Metrics(), Recorder()
    status, body, _ = ask(AnalyzeTicket(application, metrics, log), b'{"pin": "4821"')
    assert (status, body["error"]["code"]) == (400, "invalid_json")
    assert 'status="400"} 1.0' in metrics.render().decode()
    assert "4821" not in str(log.lines)


def test_compressed_body_is_named(application: Any) -> None:
    route = AnalyzeTicket(application, Metrics(), Recorder())
    headers = [(b"content-encoding", b"gzip")]
    assert ask(route, b"\x1f\x8b", headers)[1]["error"]["code"] == "encoded_body"
    assert ask(route, b"{", [(b"content-encoding", b"identity")])[1]["error"]["code"] == "invalid_json"


def test_with_a_model_the_case_runs_in_the_pool() -> None:
    application = build_application(Settings(), model=ScriptedModel())
    with ThreadPoolExecutor(1) as pool:
        status, verdict, _ = ask(AnalyzeTicket(application, Metrics(), Recorder(), pool))
    assert (status, verdict["ticket_id"]) == (200, "T-1")


def test_what_is_gone_for_now_is_503_with_retry_after() -> None:
    class Gone:
        settings = Settings()

        def analyze_ticket(self, document: object) -> Any:
            raise Unavailable("The ledger does not answer.")

    log = Recorder()
    status, body, headers = ask(AnalyzeTicket(Gone(), Metrics(), log))  # type: ignore[arg-type]
    assert (status, body["error"]["code"]) == (503, "unavailable")
    assert headers[b"retry-after"] == b"1"
    assert log.lines[0][0] == "error"
