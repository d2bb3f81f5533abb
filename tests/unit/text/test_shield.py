"""The outbound shield against hand-written replies: unsafe ones never pass, safe ones are never blocked."""

from dataclasses import replace
from pathlib import Path

import pytest

from casewright.domain.case import Language
from casewright.text.shield import ShieldContext, check
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
