"""Outcomes: words that say what becomes of a matter, and whether the decision's own text says them.

A reply that a model has worded states no result that the template does not: no "approved", "sent" or
"today" of its own. Beginnings of words are compared, in English, Bangla and romanised Bangla.

Not done here: a result said in other words; the sentences that carry a decision are required elements.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from casewright.language.data_files import load_packaged
from casewright.language.normalise import normalise
from casewright.reflection.mentions import words_of_text

_SHORTEST: Final = 3


def states_other_outcome(text: str, supports: Iterable[str]) -> bool:
    """Whether a text says something of an outcome that none of the supporting texts says."""
    said = {begin for support in supports for begin in _outcomes_of(support)}
    return not said >= _outcomes_of(text)


def _outcomes_of(text: str) -> frozenset[str]:
    return frozenset(
        begin
        for word in words_of_text(text)
        if len(word) >= _SHORTEST
        for begin in _beginnings().get(word[:_SHORTEST], ())
        if word.startswith(begin)
    )


@cache
def _beginnings() -> dict[str, tuple[str, ...]]:
    """The packaged beginnings by their first letters."""
    found: dict[str, tuple[str, ...]] = {}
    content = load_packaged("casewright.reflection", "data/outcomes.yaml")
    for begin in normalise(content["outcomes"]).text.split():
        for part in begin.split("-"):
            found[part[:_SHORTEST]] = (*found.get(part[:_SHORTEST], ()), part)
    return found
