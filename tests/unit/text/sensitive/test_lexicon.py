"""The lexicon: cues, endings, hints."""

import unicodedata
from importlib import resources

import pytest

from casewright.text.sensitive.findings import Kind
from casewright.text.sensitive.lexicon import Cue, CueTree, Flag, load_lexicon, words_of


def _cues(tree: CueTree) -> list[Cue]:
    own = [tree.cue] if tree.cue is not None else []
    return own + [cue for branch in tree.values() for cue in _cues(branch)]


def test_every_cue_holds_a_hint() -> None:
    lexicon = load_lexicon()
    bare = [
        " ".join(cue.parts)
        for cue in _cues(lexicon.cues)
        if cue.kind is not None
        and not any(
            hint in form for hint in lexicon.hints for form in ("".join(cue.parts), " ".join(cue.parts))
        )
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("pin", Kind.PIN),
        ("pinta", Kind.PIN),
        ("পিনটা", Kind.PIN),
        ("one-time password", Kind.OTP),
        ("card security code", Kind.CVV),
        ("পাসওয়ার্ডটি", Kind.PASSWORD),
        ("p.i.n", Kind.PIN),
        ("safety pin", None),
        ("promo code", None),
    ],
)
def test_a_phrase_names_its_kind(phrase: str, kind: Kind | None) -> None:
    match = load_lexicon().cues.match(list(words_of(phrase)), 0)
    assert match is not None
    assert match[0].kind is kind
    assert match[1] == len(words_of(phrase))


def test_the_longest_phrase_wins() -> None:
    match = load_lexicon().cues.match(["pin", "code", "of", "my", "area"], 0)
    assert match is not None
    assert match[0].kind is None


def test_a_sure_cue_replaces_a_weak_one_and_never_the_other_way_round() -> None:
    tree = CueTree()
    tree.add(Cue(("code",), Kind.OTP, is_weak=True))
    tree.add(Cue(("code",), Kind.PIN))
    tree.add(Cue(("code",), Kind.OTP, is_weak=True))
    assert tree["code"].cue == Cue(("code",), Kind.PIN)


def test_flags_are_read_in_both_scripts() -> None:
    flags = load_lexicon().flags
    assert flags["is"] & Flag.STRONG
    assert flags["হলো"] & Flag.STRONG
    assert flags["taka"] & Flag.CURRENCY
    assert flags["টাকা"] & Flag.CURRENCY


@pytest.mark.parametrize("name", ["redaction", "redaction_addresses", "redaction_cues"])
def test_the_words_are_written_in_composed_form(name: str) -> None:
    source = resources.files("casewright.text").joinpath(f"data/{name}.yaml").read_text("utf-8")
    assert unicodedata.is_normalized("NFC", source)
