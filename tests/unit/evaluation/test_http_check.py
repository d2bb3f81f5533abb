"""The HTTP check against a small server that keeps the contract, or does not."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from casewright.domain.errors import Unavailable
from casewright.evaluation.http_check import PROBES, HttpService


class Careless(BaseHTTPRequestHandler):
    """Answers 200 with an object to everything, as a service that checks nothing would."""

    protocol_version = "HTTP/1.1"
    seen: list[str | None] = []  # noqa: RUF012 - emptied by the fixture

    def do_POST(self) -> None:
        self.seen.append(self.headers.get("X-API-Key"))
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(b'{"severity": "low"}')

    def do_GET(self) -> None:
        self._answer(b"[]")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def careless_url() -> Iterator[str]:
    Careless.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_ticket_is_sent_with_the_key_and_timed(careless_url: str) -> None:
    with HttpService(careless_url, "some-key") as service:
        answer = service.ask({"ticket_id": "T-1", "complaint": "x"})
    assert (answer.status, answer.body) == (200, {"severity": "low"})
    assert answer.seconds > 0
    assert Careless.seen == ["some-key"]


def test_service_that_checks_nothing_fails_the_probes_that_must_be_refused(careless_url: str) -> None:
    with HttpService(careless_url) as service:
        results = {result.probe.name: result for result in service.probe()}
    assert not results["a blank complaint"].is_right
    assert not results["health"].is_right, "a list is not the object that the contract asks for"
    assert results["a ticket"].is_right


def test_service_that_is_not_there_is_named() -> None:
    with HttpService("http://127.0.0.1:9") as service, pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
        service.ask({})


def test_probes_ask_for_every_status_of_the_contract() -> None:
    assert {probe.status for probe in PROBES} == {200, 400, 413, 422}
    assert json.loads(PROBES[1].body)["ticket_id"] == "PROBE-1"
