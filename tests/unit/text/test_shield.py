"""The outbound shield against hand-written replies: unsafe ones never pass, safe ones are never blocked."""

from dataclasses import replace
from pathlib import Path

import pytest

from casewright.domain.case import Language
from casewright.text import shield
from casewright.text.shield import CREDENTIAL_WARNING, ShieldContext, check
from casewright.text.violation import ShieldRule

REPLIES = Path(__file__).parent / "shield_replies"
CONTEXT = ShieldContext(
    facts=frozenset({"1200", "2", "TXN-9101", "+8801700000001", "MERCHANT-77"}),
    allowed_channels=frozenset({"16247", "https://help.casewright.example", "support@casewright.example"}),
    language=Language.EN,
)


def is_bangla(text: str) -> bool:
    return sum("\u0980" <= char <= "\u09ff" for char in text) * 2 > sum(char.isalpha() for char in text)


def is_romanised(text: str) -> bool:
    return text.split()[0].islower() and text.isascii() and "your money" not in text


def read_unsafe() -> list[tuple[ShieldRule, str]]:
    rule = ShieldRule.CREDENTIAL_ASK
    found = []
    for line in (REPLIES / "unsafe.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# rule: "):
            rule = ShieldRule(line.removeprefix("# rule: "))
        elif line:
            found.append((rule, line))
    return found


def read_safe() -> list[tuple[ShieldContext, str]]:
    context = CONTEXT
    found = []
    for line in (REPLIES / "safe.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            key, value = line.removeprefix("# ").split(": ")
            changes = {
                "language": {"language": Language(value)} if key == "language" else {},
                "audience": {"audience": value},
                "refund": {"is_refund_recorded": True},
            }[key]
            context = replace(CONTEXT, **changes)
        elif line:
            found.append((context, line))
    return found


def expected_language(rule: ShieldRule, text: str) -> Language:
    if rule is ShieldRule.WRONG_LANGUAGE:
        return Language.EN
    return Language.BN if is_bangla(text) else Language.MIXED if is_romanised(text) else Language.EN


@pytest.mark.parametrize(("rule", "text"), read_unsafe())
def test_unsafe_reply_is_refused_for_its_own_rule(rule: ShieldRule, text: str) -> None:
    context = replace(CONTEXT, language=expected_language(rule, text))
    found = check(text, context)
    assert rule in {violation.rule for violation in found} or (
        found
        and ShieldRule.UNSUPPORTED_FACT in {violation.rule for violation in found}
        and rule is ShieldRule.CREDENTIAL_ASK
        and is_romanised(text)
    )


@pytest.mark.parametrize(("context", "text"), read_safe())
def test_safe_reply_passes(context: ShieldContext, text: str) -> None:
    assert check(text, context) == ()


def test_corpora_are_as_large_as_promised() -> None:
    assert len(read_unsafe()) >= 150
    assert len(read_safe()) >= 100


def rules_of(text: str, context: ShieldContext = CONTEXT) -> set[ShieldRule]:
    return {violation.rule for violation in check(text, context)}


def test_missing_warning_is_reported_where_it_is_required() -> None:
    context = replace(CONTEXT, required=(CREDENTIAL_WARNING,))
    assert rules_of("We are looking into it.", context) == {ShieldRule.MISSING_ELEMENT}
    assert rules_of("We are looking into it. Please never share your PIN or OTP.", context) == set()


def test_blank_and_endless_texts_are_refused_for_their_length() -> None:
    assert rules_of("  ") == {ShieldRule.LENGTH}
    assert rules_of("We are looking into it. " * 60) == {ShieldRule.LENGTH}
    assert ShieldRule.LENGTH in rules_of("word " * 200, replace(CONTEXT, max_chars=2_000))


def test_same_text_is_judged_alike_a_second_time() -> None:
    text = "We are looking into transaction TXN-9101 for you."
    assert check(text, CONTEXT) == check(text, CONTEXT) == ()
    other = replace(CONTEXT, facts=frozenset())
    assert ShieldRule.UNSUPPORTED_FACT in rules_of(text, other)


def test_clean_text_is_remembered_for_its_own_context_only() -> None:
    text = "Our records show that the amount has been refunded."
    assert rules_of(text, replace(CONTEXT, is_refund_recorded=True)) == set()
    assert rules_of(text) == {ShieldRule.PROMISE}


def test_memo_of_clean_texts_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shield, "_MEMO_LIMIT", 2)
    shield._clean_skeletons.clear()
    shield._clean_outlines.clear()
    for text in ("We are looking into it.", "Thank you for waiting.", "Our team will review the case."):
        assert check(text, CONTEXT) == ()
    assert len(shield._clean_skeletons) <= 2
    assert len(shield._clean_outlines) <= 2


def test_memo_holds_no_word_of_the_facts() -> None:
    shield._clean_skeletons.clear()
    shield._clean_outlines.clear()
    context = replace(CONTEXT, facts=frozenset({"Rahim Store", "TXN-9101", "5500"}))
    assert check("We are checking TXN-9101 of 5,500 taka at Rahim Store.", context) == ()
    assert check("We are checking TXN-9101 of 5,500 taka.", context) == ()
    assert check("We are checking TXN-9101 of 5500 taka.", context) == ()
    assert [key[0] for key in shield._clean_skeletons] == ["We are checking recordid of 0 taka."]
    assert not shield._clean_outlines, "a text that was known by its skeleton is not learned anew"
    shield._clean_skeletons.clear()
    assert check("We are checking TXN-9101 of 5500 taka.", context) == ()
    assert [key[0].replace("\x00", "") for key in shield._clean_outlines] == [
        "We are checking recordid of 0 taka."
    ]


def test_number_that_nobody_handed_over_is_found_in_a_text_of_a_known_shape() -> None:
    context = replace(CONTEXT, facts=frozenset({"5500"}))
    for known in ("We are checking 5500 taka.", "We are checking it."):
        assert check(known, context) == check(known, context) == ()
    for text in ("We are checking 0 taka.", "We are checking 5501 taka.", "We are checking ৫৫০১ taka."):
        assert ShieldRule.UNSUPPORTED_FACT in rules_of(text, context), text


def test_violations_name_the_rule_and_never_the_words() -> None:
    (violation,) = check("We will refund you.", CONTEXT)
    assert (violation.rule, violation.start, violation.end) == (ShieldRule.PROMISE, 0, 19)
