"""Envelopes: documents become bytes, bytes are spoilt, and sizes are met to the byte."""

import json
import random

import pytest

from casewright.evaluation.request_envelopes import ENVELOPES, draw_headers, encode_document, fill_to
from casewright.evaluation.request_structures import as_literal

BODY = '{"ticket_id":"T-1","complaint":"I sent ৫০০ taka to the wrong number"}'.encode()


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_way_makes_other_bytes_and_the_same_of_the_same_seed(name: str) -> None:
    made = [ENVELOPES[name](BODY, random.Random(seed)) for seed in range(20)]
    assert made == [ENVELOPES[name](BODY, random.Random(seed)) for seed in range(20)]
    assert any(body != BODY for body in made)


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_way_takes_a_body_of_any_kind(name: str) -> None:
    for body in (b"", b"[]", b"\xff\xfe", b"{}"):
        assert isinstance(ENVELOPES[name](body, random.Random(4)), bytes)


@pytest.mark.parametrize(
    "name", ["byte order mark", "UTF-16", "UTF-32", "blanks around", "keys repeated", "escaped"]
)
def test_a_ticket_in_another_form_is_still_the_ticket(name: str) -> None:
    for seed in range(9):
        read = json.loads(ENVELOPES[name](BODY, random.Random(seed)), parse_int=str)
        assert (
            json.loads(BODY).items()
            <= {key: value for key, value in read.items() if isinstance(value, str)}.items()
        )


def test_numbers_that_python_has_not_are_written_bare() -> None:
    body = encode_document(
        {"a": as_literal("1e400"), "b": float("nan"), "c": as_literal("9" * 5_000)}, random.Random(6)
    )
    assert b"@@raw" not in body
    assert b"1e400" in body
    assert b"NaN" in body
    assert b"9" * 5_000 in body


@pytest.mark.parametrize("size", [100, 90, 5_000])
def test_a_body_is_filled_to_the_byte_and_stays_a_ticket(size: int) -> None:
    filled = fill_to(BODY, size)
    assert len(filled) == size
    assert json.loads(filled)["ticket_id"] == "T-1"


def test_a_body_that_is_longer_is_left_alone() -> None:
    assert fill_to(BODY, 10) == BODY


def test_headers_are_mostly_plain_and_sometimes_odd() -> None:
    drawn = [draw_headers(random.Random(seed)) for seed in range(300)]
    assert sum((b"content-type", b"application/json") in headers for headers in drawn) > 150
    names = {name for headers in drawn for name, _ in headers}
    assert {b"content-length", b"content-encoding", b"x-request-id", b"x-299"} <= names
