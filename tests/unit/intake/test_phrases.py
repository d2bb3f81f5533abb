"""Phrases: what each sign of the rule language means."""

import pytest

from casewright.intake.concepts import BREAK, LINE, Vocabulary
from casewright.intake.phrases import PhraseError, Rule, RuleSource, compile_rules

WORDS = {
    "IGNORE": {"en": "ignore forget"},
    "RULE": {"en": "rules instructions"},
    "MY": {"en": "my"},
    "OPEN": {"en": '( "'},
}
PHRASES = {"LEAD": ["^", "OPEN"], "ASIDE": ["*IGNORE", "put *aside"]}


def compiled(match: str) -> tuple[Vocabulary, Rule]:
    vocabulary = Vocabulary(WORDS)
    (rule,) = compile_rules(vocabulary, frozenset(WORDS), PHRASES, [RuleSource("tried", "kind", match)])
    return vocabulary, rule


def matches(match: str, text: str) -> bool:
    vocabulary, rule = compiled(match)
    words = text.replace("\n", " \n ").split(" ")
    return rule.pattern.search("".join(map(vocabulary.letter, filter(None, words)))) is not None


@pytest.mark.parametrize(
    ("match", "text", "expected"),
    [
        ("*IGNORE RULE", "forget rules", True),
        ("*IGNORE RULE", "forget the rules", False),
        ("*IGNORE the RULE", "forget the rules", True),
        ("*IGNORE the? RULE", "forget rules", True),
        ("*IGNORE the|all RULE", "forget all rules", True),
        ("*IGNORE ANY RULE", "forget these rules", True),
        ("*IGNORE ANY RULE", "forget rules", False),
        ("*IGNORE ~2 RULE", "ignore all the rules", True),
        ("*IGNORE ~2 RULE", "ignore all of the rules", False),
        ("*IGNORE ~2 RULE", "ignore it . rules", False),
        ("*IGNORE ~~2 RULE", "ignore it . rules", True),
        ("*IGNORE ~2 RULE", "ignore\nthe rules", True),
        ("*IGNORE ~2!MY RULE", "ignore my rules", False),
        ("^ *IGNORE", "ignore it", True),
        ("^ *IGNORE", "they ignore it", False),
        ("^ *IGNORE", "so . ignore it", True),
        ("^ *IGNORE", "so\nignore it", True),
        ("*IGNORE !MY", "ignore my", False),
        ("*IGNORE !MY", "ignore it", True),
        ("<!MY *IGNORE", "my forget", False),
        ("<!MY *IGNORE", "we forget", True),
        ("<LEAD> *IGNORE", "( ignore", True),
        ("<LEAD> *IGNORE", "they ignore", False),
        ("<LEAD>? all *IGNORE", "we all ignore", True),
    ],
)
def test_a_rule_matches_as_it_is_written(match: str, text: str, *, expected: bool) -> None:
    assert matches(match, text) is expected


def test_a_rule_requires_its_plain_words_and_a_phrase_its_anchors() -> None:
    vocabulary, rule = compiled("<LEAD> <ASIDE> the? ~3!MY *RULE !MY")
    assert rule.anchors == frozenset(vocabulary.letters_of(["RULE"]))
    assert rule.required == (
        frozenset(vocabulary.letters_of(["IGNORE", "=aside"])),
        frozenset(vocabulary.letters_of(["RULE"])),
    )


@pytest.mark.parametrize(
    ("match", "message"),
    [
        ("IGNORE RULE", "rule tried: no anchor"),
        ("<NOWHERE> *RULE", "rule tried: no phrase is named <NOWHERE>"),
        ("*RULES", "rule tried: no concept is named RULES"),
    ],
)
def test_a_rule_that_cannot_be_compiled_is_named(match: str, message: str) -> None:
    with pytest.raises(PhraseError, match=message):
        compiled(match)


def test_sentence_ends_and_line_ends_are_letters() -> None:
    vocabulary, _ = compiled("*IGNORE")
    assert [vocabulary.letter(sign) for sign in (".", "?", "\n")] == [BREAK, BREAK, LINE]
