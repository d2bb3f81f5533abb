"""Knowledge over HTTP: added, searched, shown and retired by those who may, and on the ledger."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from casewright.adapters.journal.ledger import each_entry
from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.api.knowledge import DocumentBody
from casewright.bootstrap import build_application
from casewright.domain.principal import SCOPES_OF_ROLE, Role
from casewright.service.premises import Premises
from casewright.settings import Settings

TEA = {"name": "kitchen/tea", "text": "# Tea\n\nTea is served at four.", "kind": "faq"}


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    configure_logging("error")
    premises = Premises(Settings(home=tmp_path_factory.mktemp("home"), embedder="none"))
    yield premises
    premises.close()


@pytest.fixture(scope="module")
def client(premises: Premises) -> Iterator[TestClient]:
    door = build_http_door(
        build_application(Settings()),
        open_gatehouse=premises.gatehouse,
        open_knowledge=premises.knowledge,
        peek_knowledge=premises.peek_knowledge,
    )
    scopes = list(SCOPES_OF_ROLE[Role.SUPERVISOR])
    key = premises.gatehouse().book.add_key("main", "desk", Role.SUPERVISOR, scopes, days=1)
    with TestClient(door, base_url="https://testserver", headers={"x-api-key": key.secret}) as client:
        yield client


def test_document_is_added_found_replaced_shown_and_retired(client: TestClient, premises: Premises) -> None:
    added = client.post("/knowledge/documents", json=TEA)
    assert added.status_code == 201
    assert (added.json()["outcome"], added.json()["document"]["document_id"]) == ("added", "kitchen:tea")
    found = client.post(
        "/knowledge/search", json={"query": "when is tea?", "kinds": ["faq"], "limit": 1}
    ).json()
    assert [(each["document_id"], each["heading_path"]) for each in found["passages"]] == [
        ("kitchen:tea", ["Tea"])
    ]
    assert client.post("/knowledge/documents", json=TEA).json()["outcome"] == "unchanged"
    later = client.post("/knowledge/documents", json=TEA | {"text": "Tea is off."}).json()
    assert (later["outcome"], later["document"]["version"]) == ("replaced", 2)
    shown = client.get("/knowledge/documents/kitchen:tea").json()
    assert [passage["text"] for passage in shown["passages"]] == ["Tea is off."]
    listed = client.get("/knowledge/documents", params={"all": True}).json()["documents"]
    assert [each["version"] for each in listed if each["document_id"] == "kitchen:tea"] == [1, 2]
    assert client.delete("/knowledge/documents/kitchen:tea").status_code == 204
    assert client.delete("/knowledge/documents/kitchen:tea").status_code == 404
    assert client.get("/knowledge/documents/kitchen:tea").status_code == 404
    premises.knowledge().wait("main")
    entries = list(each_entry(premises.database(), "main", "knowledge:kitchen:tea"))
    assert [entry.name.split(":")[-1] for entry in entries] == ["added", "replaced", "retired"]


def test_document_is_found_by_the_id_that_was_told_before_its_first_day_too(client: TestClient) -> None:
    soon = {"name": "kitchen/coffee", "text": "Coffee is served at ten.", "valid_from": "2999-01-01"}
    told = client.post("/knowledge/documents", json=soon).json()["document"]
    shown = client.get(f"/knowledge/documents/{told['document_id']}").json()
    assert (shown["version"], shown["valid_from"]) == (1, "2999-01-01")
    now = {"name": "kitchen/coffee", "text": "Coffee is off.", "valid_until": "2998-01-01"}
    client.post("/knowledge/documents", json=now)
    client.post("/knowledge/documents", json=soon)
    assert client.get("/knowledge/documents/kitchen:coffee").json()["valid_until"] == "2998-01-01"
    assert client.delete("/knowledge/documents/kitchen:coffee").status_code == 204
    assert client.get("/knowledge/documents/kitchen:coffee").status_code == 404


NAMES = st.from_regex(DocumentBody.model_fields["name"].metadata[-1].pattern, fullmatch=True)


@settings(max_examples=20, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@seed(20260105)
@example("N/\u09ac\u09c1\u09f8\u0992t\u099c\u09c0\u09f8U/\u09f9\u09ad7\u09c4")
@example("\u09af\u09bc/\u09df._-")
@given(NAMES.filter(lambda name: len(name) <= 150))
def test_every_name_that_is_accepted_is_found_again(client: TestClient, name: str) -> None:
    added = client.post("/knowledge/documents", json={"name": name, "text": "Tea."})
    assert added.status_code == 201
    document_id = added.json()["document"]["document_id"]
    shown = client.get(f"/knowledge/documents/{quote(document_id)}")
    assert (shown.status_code, shown.json()["source"]) == (200, name)


def test_gaps_and_numbers_are_shown(client: TestClient, premises: Premises) -> None:
    premises.knowledge().add_shipped("main")
    client.post("/knowledge/search", json={"query": "zzzz qqqq"})
    gaps = client.get("/knowledge/gaps").json()["gaps"]
    assert {"question": "zzzz qqqq", "times": 1} in gaps
    client.post("/knowledge/documents", json={"name": "old", "text": "Old.", "review_by": "2020-01-01"})
    assert "casewright_knowledge_stale_sources 1.0" in client.get("/metrics").text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"name": "../etc/passwd"}, 422),
        ({"name": "a b"}, 422),
        ({"text": ""}, 422),
        ({"text": "   \n"}, 422),
        ({"text": "x" * 100_001}, 422),
        ({"review_by": "2026-02-30"}, 422),
        ({"kind": "secret"}, 422),
        ({"format": "docx"}, 422),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, 409),
        ({"valid_until": "2000-01-01"}, 409),
        ({"name": "returns/policy.md"}, 422),
        ({"surplus": 1}, 422),
    ],
)
def test_document_that_cannot_be_is_refused(client: TestClient, change: dict[str, Any], status: int) -> None:
    answer = client.post("/knowledge/documents", json=TEA | {"name": "refused"} | change)
    assert answer.status_code == status, answer.text
    assert client.get("/knowledge/documents/refused").status_code == 404


def test_half_a_character_and_nul_are_searched_for_as_nothing(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post("/knowledge/search", content=b'{"query": "a\\u0000b \\ud800"}', headers=headers)
    assert answer.status_code in (200, 400, 422)


def test_house_opens_only_when_it_is_asked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    premises = Premises(Settings(home=home, embedder="none"))
    door = build_http_door(
        build_application(Settings()),
        open_gatehouse=premises.gatehouse,
        open_knowledge=premises.knowledge,
        peek_knowledge=premises.peek_knowledge,
        prepare=premises.prepare,
        close=premises.close,
    )
    with TestClient(door) as client:
        ticket = {"ticket_id": "T", "complaint": "I sent 500 taka to a wrong number"}
        assert client.post("/analyze-ticket", json=ticket).status_code == 200
        assert client.get("/metrics").status_code == 200
    assert not home.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"query": "tea", "as_of": "31.12.2026"}, "body.as_of: write a day as year-month-day, such as"),
        ({"query": "tea", "as_of": "2026-02-31"}, "body.as_of: there is no such day; write one"),
        ({"query": "?!"}, "body.query: has no word to look for"),
    ],
)
def test_what_a_search_cannot_be_is_told_in_words(
    client: TestClient, body: dict[str, str], said: str
) -> None:
    answer = client.post("/knowledge/search", json=body)
    assert answer.status_code == 422
    assert said in answer.json()["error"]["message"]
