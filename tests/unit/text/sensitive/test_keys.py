"""Machine secrets. All of them are invented."""

import pytest

from casewright.text.sensitive.keys import find_keys
from casewright.text.sensitive.scan import Scan


def _found(text: str) -> list[str]:
    return [text[item.start : item.end] for item in find_keys(Scan.of(text))]


@pytest.mark.parametrize(
    "key",
    [
        "sk-" + "abcdefghijklmnop1234",
        "AKIA" + "ABCDEFGH12345678",
        "ghp_" + "abcdefghijklmnopqrst0123",
        "xoxb-" + "1234567890-abcdef",
        "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0",
    ],
)
def test_a_known_form_is_found(key: str) -> None:
    assert _found(f"I pasted {key} here") == [key]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("api key: Zx81kQpL0mNb", "Zx81kQpL0mNb"),
        ("Authorization: Bearer abcDEF1234567890", "abcDEF1234567890"),
        ("access_token=ab12cd34ef56", "ab12cd34ef56"),
        ("postgres://root:s3cr3t@db/x", "root:s3cr3t"),
    ],
)
def test_a_named_secret_is_found(text: str, value: str) -> None:
    assert _found(text) == [value]


def test_a_private_key_is_found_whole() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----"
    assert _found(f"see {key} ok") == [key]


@pytest.mark.parametrize(
    "text",
    ["token 45 waited", "the key problem is that", "secret offer of 10000", "basic understanding of it"],
)
def test_ordinary_words_stay(text: str) -> None:
    assert _found(text) == []
