"""The copilot with a text model: its words leave where they pass the review, and the template's where not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from casewright.adapters import clock
from casewright.adapters.importers.sample_clients import build_sample_clients
from casewright.adapters.scripted_model import SOURCE, Fails, ScriptedModel
from casewright.adapters.store.client_records import StoredClients
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
from casewright.service.copilot import Copilot
from casewright.service.premises import Premises
from casewright.settings import Settings

PITCH = "What should I pitch to Voltberry Devices?"
ASKER = Principal("usr-1", Role.AGENT, "main", "ses-1", SCOPES_OF_ROLE[Role.AGENT])


@contextmanager
def copilot(home: Path, model: ScriptedModel | None) -> Iterator[Copilot]:
    premises = Premises(Settings(home=home, as_of=date(2026, 7, 1), embedder="none"), model)
    clients = build_sample_clients(date(2026, 7, 1), currency="BDT")
    StoredClients(premises.database(), "main").put(clients, at=clock.now())
    premises.knowledge().add_shipped("main")
    yield premises.copilot()
    premises.close()


def test_words_of_a_model_leave_where_they_pass_and_change_no_decision(tmp_path: Path) -> None:
    with copilot(tmp_path, None) as plain:
        before = plain.ask(ASKER, PITCH).document
    said = {"message": before["message"], "rationale": before["rationale"]}
    model = ScriptedModel([said])
    with copilot(tmp_path, model) as voiced:
        answer = voiced.ask(ASKER, PITCH).document
    assert answer["source"] == SOURCE
    assert answer["message"] == before["message"]
    assert answer["decisions"] == before["decisions"]
    assert PITCH in model.seen[0].messages[-1].content


def test_a_model_that_pitches_what_is_forbidden_is_told_and_then_replaced(tmp_path: Path) -> None:
    lie = {"message": "Voltberry Devices should get premium video.", "rationale": "It is the best."}
    model = ScriptedModel([lie])
    with copilot(tmp_path, model) as voiced:
        document = voiced.ask(ASKER, PITCH).document
    assert document["source"] == "template"
    assert "premium video" not in document["message"]
    assert 1 <= document["review"]["tries"] <= 3
    assert "forbidden_product" in {finding["code"] for finding in document["review"]["findings"]}


def test_a_model_that_fails_costs_the_words_alone(tmp_path: Path) -> None:
    with copilot(tmp_path, ScriptedModel([Fails()])) as voiced:
        document = voiced.ask(ASKER, PITCH).document
    assert (document["source"], document["kind"]) == ("template", "recommendation")
