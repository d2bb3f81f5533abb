"""Masking: known numbers and ids become signs, unknown ones are reported by span."""

import pytest

from casewright.text.fact_masking import canonical, has_number, mask_facts, outline

FACTS = frozenset({"1200", "TXN-9101", "+8801700000001", "MERCHANT-SELF", "12:30"})
CHANNELS = frozenset({"16247", "https://help.casewright.example", "support@casewright.example"})


@pytest.mark.parametrize(
    ("text", "skeleton"),
    [
        ("We noted 1200 taka.", "We noted 0 taka."),
        ("We noted 1,200.00 taka.", "We noted 0 taka."),
        ("১২০০ টাকা", "0 টাকা"),
        ("See TXN-9101.", "See recordid."),
        ("Sent to 01700000001.", "Sent to foreignphone."),
        ("Paid MERCHANT-SELF at 12:30.", "Paid recordid at 0."),
        (
            "Call 16247 or see https://help.casewright.example.",
            "Call officialchannel or see officialchannel.",
        ),
        ("Write to support@casewright.example, please.", "Write to officialchannel, please."),
    ],
)
def test_known_fact_becomes_a_sign(text: str, skeleton: str) -> None:
    masked = mask_facts(text, FACTS, CHANNELS)
    assert (masked.skeleton, masked.unknown) == (skeleton, ())


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("We noted 1201 taka.", "1201"),
        ("See TXN-9102.", "TXN-9102"),
        ("See AB12CD.", "AB12CD"),
        ("See BILLER-TITAS now.", "BILLER-TITAS"),
        ("At 12:31 today.", "12:31"),
        ("+8801799999999 called", "+8801799999999"),
        ("৫০% of it", "৫০%"),
    ],
)
def test_unknown_fact_is_reported_by_span(text: str, unknown: str) -> None:
    ((start, end),) = mask_facts(text, FACTS, CHANNELS).unknown
    assert text[start:end] == unknown


def test_longer_address_than_the_official_one_is_not_masked() -> None:
    masked = mask_facts("See https://help.casewright.example.evil.org now", FACTS, CHANNELS)
    assert "officialchannel" not in masked.skeleton


@pytest.mark.parametrize(
    ("token", "value"),
    [("1,200", "1200"), ("1,50,000", "150000"), ("12,00", "12,00"), ("1200.50", "1200.5"), ("১২০০", "1200"), ("+8801711223344", "01711223344"),
     ("#77", "77"), ("TXN-1", "txn-1")],
)  # fmt: skip
def test_value_of_a_token(token: str, value: str) -> None:
    assert canonical(token) == value


@pytest.mark.parametrize(
    ("text", "channels", "outlined", "holds_number"),
    [
        ("See TXN-9101 of 1200.", (), "See recordid of 0.", False),
        ("Sent to +8801700000001.", (), "Sent to foreignphone.", False),
        ("Sent to +8801700000001.", ("+8801700000001",), "Sent to +8801700000001.", True),
        ("Sent to +8801700000002.", (), "Sent to +8801700000002.", True),
        ("We noted 0 taka.", (), "We noted 0 taka.", True),
    ],
)
def test_outline_is_the_text_without_its_facts(
    text: str, channels: tuple[str, ...], outlined: str, holds_number: bool
) -> None:
    found = outline(text, FACTS, channels)
    assert found is not None
    assert (found.replace("\x00", ""), has_number(found)) == (outlined, holds_number)


@pytest.mark.parametrize("text", ["+88017000000012", "TXN-9101a", "x1200"])
def test_piece_of_something_else_has_no_outline(text: str) -> None:
    assert outline(text, FACTS) is None
