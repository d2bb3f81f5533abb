"""How single words are used."""

import pytest

from casewright.investigation import command_words
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


def test_words_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_words, "_MEMO_LIMIT", 3)
    monkeypatch.setattr(command_words, "_uses", command_words._Uses())
    assert uses_of(["bolo", "taka", "robot", "case", "bolo", "x" * 20_000])[0] & Use.ORDER
    assert len(command_words._uses) <= 3
    assert not any(len(word) > 100 for word in command_words._uses)
