"""Which identifiers stand in a log as they are, and which as a hash."""

import base64

import pytest

from casewright.service.log_labels import label_for_log


@pytest.mark.parametrize(
    "identifier",
    [
        "TKT-001",
        "TXN-9101",
        "TXN-H020",
        "SAMPLE-01",
        "tkt_42",
        "T1",
        "REQ-TKT-77",
        "TXN-20260414-001",
        "5f0c6a1e-8b7d-4c7a-9d63-2a1f0b6c8e11",
        "9f86d081884c7d659a2feaa0",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    ],
)
def test_plain_identifiers_stand_as_they_are(identifier: str) -> None:
    assert label_for_log(identifier) == identifier


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        " ",
        "my pin is 4821",
        "PIN-4821",
        "otp_482913",
        "OTP482913",
        "4111111111111111",
        "TXN-4111111111111111",
        "TXN-4111-1111-1111-1111",
        "01712345678",
        "+8801712345678",
        "TKT01712345678",
        "someone@example.com",
        "পিন ৪৮২১",
        "টিকেট-১",
        "\ud800",
        "TKT-1\nTKT-2",
        "A" * 100,
        base64.b64encode(b"my pin is 4821").decode(),
        "ｐｉｎ４８２１",
    ],
)
def test_anything_that_might_hold_a_secret_stands_as_a_hash(identifier: str) -> None:
    label = label_for_log(identifier)
    assert label.startswith("#")
    assert len(label) == 13
    assert label == label_for_log(identifier)
