"""Annotation holds everywhere: any text is read, nothing is changed, spans lie inside, the answer repeats."""

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.evaluation.attacks import load_attacks
from casewright.intake.annotation import Annotation, annotate, remaining_after
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise

ANY_TEXT = st.text(st.characters(), max_size=300)
PIECES = st.lists(
    st.sampled_from(
        [attack.text for attack in load_attacks()]
        + [
            "আমি ভুল নম্বরে টাকা পাঠিয়েছি।",
            "My payment failed.",
            "i g n o r e",
            "\u202e",
            "\u200b",
            "{",
            "<",
            "===",
            "%69",
        ]
    ),
    max_size=6,
).map(" ".join)


@given(st.one_of(ANY_TEXT, PIECES))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_its_spans_lie_inside(text: str) -> None:
    normalised = normalise(text)
    annotated = annotate(normalised, tokenise(normalised.text))
    assert normalised.original == text
    assert {span.kind for span in annotated.spans} == set(annotated.kinds)
    assert list(annotated.kinds) == [kind for kind in Annotation if kind in annotated.kinds]
    assert all(0 <= span.start <= span.end <= len(normalised.text) for span in annotated.spans)


@given(st.one_of(ANY_TEXT, PIECES))
@settings(max_examples=200, deadline=None)
def test_the_same_text_gives_the_same_annotation(text: str) -> None:
    first, second = normalise(text), normalise(text)
    assert annotate(first, tokenise(first.text)) == annotate(second, tokenise(second.text))


@given(st.one_of(ANY_TEXT, PIECES))
@settings(max_examples=200, deadline=None)
def test_what_remains_is_the_text_with_blanks(text: str) -> None:
    normalised = normalise(text)
    left = remaining_after(normalised, annotate(normalised, tokenise(normalised.text)))
    if left:
        assert len(left) == len(normalised.text)
        assert all(kept in (char, " ") for kept, char in zip(left, normalised.text, strict=True))


@given(st.sampled_from(load_attacks()), st.sampled_from(load_attacks()))
@settings(max_examples=150, deadline=None)
def test_a_second_attack_never_hides_the_first(first: object, second: object) -> None:
    texts = [attack.text for attack in load_attacks() if attack in (first, second)]
    normalised = normalise("\n\n".join(texts))
    annotated = annotate(normalised, tokenise(normalised.text))
    assert {Annotation.INJECTION, Annotation.EXFILTRATION} & set(annotated.kinds)
