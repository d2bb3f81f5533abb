"""Values behind a cue: tight, linked, loose, in a later sentence, in lists."""

import pytest

from casewright.text.redaction import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pin is 5000", "pin is [pin]"),
        ("my pin: 1 2 3 4 ok", "my pin: [pin] ok"),
        ("OTP. 445566", "OTP. [otp]"),
        ("PIN!!! 5150", "PIN!!! [pin]"),
        ("my pin\n1234", "my pin\n[pin]"),
        ("i gave otp to him 445566", "i gave otp to him [otp]"),
        ("otp for the payment of tk 2,500 is 661204", "otp for the payment of tk 2,500 is [otp]"),
        ("PIN was asked. I told him 4321.", "PIN was asked. I told him [pin]."),
        ("shared my PIN. It was 4321", "shared my PIN. It was [pin]"),
        ("reset pin please. New: 2288", "reset pin please. New: [pin]"),
        ("pins 1234, 5678 and 9012", "pins [pin], [pin] and [pin]"),
        ("pin not 1234 but 5678", "pin not [pin] but [pin]"),
        ("pin changed from 4545 to 6767", "pin changed from [pin] to [pin]"),
        ("my pin is l2E4", "my pin is [pin]"),
        ("otp A7K2P9", "otp [otp]"),
        ("pin of 4 digits 4321", "pin of 4 digits [pin]"),
    ],
)
def test_a_value_is_taken(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "after the otp 4785 was deducted",
        "pin asked and then 4785 gone",
        "otp came from 16247",
        "pin blocked since 2021",
        "pin 12 times wrong",
        "OTP was never shared. 4785 deducted anyway.",
        "They asked for the PIN. I sent 4785.",
        "otp 10am",
        "code of the product: 445512",
        "the OTP was for 3,499 purchase",
    ],
)
def test_an_amount_a_time_or_a_record_is_not(text: str) -> None:
    assert redact(text).text == text
