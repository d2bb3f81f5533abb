"""However an answer is cut into pieces, what is told is its sentences, in order, and never more than has passed."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.adapters.gateway.sentences import Hearing, SentenceGate, split_sentences

TEXTS = st.text(alphabet="ab .!?।\"'\\)\n\té😀ি{}:,", max_size=120)
CUTS = st.lists(st.integers(1, 9), min_size=1, max_size=40)


def stream(gate: SentenceGate, text: str, cuts: list[int]) -> None:
    listen = gate.open_ear()
    assert listen is not None
    raw = json.dumps({"first": 'x. "message": "y. z', "message": text, "last": "u. v."})
    at, turn = 0, 0
    while at < len(raw):
        width = cuts[turn % len(cuts)]
        listen(raw[at : at + width])
        at, turn = at + width, turn + 1


@settings(max_examples=150, deadline=None)
@given(TEXTS, CUTS)
def test_what_is_told_is_the_text_in_its_sentences(text: str, cuts: list[int]) -> None:
    told: list[str] = []
    gate = SentenceGate(Hearing("message", lambda _: (), told.append))
    stream(gate, text, cuts)
    sentences = split_sentences(text)
    assert told == sentences[: len(told)]
    gate.finish(text)
    assert told == sentences


@settings(max_examples=150, deadline=None)
@given(TEXTS, CUTS, st.integers(0, 60))
def test_nothing_beyond_a_refusal_is_told(text: str, cuts: list[int], longest: int) -> None:
    told: list[str] = []
    gate = SentenceGate(
        Hearing("message", lambda so_far: ("x",) if len(so_far) > longest else (), told.append)
    )
    stream(gate, text, cuts)
    assert len(" ".join(told)) <= max(longest, 0) + len(told)
