"""What settings change on a real server: keys, CORS, limits, workers, a text model."""

from typing import Any

import httpx2
import pytest

from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode

KEY = "integration-key-0123456789"
TICKET = {"ticket_id": "TKT-1", "complaint": "I sent 300 taka to a wrong number."}


@pytest.fixture(scope="module")
def guarded(serve: Any) -> Any:
    return serve(
        api_keys=KEY,
        cors_origins="https://desk.example",
        rate_limit="3/hour",
        max_body_bytes=2048,
        max_complaint_chars=100,
    )


def ask(url: str, key: str = "", **headers: str) -> httpx2.Response:
    sent = {**headers, **({"x-api-key": key} if key else {})}
    return httpx2.post(f"{url}/analyze-ticket", json=TICKET, headers=sent)


def test_without_a_key_everything_but_health_is_401(guarded: Any) -> None:
    for path in ("/metrics", "/docs", "/openapi.json", "/nowhere"):
        response = httpx2.get(guarded.url + path)
        assert (response.status_code, response.json()["error"]["code"]) == (401, "unauthorised")
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.headers["x-content-type-options"] == "nosniff"
    assert ask(guarded.url).status_code == 401
    assert ask(guarded.url, "wrong-key-0123456789").status_code == 401
    for path in ("/health", "/healthz", "/readyz"):
        assert httpx2.get(guarded.url + path).status_code == 200


def test_files_of_the_demo_page_hold_nothing_and_are_open(guarded: Any) -> None:
    assert httpx2.get(guarded.url + "/").status_code == 200
    assert httpx2.get(guarded.url + "/static/demo.js").status_code == 200


def test_preflight_needs_no_key_and_knows_its_origins(guarded: Any) -> None:
    wanted = {"access-control-request-method": "POST", "access-control-request-headers": "x-api-key"}
    url = f"{guarded.url}/analyze-ticket"
    known = httpx2.options(url, headers={"origin": "https://desk.example", **wanted})
    assert known.status_code == 200
    assert known.headers["access-control-allow-origin"] == "https://desk.example"
    other = httpx2.options(url, headers={"origin": "https://evil.example", **wanted})
    assert "access-control-allow-origin" not in other.headers


def test_fourth_request_of_three_an_hour_is_429_and_says_when(guarded: Any) -> None:
    answers = [ask(guarded.url, KEY), ask(guarded.url, authorization=f"Bearer {KEY}"), ask(guarded.url, KEY)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    late = ask(guarded.url, KEY, origin="https://desk.example")
    assert (late.status_code, late.json()["error"]["code"]) == (429, "too_many_requests")
    assert 0 < int(late.headers["retry-after"]) <= 3600
    assert late.headers["access-control-allow-origin"] == "https://desk.example"
    assert httpx2.get(guarded.url + "/health").status_code == 200
    assert KEY not in guarded.log


def test_limits_of_body_and_complaint_are_settings(serve: Any) -> None:
    served = serve(max_body_bytes=2048, max_complaint_chars=100, log_level="warning")
    url = f"{served.url}/analyze-ticket"
    assert (
        httpx2.post(url, json={**TICKET, "metadata": "a" * 2048}).json()["error"]["code"] == "body_too_large"
    )
    assert (
        httpx2.post(url, json={**TICKET, "complaint": "a" * 101}).json()["error"]["code"]
        == "complaint_too_long"
    )
    assert httpx2.post(url, json={**TICKET, "complaint": "a" * 100}).status_code == 200


def test_counters_of_two_workers_add_up(serve: Any) -> None:
    served = serve("--workers", "2")
    for _ in range(30):
        assert ask(served.url).status_code == 200
    for _ in range(5):
        assert 'casewright_responses_total{status="200"} 30.0' in httpx2.get(f"{served.url}/metrics").text


def test_text_of_a_model_is_answered_counted_and_logged_by_its_source(serve: Any) -> None:
    with MisbehavingProvider(mode=Mode.OK) as provider:
        served = serve(text_models=f"vllm:small@{provider.base_url}")
        assert ask(served.url).status_code == 200
        provider.mode = Mode.SERVER_ERROR
        assert ask(served.url).status_code == 200
        metrics = httpx2.get(f"{served.url}/metrics").text
    assert 'text_source="model:vllm/small"' in metrics
    assert httpx2.get(f"{served.url}/readyz").json()["dependencies"]["text"]["source"] == "vllm/small"
