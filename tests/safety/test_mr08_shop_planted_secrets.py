"""MR8 for the shop's desks: a secret or personal datum in a message reaches no reply, trace, log or row; and what is
decided on the redacted text is what is decided on the raw one."""

import io
import logging
import random
import re
from collections.abc import Callable, Iterator

import pytest
import structlog
from shop_situations import Situation
from support_house import TENANT, SupportHouse, support_houses
from support_relations import decided, draw, suite_house

from casewright.adapters.log import configure_logging, get_logger
from casewright.evaluation.planted import ENCODINGS, VALUES, Planted, plant, stands_in
from casewright.evaluation.relations import Tally
from casewright.evaluation.support_attacks import moved_fields
from casewright.service.one_shot import OneShot
from casewright.text.redaction import redact

__all__ = ["suite_house", "support_houses"]

SEED = 20_260_708
FULL = 2_000
DRAWN = re.compile(r"(?:[a-z]+[_-])?(?=[0-9]*[a-f])[0-9a-f]{12,}")
"""An id or a digest. One letter at least: a card number is none."""
SHORT = 6


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


def planted_messages(rng: random.Random, count: int) -> Iterator[tuple[Situation, Planted, str]]:
    """Honest requests with one planted value each: every kind in every encoding in turn."""
    pairs = [(kind, encoding) for kind in VALUES for encoding in ENCODINGS]
    for number, situation in enumerate(draw(rng, count)):
        kind, encoding = pairs[number % len(pairs)]
        planted = plant(kind, encoding, rng)
        ended = situation.message if situation.message[-1] in ".!?।" else f"{situation.message}."
        yield situation, planted, rng.choice((" ", "\n")).join((ended, planted.sentence))


def test_a_planted_value_reaches_no_output(
    suite_house: SupportHouse, size: Callable[[int], int], log: io.StringIO
) -> None:
    rng = random.Random(SEED)
    tally = Tally("MR8, conversations", SEED)
    values: list[str] = []
    for number, (situation, planted, message) in enumerate(planted_messages(rng, size(FULL))):
        asker = suite_house.customer(situation.customer)
        suite_house.traces.clear()
        log.seek(0)
        log.truncate()
        (result,) = suite_house.talk(asker, message)
        name = result.conversation.conversation_id
        _, turns = suite_house.doors.support.show(asker, name)
        get_logger().info("turn", trace=[repr(call) for call in result.trace])
        case = OneShot(f"C-{number}", message)
        whole = suite_house.doors.one_shot.respond(asker, case)
        queue = suite_house.doors.queue(TENANT).waiting(limit=3)
        outputs = {
            "reply": result.outcome.words.text,
            "one shot": repr(whole),
            "trace": repr(result.trace)
            + repr([(each.tool, each.arguments, each.outcome, each.note) for each in suite_house.traces]),
            "log": log.getvalue().split('"at"')[0],
            "turns": "\n".join(turn.text + repr(turn.detail) for turn in turns),
            "slots": repr(result.conversation.slots),
            "queue": "\n".join(waiting.record.summary for waiting in queue),
        }
        found = [
            place for place, text in outputs.items() if stands_in(planted.value, without_ids(text, name))
        ]
        tally.add(f"{planted.kind}, {planted.encoding}", message, found)
        if planted.encoding == "plain" and len(planted.value) > 5:
            values.append(planted.value)
    assert not tally.violations, tally.report()
    kept = without_ids(suite_house.everything_kept())
    numbers = set(re.findall(r"[0-9]+", kept))
    found = [value for value in values if (value in numbers if len(value) <= SHORT else value in kept)]
    assert found == [], "a short value is looked for as a whole number: amounts and times are many"


def without_ids(text: str, *names: str) -> str:
    """The text without ids and digests that were drawn for it: their digits are no value of anybody."""
    for name in names:
        text = text.replace(name, "")
    return DRAWN.sub("", text)


def test_what_is_decided_on_the_redacted_text_is_what_is_decided_on_the_raw_one(
    suite_house: SupportHouse, size: Callable[[int], int]
) -> None:
    rng = random.Random(SEED + 1)
    tally = Tally("MR8, conversations, redact then decide", SEED + 1)
    for situation, planted, message in planted_messages(rng, size(FULL)):
        asker = suite_house.customer(situation.customer)
        (raw,) = suite_house.talk(asker, message)
        (redacted,) = suite_house.talk(asker, redact(message).text)
        moved = moved_fields(decided(raw), decided(redacted))
        tally.add(f"{planted.kind}, {planted.encoding}", message, moved, redact(message).text)
    assert not tally.violations, tally.report()
