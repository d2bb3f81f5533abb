"""MR8: a secret or personal datum in a complaint reaches no prompt, log line, audit event, metric, cache key or
reply; and what is decided on the redacted text is what is decided on the raw one."""

import io
import json
import logging
import random
from collections.abc import Callable, Iterator

import pytest
import structlog

from casewright.adapters.gateway.gateway import Gateway
from casewright.adapters.log import configure_logging, get_logger
from casewright.adapters.scripted_model import Fails, ScriptedModel
from casewright.evaluation.cases import GoldenCase
from casewright.evaluation.planted import ENCODINGS, VALUES, Planted, plant, stands_in
from casewright.evaluation.relations import Tally, changed_fields
from casewright.evaluation.subject import Answer, Subject
from casewright.service.decision_log import EVENT, build_decision_line
from casewright.service.metrics import Metrics
from casewright.text.redaction import redact
from casewright.writing.prompts import texts_output

SEED = 20_260_208
FULL = 2_000
NEEDED_RAW = ("phone",)
"""Kinds that the rules may have to read as they stand: a number names a recipient."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("debug", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def draw(
    honest: tuple[GoldenCase, ...], rng: random.Random, count: int
) -> Iterator[tuple[GoldenCase, Planted, str]]:
    """Honest tickets with one planted value each: every kind in every encoding in turn."""
    pairs = [(kind, encoding) for kind in VALUES for encoding in ENCODINGS]
    for number in range(count):
        case = rng.choice(honest)
        kind, encoding = pairs[number % len(pairs)]
        planted = plant(kind, encoding, rng)
        while stands_in(planted.value, str(case.ticket())):
            planted = plant(kind, encoding, rng)
        parts = [case.message, planted.sentence]
        rng.shuffle(parts)
        yield case, planted, rng.choice((" ", "\n")).join(parts)


def places_of(
    value: str, answer: Answer, model: ScriptedModel, log: io.StringIO, metrics: Metrics
) -> list[str]:
    """The outputs of one run in which a value can be read."""
    log.seek(0)
    log.truncate()
    get_logger().info(EVENT, **build_decision_line(answer.result, answer.response, "req-1", 0))
    reply = answer.result.reply
    metrics.record_case(answer.response, reply.source, reply.blocked, 0.001)
    line = json.loads(log.getvalue())
    del line["at"]
    messages = [message for seen in model.seen for message in seen.messages]
    outputs = {
        "prompt": "\n".join(message.content for message in messages),
        "log line": json.dumps(line, ensure_ascii=False),
        "audit": repr([(event.name, event.data) for event in answer.result.events]),
        "metrics": "\n".join(line.split(" ")[0] for line in metrics.render().decode().splitlines()),
        "answer": json.dumps(
            {k: v for k, v in answer.response.items() if k != "ticket_id"}, ensure_ascii=False
        ),
    }
    return [name for name, text in outputs.items() if stands_in(value, text)]


def test_a_planted_value_reaches_no_output(
    subject: Subject, honest: tuple[GoldenCase, ...], size: Callable[[int], int], log: io.StringIO
) -> None:
    rng = random.Random(SEED)
    tally, metrics = Tally("MR8, outputs", SEED), Metrics()
    for case, planted, message in draw(honest, rng, size(FULL)):
        model = ScriptedModel([Fails()], probabilities={"other": 1.0})
        answer = subject.on(model=model, may_propose=True).answer(case.ticket(message))
        found = places_of(planted.value, answer, model, log, metrics)
        tally.add(f"{planted.kind}, {planted.encoding}", planted.sentence, found, case.name)
    assert not tally.violations, tally.report()


def test_the_prompt_and_its_cache_key_do_not_depend_on_the_value(
    subject: Subject, honest: tuple[GoldenCase, ...], size: Callable[[int], int]
) -> None:
    """Two tickets that differ in the secret alone make one prompt, so one key."""
    rng = random.Random(SEED + 1)
    tally = Tally("MR8, cache keys", SEED + 1)
    gateway = Gateway([])
    output = texts_output(())
    for case, planted, message in draw(honest, rng, size(FULL // 4)):
        if planted.encoding != "plain":
            continue
        twin = plant(planted.kind, "plain", rng).value
        keys = set()
        for text in (message, message.replace(planted.value, twin)):
            model = ScriptedModel([Fails()])
            subject.on(model=model).answer(case.ticket(text))
            keys.add(gateway._request_key(model.seen[0].messages, output, model.seen[0].prompt_version))
        tally.add(planted.kind, message, [] if len(keys) == 1 else ["cache key"], twin)
    assert not tally.violations, tally.report()


def test_what_is_decided_on_the_redacted_text_is_what_is_decided_on_the_raw_one(
    subject: Subject, honest: tuple[GoldenCase, ...], size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED + 2)
    tally = Tally("MR8, redact then decide", SEED + 2)
    for case, planted, message in draw(honest, rng, size(FULL)):
        if planted.kind in NEEDED_RAW:
            continue
        raw = subject.answer(case.ticket(message))
        if raw.result.claim.phones or raw.result.claim.endings:
            continue
        redacted = subject.answer(case.ticket(redact(message).text))
        moved = changed_fields(raw.response, redacted.response)
        tally.add(
            f"{planted.kind}, {planted.encoding}", message, moved, f"{case.name}: {redact(message).text!r}"
        )
    assert not tally.violations, tally.report()


@pytest.mark.parametrize("frame", ["{}", "PIN {}", "otp-{}", "my card {}", "pin={}", "{} is my password"])
def test_a_secret_in_the_ticket_id_is_echoed_there_and_nowhere_else(
    frame: str, subject: Subject, honest: tuple[GoldenCase, ...], log: io.StringIO
) -> None:
    rng = random.Random(f"{SEED} {frame}")
    metrics = Metrics()
    for number, case in enumerate(honest[::7]):
        value = VALUES[tuple(VALUES)[number % len(VALUES)]](rng)
        if stands_in(value, str(case.ticket())):
            continue
        ticket_id = frame.format(ENCODINGS[rng.choice(tuple(ENCODINGS))](value, rng))
        model = ScriptedModel([Fails()])
        answer = subject.on(model=model).answer(case.ticket() | {"ticket_id": ticket_id})
        assert answer.response["ticket_id"] == ticket_id
        assert places_of(value, answer, model, log, metrics) == []
