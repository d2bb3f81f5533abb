"""Questions about neighbours of a token."""

from casewright.language.passage import build_passage
from casewright.language.tokens import tokenise
from casewright.language.vocabulary import CURRENCY


def test_outside_the_text_there_is_nothing() -> None:
    passage = build_passage(tokenise("500 taka"))
    for index in (-1, 2):
        assert passage.word(index) == ""
        assert passage.roles(index) == 0
        assert passage.entry(index) is None
        assert not passage.is_digits(index)
        assert not passage.is_letters(index)
        assert not passage.is_glued(index)
        assert not passage.ends_sentence(index)


def test_neighbours() -> None:
    passage = build_passage(tokenise("500tk. 1,5"))
    assert passage.roles(1) & CURRENCY
    assert passage.is_glued(1)
    assert not passage.is_glued(3)
    assert passage.ends_sentence(2)
    assert passage.is_digits(3)
    assert not passage.is_plain_digits(3)
    assert passage.is_letters(1)
