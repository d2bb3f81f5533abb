"""Redaction of whole texts and of log records."""

from enum import StrEnum

import pytest

from casewright.text.redaction import Kind, contains_secret, find, redact, redact_value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my pin is 1234", "my pin is [pin]"),
        ("আমার পিন ১২৩৪", "আমার পিন [pin]"),
        ("amar otp ta 445566 chilo", "amar otp ta [otp] chilo"),
        ("CVV 123", "CVV [cvv]"),
        ("pass: hunter2", "pass: [password]"),
        ("card 4111 1111 1111 1111 charged twice", "card [card] charged twice"),
        ("call 01712345678", "call [phone]"),
        ("write to a.b@example.com", "write to [email]"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN [iban]"),
        ("NID 1234567890", "NID [national_id]"),
        ("bank account 12345678901", "bank account [account]"),
        ("from 192.168.10.14 at night", "from [ip] at night"),
        ("address: House 12, Road 5, Dhanmondi, Dhaka", "address: [address]"),
        ("key sk-abcdefghijklmnop1234 leaked", "key [token] leaked"),
        ("", ""),
        ("nothing here", "nothing here"),
    ],
)
def test_every_kind_has_its_token(text: str, expected: str) -> None:
    assert redact(text).text == expected


def test_findings_index_the_text_that_came_in() -> None:
    text = "আমার পি\u200bন ১\u200b২৩৪ আর ফোন ০১৭১২৩৪৫৬৭৮।"
    redacted = redact(text)
    assert redacted.text == "আমার পি\u200bন [pin] আর ফোন [phone]।"
    assert [(item.kind, text[item.start : item.end]) for item in redacted.findings] == [
        (Kind.PIN, "১\u200b২৩৪"),
        (Kind.PHONE, "০১৭১২৩৪৫৬৭৮"),
    ]


def test_joiners_that_bangla_needs_survive_around_a_secret() -> None:
    assert redact("র\u200d্যাব পিন ১২৩৪ র\u200d্যাম").text == "র\u200d্যাব পিন [pin] র\u200d্যাম"


def test_lone_surrogates_are_survived() -> None:
    assert redact("\ud800 pin 1234 \udfff").text == "\ud800 pin [pin] \udfff"


def test_tokens_are_opaque_and_stop_the_search_for_a_value() -> None:
    text = "my pin is [pin] and 5521 people know, call [phone-12]"
    assert redact(text).text == text


def test_a_secret_cannot_hide_in_the_form_of_a_token() -> None:
    assert redact("my pin is [pin 1234]").text == "my pin is [pin [pin]]"
    assert redact("my pin is [pin-1234]").text == "my pin is [pin-[pin]]"


def test_a_vault_numbers_personal_data_and_never_sees_a_secret() -> None:
    seen: list[tuple[Kind, str]] = []

    def tokenise(kind: Kind, value: str) -> str:
        seen.append((kind, value))
        return f"[{kind}-{len(seen)}]"

    redacted = redact("pin 1234, phone 01712345678, mail a@example.com", tokenise)
    assert redacted.text == "pin [pin], phone [phone-1], mail [email-2]"
    assert seen == [(Kind.PHONE, "01712345678"), (Kind.EMAIL, "a@example.com")]


def test_a_vault_that_answers_with_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="not of the form"):
        redact("phone 01712345678", lambda _kind, value: value)


def test_only_what_must_be_destroyed_counts_as_a_secret() -> None:
    assert contains_secret("otp 445566")
    assert contains_secret("5555555555554444")
    assert not contains_secret("phone 01712345678, a@example.com")
    assert not contains_secret("he asked for my PIN, I sent 5000 taka")


def test_the_graver_kind_wins_where_two_overlap() -> None:
    assert [item.kind for item in find("my card password 4111111111111111")] == [Kind.CARD]


class _Level(StrEnum):
    HIGH = "pin 1234"


def test_a_log_record_is_walked() -> None:
    record = {
        "event": "decided",
        "note": ["my pin is 1234", ("otp 445566", 7)],
        "count": 5000,
        "amount": 12.5,
        "ok": True,
        "nothing": None,
        "level": _Level.HIGH,
        "at": "2026-01-01T10:00:00.123456Z",
        "ruleset": "disputes@2026-01-01+sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "id": "550e8400-e29b-41d4-a716-446655440000",
    }
    assert redact_value(record) == {
        **record,
        "note": ["my pin is [pin]", ("otp [otp]", 7)],
    }


@pytest.mark.parametrize(
    ("key", "item", "expected"),
    [
        ("pin", "1234", "[pin]"),
        ("pin", 1234, "[pin]"),
        ("otp_code", 445566, 445566),
        ("customerPassword", "blue", "[password]"),
        ("Authorization", "Basic abc", "[token]"),
        ("api-key", "x", "[token]"),
        ("card_number", "[card]", "[card]"),
        ("password", "", ""),
        ("password", None, None),
        ("pin", True, True),
        ("spinning", "fast", "fast"),
        ("phone", "01712345678", "[phone]"),
    ],
)
def test_a_credentials_key_condemns_its_value(key: str, item: object, expected: object) -> None:
    assert redact_value({key: item}) == {key: expected}


def test_keys_numbers_bytes_and_exceptions_are_read_too() -> None:
    assert redact_value({"pin 1234": 1}) == {"pin [pin]": 1}
    assert redact_value(4111111111111111) == "[card]"
    assert redact_value(5000) == 5000
    assert redact_value(b"pin 1234") == "pin [pin]"
    assert redact_value(ValueError("bad otp 445566")) == "bad otp [otp]"
    assert redact_value({"otp 445566"}) == ["otp [otp]"]


def test_a_record_that_holds_itself_ends() -> None:
    record: list[object] = []
    record.append(record)
    assert "[too deep]" in str(redact_value(record))
