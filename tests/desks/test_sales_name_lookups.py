"""Look-ups of clients written by hand, and generated namesakes: exact names win, nobody is picked in doubt."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sales_desk import SALES, ask, build_road

from casewright.desks.sales.name_keys import strict_key
from casewright.desks.sales.names import match_client
from casewright.desks.sales.reading import read_question
from casewright.domain.client import Client

CASES: dict[str, Any] = yaml.safe_load((SALES / "cases" / "name_lookups.yaml").read_text("utf-8"))
NAMES = tuple(CASES["names"].items())


def test_the_set_is_large_enough() -> None:
    assert len(NAMES) >= 80
    assert len(CASES["picks"]) + len(CASES["asks"]) + len(CASES["nobody"]) >= 150


@pytest.mark.parametrize(("written", "client_id"), CASES["picks"].items())
def test_one_is_picked(written: str, client_id: str) -> None:
    assert match_client(written, NAMES).client_id == client_id


@pytest.mark.parametrize(("written", "candidates"), CASES["asks"].items())
def test_doubt_is_asked_about(written: str, candidates: list[str]) -> None:
    found = match_client(written, NAMES)
    assert found.client_id is None
    assert set(candidates) <= {client_id for client_id, _ in found.candidates}


@pytest.mark.parametrize("written", CASES["nobody"])
def test_nobody_is_meant(written: str) -> None:
    assert match_client(written, NAMES).is_nobody


@pytest.mark.parametrize(("written", "candidates"), CASES["asks"].items())
def test_a_question_in_doubt_reads_no_record(written: str, candidates: list[str]) -> None:
    clients = {one: Client(one, name, "FMCG", None, None, None) for one, name in NAMES}
    result = ask(f"What should I pitch to {written}?", build_road(clients))
    assert result.looked_up.clients == ()
    assert result.decisions == ()


DOUBTS: list[list[str]] = yaml.safe_load((SALES / "cases" / "name_doubts.yaml").read_text("utf-8"))
DOUBTED = tuple((f"P-{at}", name) for at, name in enumerate(name for row in DOUBTS for name in row[:2]))
ASKED = (
    "What should I pitch to {}?",
    "spend of {}",
    "{} last meeting",
    "{} er khoroch koto",
    "can we sell premium video to {} next week",
)


@pytest.mark.parametrize("row", DOUBTS, ids=[row[0] for row in DOUBTS])
def test_no_wording_of_a_question_picks_one_of_two_near_names(row: list[str]) -> None:
    in_full = {strict_key(name) for _, name in DOUBTED}
    for written in {form for text in row[2:] for form in (text, text.lower(), text.title())}:
        for asked in ASKED:
            found = read_question(asked.format(written), DOUBTED).clients
            if strict_key(written) not in in_full:
                assert [one.client_id for one in found if one.client_id] == [], asked.format(written)


@pytest.mark.parametrize("row", DOUBTS, ids=[row[0] for row in DOUBTS])
def test_a_name_in_full_is_picked_in_any_wording(row: list[str]) -> None:
    ids = {name: client_id for client_id, name in DOUBTED}
    if strict_key(row[0]) == strict_key(row[1]):
        return
    for name in row[:2]:
        for asked in ASKED:
            found = read_question(asked.format(name), DOUBTED).clients
            assert [one.client_id for one in found] == [ids[name]], asked.format(name)


_SYLLABLES = ("ba", "kor", "lin", "mar", "tes", "vo", "dun", "sel", "ra", "quil")
_ENDS = ("", " Foods", " Food", " Bank", " Ltd", " Motors", " 2", " (Dhaka)")
_LETTERS = "abeklmnorstuz 2"


def _change(name: str, changes: list[tuple[int, int, str]]) -> str:
    for kind, place, letter in changes:
        at = place % len(name)
        rest = name[at:] if kind == 0 else name[at + 1 :]
        name = name[:at] + ("" if kind == 1 else letter) + rest
        name = name or "x"
    return " ".join(name.split())


_NAME = st.builds(
    lambda parts, end: "".join(parts).capitalize() + end,
    st.lists(st.sampled_from(_SYLLABLES), min_size=2, max_size=4),
    st.sampled_from(_ENDS),
)
_CHANGES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 40), st.sampled_from(_LETTERS)), min_size=1, max_size=2
)


@settings(max_examples=300, deadline=None)
@given(_NAME, _CHANGES, _CHANGES, st.lists(_NAME, max_size=5))
def test_text_that_equals_neither_of_two_near_names_picks_neither(
    name: str, changes: list[tuple[int, int, str]], written: list[tuple[int, int, str]], others: list[str]
) -> None:
    near = _change(name, changes)
    if near.casefold() == name.casefold():
        return
    texts = {_change(name, written), _change(near, written), name.split()[0], f"{name} Ltd", near[:-1]}
    known = (("x-1", name), ("x-2", near), *((f"y-{at}", other) for at, other in enumerate(others)))
    exact = {" ".join(one.casefold().replace("(", " ").replace(")", " ").split()) for _, one in known}
    for text in texts:
        if " ".join(text.casefold().replace("(", " ").replace(")", " ").split()) in exact:
            continue
        assert match_client(text, known).client_id not in ("x-1", "x-2"), (text, known)
