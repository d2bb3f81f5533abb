"""Markup and hidden characters: a reply is plain text."""

import pytest

from casewright.text.markup import has_hidden_text, has_markup


@pytest.mark.parametrize(
    "text",
    [
        "a\u200bb",
        "a\u202eb",
        "cоncern",
        "ＰＩＮ",
        "a\u00adb",
        "\U000e0041",
        "a\u200cb",
        "पिन",
        "é",
        "a\x00b",
        "a\x1bb",
        "\ud800",
    ],
)
def test_hidden_or_foreign_character_is_found(text: str) -> None:
    assert has_hidden_text(text)


@pytest.mark.parametrize(
    "text", ["Plain text.", "It’s “fine” – really…", "ক্ষ্‌ম", "আপনার ৳ ১০০", "Thank you 🙏", "two\nlines"]
)
def test_plain_character_passes(text: str) -> None:
    assert not has_hidden_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "<b>",
        "[a](b)",
        "**a**",
        "`a`",
        "{a}",
        "a://b",
        "javascript:alert(1)",
        "&#80;",
        "# Title",
        "a | b",
        "%3Cscript",
        "$5",
        "- item",
    ],
)
def test_markup_is_found(text: str) -> None:
    assert has_markup(text)


@pytest.mark.parametrize(
    "text", ["Fine, thanks (really).", "PIN/OTP", "well-known", "50% of it", "Note: this & that"]
)
def test_plain_punctuation_passes(text: str) -> None:
    assert not has_markup(text)
