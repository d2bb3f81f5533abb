"""The assembled door: routes, pages, errors of the framework and of ours, last resort included."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import Application, build_application
from casewright.settings import Settings

PAGES = ("/", "/docs", "/static/demo.js", "/static/docs.js", "/static/page.css", "/static/icon.svg")


@pytest.fixture(scope="module")
def application() -> Application:
    configure_logging("error")
    return build_application(Settings())


@pytest.fixture(scope="module")
def client(application: Application) -> Any:
    with TestClient(build_http_door(application)) as client:
        yield client


def test_health_routes_say_ok(client: Any) -> None:
    for path in ("/health", "/healthz"):
        assert client.get(path).content == b'{"status":"ok"}'


def test_pages_come_from_memory_and_are_revalidated(client: Any) -> None:
    for path in PAGES:
        first = client.get(path)
        assert first.status_code == 200
        again = client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_code(client: Any) -> None:
    for path in ("/", "/docs"):
        text = client.get(path).text
        assert "http://" not in text
        assert "https://" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert "onclick" not in text
        assert text.count("<script") == text.count('<script src="/static/')


def test_samples_of_the_page_are_the_shipped_ones(client: Any) -> None:
    samples = client.get("/static/samples.json").json()
    assert len(samples) >= 10
    assert {"ticket_id", "complaint"} <= set(samples[0])


def test_document_is_built_once_and_describes_the_hot_route(client: Any) -> None:
    document = client.get("/openapi.json").json()
    assert document["paths"]["/analyze-ticket"]["post"]["operationId"] == "analyze_ticket"
    assert document == client.get("/openapi.json").json()


def test_unexpected_error_is_500_without_a_trace(
    application: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        settings = application.settings
        road = application.road

        def analyze_ticket(self, document: object) -> Any:
            raise KeyError("my pin is 4821")

    configure_logging("error")
    door = build_http_door(Broken())  # type: ignore[arg-type]
    client = TestClient(door, raise_server_exceptions=False)
    response = client.post("/analyze-ticket", json={"ticket_id": "T", "complaint": "x"})
    assert response.status_code == 500
    error = response.json()["error"]
    assert error["code"] == "internal_error"
    assert error["request_id"] == response.headers["x-request-id"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "4821" not in response.text
    logged = capsys.readouterr().err
    assert "KeyError" in logged
    assert "4821" not in logged
    assert 'casewright_responses_total{status="500"} 1.0' in client.get("/metrics").text


def test_gates_stand_only_where_settings_ask_for_them(application: Application) -> None:
    settings = Settings(
        api_keys=("a-key-of-the-service",),  # type: ignore[arg-type]
        cors_origins=("https://desk.example",),
        rate_limit="1/hour",
    )
    client = TestClient(build_http_door(replace(application, settings=settings)))
    assert client.get("/metrics").status_code == 401
    key = {"x-api-key": "a-key-of-the-service", "origin": "https://desk.example"}
    first = client.get("/metrics", headers=key)
    assert (first.status_code, first.headers["access-control-allow-origin"]) == (200, "https://desk.example")
    assert client.get("/metrics", headers=key).status_code == 429
