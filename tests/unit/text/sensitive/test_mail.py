"""Mail addresses, plain and spelled out."""

import pytest

from casewright.text.sensitive.mail import find_mail
from casewright.text.sensitive.scan import Scan


def _found(text: str) -> list[str]:
    return [text[item.start : item.end] for item in find_mail(Scan.of(text))]


@pytest.mark.parametrize(
    "address",
    [
        "a.b@example.com",
        "first+tag@sub.example.co.uk",
        "user_name@example.io",
        "name @ gmail . com",
        "name@gmail",
        "name at gmail dot com",
        "name (at) example [dot] org",
        "name[at]gmail.com",
        "john dot doe at gmail dot com",
        "name at the rate gmail dot com",
        "name at gmail.com",
        "ｎａｍｅ＠example.com",
    ],
)
def test_an_address_is_found(address: str) -> None:
    assert _found(f"write {address} today") == [address]


@pytest.mark.parametrize(
    "text",
    ["ordered at example.com", "look at gmail.com", "paid @ 500 taka", "@rahim", "a @ b", "at home dot"],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert _found(text) == []


def test_a_full_stop_behind_a_host_is_no_part_of_the_address() -> None:
    text = "write to nimbus@800xq. The store"
    assert [text[found.start : found.end] for found in find_mail(Scan.of(text))] == ["nimbus@800xq"]
