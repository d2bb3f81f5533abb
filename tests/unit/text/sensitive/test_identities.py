"""IBAN, national ids, accounts, network addresses."""

import pytest

from casewright.text.sensitive.identities import find_identities
from casewright.text.sensitive.scan import Scan


def _found(text: str) -> list[tuple[str, str]]:
    return [(str(item.kind), text[item.start : item.end]) for item in find_identities(Scan.of(text))]


@pytest.mark.parametrize(
    "iban", ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "NL91 ABNA 0417 1643 00"]
)
def test_an_iban_proves_itself(iban: str) -> None:
    assert ("iban", iban) in _found(f"pay {iban} please")


def test_a_wrong_iban_needs_the_word() -> None:
    assert _found("pay GB82 WEST 1234 5698 7654 33 now") == []
    assert _found("iban GB82 WEST 1234 5698 7654 33 now") == [("iban", "GB82 WEST 1234 5698 7654 33")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NID 1234567890", "1234567890"),
        ("এনআইডি নম্বর ১৯৯০১২৩৪৫৬৭৮৯", "১৯৯০১২৩৪৫৬৭৮৯"),
        ("1234567890 is my nid", "1234567890"),
        ("national id: 1990 1234 5678 90123", "1990 1234 5678 90123"),
        ("ssn 536-90-4399", "536-90-4399"),
        ("it is 536-90-4399", "536-90-4399"),
        ("AB 12 34 56 C", "AB 12 34 56 C"),
        ("passport no. BX0123456", "BX0123456"),
        ("পাসপোর্ট BX0123456", "BX0123456"),
        ("driving licence DK0123456L00012", "DK0123456L00012"),
    ],
)
def test_a_national_id_is_found(text: str, number: str) -> None:
    assert ("national_id", number) in _found(text)


@pytest.mark.parametrize(
    "text", ["1234567890", "nid asked, 50000000 taka sent", "nid 01712345678", "version 1.2.3.4", "id 12345"]
)
def test_a_number_without_its_word_stays(text: str) -> None:
    assert _found(text) == []


def test_accounts_and_network_addresses() -> None:
    assert _found("account number 0012345678901") == [("account", "0012345678901")]
    assert _found("from 203.0.113.77.") == [("ip", "203.0.113.77")]
    assert _found("from 2001:db8:0:0:0:0:2:1 now") == [("ip", "2001:db8:0:0:0:0:2:1")]


@pytest.mark.parametrize(
    "text",
    [
        "amar nid 6126248952 2 bar payment hoye gese",
        "My NID is 6126248952. 24,999 was debited",
        "nid 6126248952 2 lac taka vul number e gese",
    ],
)
def test_an_identity_number_ends_where_an_amount_or_a_count_begins(text: str) -> None:
    assert [text[found.start : found.end] for found in find_identities(Scan.of(text))] == ["6126248952"]
