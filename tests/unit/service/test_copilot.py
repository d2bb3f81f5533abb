"""The copilot: answers kept with their cases, conversations that remember, nobody else's, decisions that replay."""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sales_desk import sales_ruleset

from casewright.adapters import clock
from casewright.adapters.importers.sample_clients import build_sample_clients
from casewright.adapters.journal.ledger import read_entries
from casewright.adapters.store.cases import StoredCases
from casewright.adapters.store.client_records import StoredClients
from casewright.adapters.store.tenants import has_rows
from casewright.desk import Answerable, Question
from casewright.domain.answer import Finding, Offer
from casewright.domain.errors import MeaninglessRequest, NotFound, NotPermitted, TooLarge
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
from casewright.service.copilot import Copilot, split_sentences
from casewright.service.premises import Premises
from casewright.settings import Settings

PITCH = "What should I pitch to Voltberry Devices?"
WAITS_S = 60
TEXT_DEADLINE_S = 6.5


def somebody(name: str = "usr-1", role: Role = Role.AGENT, tenant: str = "main") -> Principal:
    return Principal(name, role, tenant, f"ses-{name}", SCOPES_OF_ROLE[role])


ASKER = somebody()


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        as_of=date(2026, 7, 1),
        embedder="none",
        text_deadline_s=TEXT_DEADLINE_S,
    )
    premises = Premises(settings)
    clients = build_sample_clients(date(2026, 7, 1), currency="BDT")
    StoredClients(premises.database(), "main").put(clients, at=clock.now())
    premises.knowledge().add_shipped("main")
    yield premises
    premises.close()


@pytest.fixture(scope="module")
def copilot(premises: Premises) -> Copilot:
    return premises.copilot()


def test_answer_is_published_whole(copilot: Copilot) -> None:
    document = copilot.ask(ASKER, PITCH).document
    assert document["kind"] == "recommendation"
    assert document["source"] == "template"
    assert sorted(document["tools_used"]) == ["client_lookup", "playbook_search"]
    assert document["decision"]["ruleset_id"].startswith("sales@")
    assert document["decision"]["clauses"]
    assert document["citations"]
    assert "Voltberry Devices" in document["message"]
    assert document["review"]["is_fallback"] is False


def test_answer_is_a_stored_case_whose_decision_replays(copilot: Copilot, premises: Premises) -> None:
    document = copilot.ask(ASKER, PITCH).document
    case = StoredCases(premises.database(), "main").find(document["case_id"])
    assert case is not None
    assert (case.desk, case.subject) == ("sales", "recommendation")
    replays = copilot.replay(ASKER, document["case_id"])
    assert replays
    assert all(replay.is_same for replay in replays)
    with pytest.raises(NotFound):
        copilot.replay(somebody(tenant="other"), document["case_id"])


def test_ledger_holds_ids_and_codes_alone(copilot: Copilot, premises: Premises) -> None:
    document = copilot.ask(ASKER, PITCH).document
    entries = premises.database().read(
        lambda connection: read_entries(connection, "main", document["case_id"])
    )
    assert [entry.name for entry in entries] == [
        "case:request:read",
        "case:decision:made",
        "case:reply:written",
        "case:steps:taken",
    ]
    assert not any("oltberry" in entry.body or "pitch to" in entry.body for entry in entries)
    assert '"clients":["CL-111"]' in entries[0].body
    assert '"subject_id":"usr-1"' in entries[0].body


def test_conversation_remembers_whom_it_is_about(copilot: Copilot) -> None:
    first = copilot.ask(ASKER, PITCH).document
    second = copilot.ask(ASKER, "When was the last meeting with them?", first["conversation_id"]).document
    assert second["conversation_id"] == first["conversation_id"]
    assert "Voltberry Devices" in second["message"]
    conversation, turns = copilot.show(ASKER, first["conversation_id"])
    assert conversation.turns == 2
    assert [turn.number for turn in turns] == [1, 2]
    assert turns[0].question == PITCH


@pytest.mark.parametrize(
    "stranger", [somebody("usr-2"), somebody("usr-3", Role.ADMIN), somebody(tenant="other")]
)
def test_another_s_conversation_answers_like_an_absent_one(copilot: Copilot, stranger: Principal) -> None:
    kept = copilot.ask(ASKER, PITCH).document["conversation_id"]
    messages = set()
    for conversation_id in (kept, "conv_000000000000000000000000"):
        for act in (
            lambda name: copilot.ask(stranger, PITCH, name),
            lambda name: copilot.show(stranger, name),
            lambda name: copilot.forget(stranger, name),
        ):
            with pytest.raises(NotFound) as caught:
                act(conversation_id)
            messages.add((caught.value.code, caught.value.message))
    assert len(messages) == 1
    assert copilot.show(ASKER, kept)[0].turns == 1


def test_a_forgotten_conversation_is_gone(copilot: Copilot) -> None:
    kept = copilot.ask(ASKER, PITCH).document["conversation_id"]
    copilot.forget(ASKER, kept)
    with pytest.raises(NotFound):
        copilot.show(ASKER, kept)


def test_customers_are_turned_away(copilot: Copilot) -> None:
    with pytest.raises(NotPermitted):
        copilot.ask(somebody(role=Role.CUSTOMER), PITCH)


def test_question_is_kept_redacted(copilot: Copilot) -> None:
    kept = copilot.ask(ASKER, "Call me at +8801712345678 about Voltberry Devices").document
    (turn,) = copilot.show(ASKER, kept["conversation_id"])[1]
    assert "1712345678" not in turn.question


def test_empty_and_endless_questions_are_refused(copilot: Copilot) -> None:
    with pytest.raises(MeaninglessRequest):
        copilot.ask(ASKER, " \n ")
    with pytest.raises(TooLarge):
        copilot.ask(ASKER, "a" * 2_001)


def test_steps_are_told_first_then_sentences_then_the_answer(copilot: Copilot) -> None:
    told: list[tuple[str, Mapping[str, Any]]] = []
    document = copilot.ask(ASKER, PITCH, emit=lambda kind, data: told.append((kind, data))).document
    kinds = [kind for kind, _ in told]
    assert kinds == sorted(kinds, key=["step", "sentence", "answer"].index)
    sentences = [str(data["text"]) for kind, data in told if kind == "sentence"]
    assert " ".join(sentences).split() == str(document["message"]).split()
    assert told[-1] == ("answer", document)


def test_two_turns_of_one_conversation_at_once_are_two_turns_in_a_row(copilot: Copilot) -> None:
    kept = copilot.ask(ASKER, PITCH).document["conversation_id"]
    with ThreadPoolExecutor(2) as pool:
        for asked in [pool.submit(copilot.ask, ASKER, PITCH, kept) for _ in range(2)]:
            asked.result(WAITS_S)
    assert [turn.number for turn in copilot.show(ASKER, kept)[1]] == [1, 2, 3]


def test_a_turn_that_others_overtake_asks_no_model_again(copilot: Copilot) -> None:
    kept = copilot.ask(ASKER, PITCH).document["conversation_id"]
    asked: list[str] = []

    def write(answerable: Answerable, question: Question, _: tuple[Finding, ...]) -> Offer:
        asked.append(question.text)
        for _ in range(2):
            copilot.ask(ASKER, PITCH, kept)
        return replace(answerable.draft, source="model:test/one")

    slow = Copilot(replace(copilot._with, writer=write, submit=None))
    assert slow.ask(ASKER, PITCH, kept).document["source"] == "template"
    assert asked == [PITCH]
    assert copilot.show(ASKER, kept)[0].turns == 4


def test_the_deadline_of_the_settings_is_that_of_the_texts(copilot: Copilot) -> None:
    road = copilot._road(ASKER, sales_ruleset(), None, is_first=True)
    assert road.text_deadline_s == TEXT_DEADLINE_S


def test_fifty_identical_questions_at_once_cause_one_look_up_of_each_kind(copilot: Copilot) -> None:
    copilot.forget_look_ups()
    before = [cache.misses for cache in copilot.cache_numbers()]
    barrier = threading.Barrier(50)

    def ask() -> str:
        barrier.wait(WAITS_S)
        return str(copilot.ask(ASKER, PITCH).document["message"])

    with ThreadPoolExecutor(50) as pool:
        answers = [pool.submit(ask) for _ in range(50)]
        assert len({answer.result(WAITS_S) for answer in answers}) == 1
    assert [cache.misses - was for cache, was in zip(copilot.cache_numbers(), before, strict=True)] == [
        1,
        1,
        1,
    ]


def test_a_client_that_changes_is_seen_by_the_next_question(copilot: Copilot, premises: Premises) -> None:
    asked = "How much has Pixel Heron spent?"
    assert "60000" in copilot.ask(ASKER, asked).document["message"].replace(",", "")
    clients = StoredClients(premises.database(), "main")
    before = clients.find("CL-112")
    assert before is not None
    assert before.spend is not None
    clients.put([replace(before, spend=replace(before.spend, minor=7_700_000))], at=clock.now())
    assert "77000" in copilot.ask(ASKER, asked).document["message"].replace(",", "")
    clients.put([before], at=clock.now())


def test_sentences_keep_every_word_in_order() -> None:
    text = "Pitch banners. Keep 1.5 in mind!\n- one\n- two? আবার। Done"
    assert split_sentences(text) == ["Pitch banners.", "Keep 1.5 in mind!", "- one", "- two?", "আবার।", "Done"]


def test_nothing_is_kept_where_the_listener_has_gone(copilot: Copilot, tmp_path: Path) -> None:
    class Gone(Exception):
        pass

    def leave(kind: str, data: Mapping[str, object]) -> None:
        raise Gone

    kept = copilot.ask(ASKER, PITCH).document["conversation_id"]
    with pytest.raises(Gone):
        copilot.ask(ASKER, PITCH, kept, emit=leave)
    assert copilot.show(ASKER, kept)[0].turns == 1


def test_warming_up_reads_no_records_and_keeps_nothing(copilot: Copilot, premises: Premises) -> None:
    numbers = copilot.cache_numbers()
    kept = copilot.conversations(ASKER)
    copilot.warm_up("main")
    assert [(each.hits, each.misses) for each in copilot.cache_numbers()] == [
        (each.hits, each.misses) for each in numbers
    ]
    assert copilot.conversations(ASKER) == kept
    copilot.warm_up("nosuch")
    assert not has_rows(premises.database(), "nosuch")
