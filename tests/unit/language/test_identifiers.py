"""Ids, and the digits that belong to phones, cards and codes."""

import pytest

from casewright.language.identifiers import Identifier, read_identifiers, read_phone, skip_card
from casewright.language.normalise import normalise
from casewright.language.passage import build_passage
from casewright.language.tokens import tokenise


def ids_of(text: str) -> tuple[str, ...]:
    return tuple(found.text for found in read_identifiers(tokenise(normalise(text).text)))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("my TXN-9101 failed", ("txn-9101",)),
        ("trx12345", ("trx12345",)),
        ("#9101", ("9101",)),
        ("trx 8N7A6D5C4B ok", ("8n7a6d5c4b",)),
        ("TXN-9101, TXN-9102", ("txn-9101", "txn-9102")),
        ("AGENT-318 took TXN-9101.", ("agent-318", "txn-9101")),
        ("TXN-91-01-A", ("txn-91-01-a",)),
        ("ＴＸＮ－９１０１", ("txn-9101",)),
        ("5000tk", ()),
        ("tk5000", ()),
        ("5k", ()),
        ("2pm", ()),
        ("৫০০টাকা", ()),
        ("12th", ()),
        ("2x", ()),
        ("5000-6000", ()),
        ("no numbers", ()),
    ],
)
def test_ids_of_letters_and_digits(text: str, ids: tuple[str, ...]) -> None:
    assert ids_of(text) == ids


def test_place_of_an_id() -> None:
    assert read_identifiers(tokenise("see txn-9101 now")) == (Identifier("txn-9101", 1, 4),)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("4111 1111 1111 1111", 4),
        ("4111-1111-1111-1111", 7),
        ("4111111111111111", 1),
        ("5000 6000", None),
        ("5000 500 5000 500", None),
    ],
)
def test_runs_as_long_as_a_card(text: str, last: int | None) -> None:
    assert skip_card(build_passage(tokenise(text)), 0) == last


def test_a_phone_stops_at_its_last_digit() -> None:
    assert read_phone(build_passage(tokenise("01711 000000 5000")), 0) == ("01711000000", 2)
