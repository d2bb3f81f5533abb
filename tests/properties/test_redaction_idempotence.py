"""What holds for redaction of any text: twice is once, tokens are opaque, findings lie where they say."""

import os
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casewright.text.redaction import DESTROYED, Kind, contains_secret, find, redact, redact_value

FULL = os.environ.get("CASEWRIGHT_FULL") == "1"
EXAMPLES = settings(
    max_examples=3000 if FULL else 300, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
WORDS = """
my pin is PIN otp OTP code cvv password pass: card number phone nid address iban email at dot com gmail the a he told
amar holo ta chilo diye theke টাকা আমার পিন ওটিপি কোড পাসওয়ার্ড ঠিকানা বাসা রোড সেক্টর হলো ছিল নম্বর taka tk sent , . : = - / ( ) [ ]
? ! । " ' # * + % & 1 12 123 1234 5521 445566 998877 5000 1,500 2:30 12/05/2024 TXN-9101 01712345678 +8801712345678
4111111111111111 4111 1111 hunter2 Tiger@99 a@b.co name@example.com GB82WEST12345698765432 192.168.1.44 house road 12,
Dhaka dhanmondi Main Street New York, NY 10001 one two three four এক দুই তিন চার ১২৩৪ ৪৪৫৫৬৬ １２３４ [pin] [phone] [phone-3]
[otp] [password] \u200b \u200d is was from to and or last 4 digits ending 4455 sk-abcdefghijklmnop12 eyJhbGciOi.eyJzdWIi.abc
"""
PIECES = WORDS.split()
SENTENCES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=24).flatmap(
    lambda words: st.sampled_from([" ", " ", "", "\n"]).map(lambda gap: gap.join(words))
)
TEXTS = st.one_of(
    SENTENCES, st.text(max_size=200), st.text(alphabet="pinotcv 0123456789,.:-@[]", max_size=80)
)


@EXAMPLES
@given(TEXTS)
@example("my pin [pin] 1234")
@example("pin 1234 5678 9012 3456")
@example("call 01712345678 22334455")
@example("nid my a@b.co a@b.co 4111111111111111")
def test_redacting_twice_is_redacting_once(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once


@EXAMPLES
@given(TEXTS)
def test_a_redacted_text_holds_no_secret(text: str) -> None:
    assert not contains_secret(redact(text).text)


@EXAMPLES
@given(TEXTS)
def test_the_text_outside_the_findings_is_untouched(text: str) -> None:
    redacted = redact(text)
    rebuilt, at = "", 0
    for finding in redacted.findings:
        assert at <= finding.start < finding.end <= len(text)
        rebuilt += text[at : finding.start] + f"[{finding.kind}]"
        at = finding.end
    assert rebuilt + text[at:] == redacted.text


@EXAMPLES
@given(TEXTS)
@example("nid my a@b.co a@b.co 4111111111111111")
def test_a_vault_numbers_only_what_is_not_destroyed_and_its_tokens_are_left_alone(text: str) -> None:
    handed: list[tuple[Kind, str]] = []

    def tokenise(kind: Kind, value: str) -> str:
        handed.append((kind, value))
        return f"[{kind}-{len(handed)}]"

    numbered = redact(text, tokenise)
    assert all(kind not in DESTROYED for kind, _ in handed)
    assert redact(numbered.text).text == numbered.text
    assert numbered.findings == redact(text).findings


@EXAMPLES
@given(
    st.recursive(TEXTS | st.integers() | st.none() | st.booleans(), lambda leaf: st.lists(leaf, max_size=4))
)
def test_a_walked_record_keeps_its_shape(value: Any) -> None:
    walked = redact_value(value)
    assert type(walked) is type(value) or isinstance(walked, str)
    assert redact_value(walked) == walked


@EXAMPLES
@given(TEXTS)
def test_findings_are_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(one.end <= two.start for one, two in pairwise(found))
