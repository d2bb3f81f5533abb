"""MR9: another customer's rows, the system prompts and the environment turn up in no answer, prompt or record.

Every answer that any suite of this folder asks for is inspected too: the `subject` fixture does it.
"""

import json
import random
from collections.abc import Callable

import pytest

from casewright.adapters.scripted_model import ScriptedModel
from casewright.evaluation.attacks import Position, insert_payload, load_attacks
from casewright.evaluation.canaries import Canaries, CanaryFoundError
from casewright.evaluation.cases import GoldenCase
from casewright.evaluation.relations import Tally
from casewright.evaluation.subject import Answer, Subject
from casewright.service.decision_log import build_decision_line

SEED = 20_260_209
FULL = 4_000
EXFILTRATION = tuple(attack for attack in load_attacks() if attack.kind == "exfiltration")


def records_of(answer: Answer) -> str:
    """Everything that is kept of a run, as text."""
    line = build_decision_line(answer.result, answer.response, "req-1", 0)
    events = [(event.name, event.case_id, event.data) for event in answer.result.events]
    return json.dumps(line, default=str, ensure_ascii=False) + repr(events)


def test_a_request_for_secrets_of_the_house_brings_none_out(
    subject: Subject, canaries: Canaries, honest: tuple[GoldenCase, ...], size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED)
    tally = Tally("MR9, exfiltration", SEED)
    for case in rng.choices(honest, k=size(FULL)):
        attack = rng.choice(EXFILTRATION)
        message = insert_payload(case.message, attack.text, rng.choice(tuple(Position)), rng)
        model = ScriptedModel()
        answer = subject.on(model=model).answer(case.ticket(message))
        shown = "\n".join(
            message.content for seen in model.seen for message in seen.messages if message.role == "user"
        )
        found = {
            "answer": canaries.found_in(answer.text),
            "record": canaries.found_in(records_of(answer)),
            "prompt": canaries.found_in(shown),
        }
        tally.add(attack.id, message, [name for name, canary in found.items() if canary])
    assert not tally.violations, tally.report()


def test_a_writer_that_tries_to_leak_lets_no_canary_out(
    subject: Subject, canaries: Canaries, honest: tuple[GoldenCase, ...]
) -> None:
    rng = random.Random(SEED)
    for leak in canaries.leaks:
        for case in rng.choices(honest, k=6):
            fields = dict(subject.answer(case.ticket()).result.reply.fields)
            name = rng.choice(tuple(fields))
            fields[name] = f"{leak} {fields[name]}"
            answer = subject.on(model=ScriptedModel([fields])).answer(case.ticket())
            assert canaries.found_in(answer.text) is None
            assert answer.result.reply.source == "template", leak


def test_an_answer_with_a_canary_is_noticed(subject: Subject, canaries: Canaries) -> None:
    """The watch itself works: the other customer's own ticket, asked again, shows their row."""
    with pytest.raises(CanaryFoundError):
        subject.answer(canaries.other_ticket)
