"""Requests that Hypothesis makes: any JSON there is, and tickets that are nearly right."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from casewright.evaluation.cases import load_golden_cases
from casewright.evaluation.planted import ENCODINGS, load_sentences, plant, stands_in
from casewright.evaluation.request_bombs import UNITS
from casewright.evaluation.request_fuzz import SECRET_KINDS, Attempt

SEED = 20_260_402
FULL = 2_000
JSON_HEADERS = ((b"host", b"localhost"), (b"content-type", b"application/json"))
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
EVERY_CHARACTER = st.characters(exclude_categories=())
"""Lone surrogates among them."""

texts = st.text(EVERY_CHARACTER, max_size=60) | st.sampled_from(
    [unit for units in UNITS.values() for unit in units]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**60), 10**60)
    | st.floats(allow_nan=True, allow_infinity=True)
    | texts
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(texts, inner, max_size=6),
    max_leaves=30,
)


def mostly(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What a field should hold, three times out of four."""
    return st.integers(0, 3).flatmap(lambda turn: anything if turn == 0 else values)


rows = st.fixed_dictionaries(
    {},
    optional={
        "transaction_id": mostly(st.from_regex(r"TXN-[0-9]{1,5}", fullmatch=True) | texts),
        "timestamp": mostly(
            st.datetimes().map(lambda at: at.isoformat() + "Z")
            | st.from_regex(r"[0-9T:+.Z-]{1,30}", fullmatch=True)
        ),
        "type": mostly(
            st.sampled_from(["transfer", "payment", "cash_in", "cash_out", "settlement", "refund"])
        ),
        "amount": mostly(
            st.integers(0, 100_000)
            | st.floats(0, 1e6)
            | st.from_regex(r"[0-9,.৳ tkBDT-]{1,12}", fullmatch=True)
        ),
        "counterparty": mostly(
            st.from_regex(r"(\+8801[3-9][0-9]{8}|[A-Z]{3,8}-[A-Z0-9]{1,9})", fullmatch=True)
        ),
        "status": mostly(st.sampled_from(["completed", "failed", "pending", "reversed"])),
        "note": anything,
    },
)
complaints = st.sampled_from([case.message for case in load_golden_cases()])
tickets = st.fixed_dictionaries(
    {"ticket_id": texts, "complaint": complaints | texts | st.lists(complaints | texts).map(" ".join)},
    optional={
        "language": mostly(st.sampled_from(["en", "bn", "mixed"])),
        "channel": mostly(st.sampled_from(["in_app_chat", "call_center", "email"])),
        "user_type": mostly(st.sampled_from(["customer", "merchant", "agent", "unknown"])),
        "campaign_context": mostly(texts),
        "transaction_history": mostly(st.none() | st.lists(rows | anything, max_size=8)),
        "metadata": anything,
        "extra": anything,
    },
)
bodies = st.tuples(anything | tickets, st.booleans()).map(
    lambda drawn: json.dumps(drawn[0], ensure_ascii=drawn[1]).encode("utf-8", "surrogatepass")
)


def _settings(count: int) -> settings:
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=QUIET,
        print_blob=True,
    )


def _examine(door: Any, body: bytes, secrets: tuple[str, ...] = ()) -> None:
    attempt = Attempt(SEED, door.tries, ("Hypothesis",), body, JSON_HEADERS, secrets, 1 + len(body) % 3)
    faults = door.examine(attempt)
    assert not faults, "; ".join(faults) + "\n" + attempt.describe()


def test_no_json_makes_the_service_fail_or_hang(door: Any, size: Any, record_property: Any) -> None:
    @seed(SEED)
    @_settings(size(FULL))
    @given(body=bodies)
    def examine(body: bytes) -> None:
        _examine(door, body)

    examine()
    record_property("tries", door.report())


def test_no_ticket_that_is_nearly_right_makes_it_tell_a_secret(
    door: Any, size: Any, record_property: Any
) -> None:
    @seed(SEED + 1)
    @_settings(size(FULL))
    @given(
        ticket=tickets, draw=st.integers(0, 2**32), place=st.sampled_from(["complaint", "row", "metadata"])
    )
    def examine(ticket: dict[str, Any], draw: int, place: str) -> None:
        rng = random.Random(draw)
        planted = plant(rng.choice(SECRET_KINDS), rng.choice(tuple(ENCODINGS)), rng)
        if stands_in(planted.value, str(ticket)):
            return
        history = ticket.get("transaction_history")
        if place == "row" and isinstance(history, list) and history and isinstance(history[0], dict):
            history[0] = {**history[0], "counterparty": planted.sentence, "note": planted.sentence}
        elif place == "metadata":
            ticket["metadata"] = {planted.sentence: [planted.sentence]}
        else:
            ticket["complaint"] = f"{ticket['complaint']} {planted.sentence}"
        _examine(door, json.dumps(ticket).encode("utf-8"), (planted.value,))

    examine()
    record_property("tries", door.report())


@pytest.mark.parametrize("kind", SECRET_KINDS)
def test_every_sentence_about_a_secret_keeps_it(kind: str, door: Any) -> None:
    """Each packaged sentence, in each disguise, on a ticket whose rows match it."""
    rng = random.Random(f"{SEED} {kind}")
    ticket = next(case for case in load_golden_cases() if case.rows).ticket()
    for _ in range(len(load_sentences()[kind]) * 3):
        for encoding in ENCODINGS:
            planted = plant(kind, encoding, rng)
            if stands_in(planted.value, str(ticket)):
                continue
            told = {**ticket, "complaint": f"{planted.sentence} {ticket['complaint']}"}
            _examine(door, json.dumps(told).encode("utf-8"), (planted.value,))
