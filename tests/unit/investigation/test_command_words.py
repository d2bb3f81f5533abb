"""How single words are used."""

import pytest

from casewright.investigation.command_words import Use, uses_of


@pytest.mark.parametrize(
    ("word", "use"),
    [
        ("bolo", Use.ORDER),
        ("korba", Use.ORDER),
        ("দেখাও", Use.ORDER),
        ("tomar", Use.FAMILIAR),
        ("তুমি", Use.FAMILIAR),
        ("robot", Use.MACHINE),
        ("koren", Use.POLITE),
        ("amar", Use.SELF),
        ("pathaisi", Use.FINITE),
        ("পাঠিয়েছি", Use.FINITE),
        ("pathate", Use.WANTED),
    ],
)
def test_a_word_has_its_use(word: str, use: int) -> None:
    assert uses_of([word])[0] & use


@pytest.mark.parametrize("word", ["bollo", "taka", "payment", "case", "please2", "টাকা", "x" * 20_000])
def test_other_words_are_no_orders(word: str) -> None:
    assert not uses_of([word])[0] & (Use.ORDER | Use.FAMILIAR | Use.MACHINE)


def test_english_words_end_no_clause_by_their_letters() -> None:
    assert uses_of(["case", "else", "these"]) == [0, 0, 0]
