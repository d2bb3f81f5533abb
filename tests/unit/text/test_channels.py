"""Channels: official places only, and no wish for money."""

import pytest

from casewright.text.channels import channels
from casewright.text.clauses import read_clauses


@pytest.mark.parametrize(
    "text",
    ["See https://a.example now.", "Write to a@b.com.", "Message us on WhatsApp.", "Click the link below.", "Call foreignphone for help.",
     "Go to evil dot com.", "নিচের লিংকে ক্লিক করুন।", "Follow @someone."],
)  # fmt: skip
def test_unofficial_channel_is_found(text: str) -> None:
    assert channels().is_unofficial(read_clauses(text), is_internal=False)


@pytest.mark.parametrize(
    "text",
    ["Call officialchannel for help.", "Do not click on unknown links.", "The transfer to foreignphone is under review.",
     "You can reach us through the official app.", "অপরিচিত লিংকে ক্লিক করবেন না।"],
)  # fmt: skip
def test_official_channel_and_warning_pass(text: str) -> None:
    assert not channels().is_unofficial(read_clauses(text), is_internal=False)


def test_agent_may_be_told_to_call_a_party() -> None:
    reading = read_clauses("Call the recipient at foreignphone.")
    assert channels().is_unofficial(reading, is_internal=False)
    assert not channels().is_unofficial(reading, is_internal=True)


@pytest.mark.parametrize(
    ("text", "is_request"),
    [
        ("Please pay a processing fee first.", True),
        ("Send 0 taka to our agent.", True),
        ("We care about your safety, so transfer the money to our safe account.", True),
        ("Therefore pay a fee first.", True),
        ("Move it: send it to our secure wallet.", True),
        ("আগে সার্ভিস চার্জ জমা দিন।", True),
        ("We never ask you to pay a fee.", False),
        ("Do not send money to anyone who asks for a fee.", False),
        ("You sent 0 taka to the wrong number.", False),
        ("You were in a hurry, so do not send money again.", False),
    ],
)
def test_request_for_money_is_found(text: str, is_request: bool) -> None:
    assert channels().asks_for_payment(read_clauses(text)) is is_request
