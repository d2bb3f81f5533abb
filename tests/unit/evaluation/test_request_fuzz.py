"""Attempts: the same for the same numbers, of every recipe, with secrets planted where they can be looked for."""

import base64
import json
import zlib

from casewright.evaluation.planted import stands_in
from casewright.evaluation.request_envelopes import ENVELOPES
from casewright.evaluation.request_fuzz import MAX_BODY_BYTES, PLACES, Attempt, draw_attempt
from casewright.evaluation.request_structures import STRUCTURES

ATTEMPTS = [draw_attempt(11, number) for number in range(400)]


def test_an_attempt_is_made_again_from_its_two_numbers() -> None:
    assert [draw_attempt(11, number) for number in range(400)] == ATTEMPTS
    assert draw_attempt(12, 0) != draw_attempt(11, 0)


def test_every_way_to_bend_spoil_and_plant_comes_up() -> None:
    steps = {step for attempt in ATTEMPTS for step in attempt.recipe}
    assert set(STRUCTURES) | set(ENVELOPES) <= steps
    assert {place for place in PLACES if any(step.endswith(f" in {place}") for step in steps)} == set(PLACES)


def test_many_are_still_tickets_and_some_are_at_the_limit() -> None:
    assert sum(_is_ticket(attempt.body) for attempt in ATTEMPTS) > 150
    assert {-1, 0} <= {len(attempt.body) - MAX_BODY_BYTES for attempt in ATTEMPTS}
    assert any(len(attempt.body) > MAX_BODY_BYTES for attempt in ATTEMPTS)


def test_a_planted_secret_is_in_the_request() -> None:
    """The last one: a second may be put in the place of the first."""
    plain = [
        attempt
        for attempt in ATTEMPTS
        if attempt.secrets
        and not set(attempt.recipe) & set(ENVELOPES)
        and not {"header", "filled"} & set(" ".join(attempt.recipe).split())
    ]
    assert len(plain) > 50
    for attempt in plain:
        said = json.dumps(json.loads(attempt.body, parse_int=str), ensure_ascii=False)
        assert stands_in(attempt.secrets[-1], said), attempt.describe()


def test_a_description_holds_the_whole_of_a_small_body_and_of_a_large_one() -> None:
    small = Attempt(1, 2, ("cut",), b"{}").describe()
    assert small == "attempt 2 of seed 1 (cut; ()): base64 e30="
    large = Attempt(1, 3, (), b"ab" * 5_000).describe()
    assert zlib.decompress(base64.b64decode(large.rsplit(" ", 1)[1])) == b"ab" * 5_000


def _is_ticket(body: bytes) -> bool:
    try:
        document = json.loads(body, parse_int=float)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and isinstance(document.get("complaint"), str)
