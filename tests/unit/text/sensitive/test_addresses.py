"""Addresses of Bangladesh, and announced ones."""

import pytest

from casewright.text.sensitive.addresses import find_addresses
from casewright.text.sensitive.scan import Scan


def _found(text: str) -> list[str]:
    spans = sorted({(item.start, item.end) for item in find_addresses(Scan.of(text))})
    kept = [
        span for span in spans if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in spans)
    ]
    return [text[start:end] for start, end in kept]


@pytest.mark.parametrize(
    "address",
    [
        "House 12, Road 5, Dhanmondi, Dhaka",
        "বাসা ১২, রোড ৫",
        "basa 12, road 5, dhanmondi",
        "5 no road, 12 no basa, gulshan",
        "Road 7, Banani",
        "village Kalipur, thana Savar",
        "H-12, R-5, Block-C",
    ],
)
def test_two_parts_are_an_address_without_a_word_for_it(address: str) -> None:
    assert _found(address) == [address]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("my address is 45/A Green Road, Dhaka. Thanks", "45/A Green Road, Dhaka"),
        ("ঠিকানা: ৪৫ পার্ক রোড, বারিধারা, ঢাকা", "৪৫ পার্ক রোড, বারিধারা, ঢাকা"),
        ("amar thikana 45 park road, baridhara, dhaka", "45 park road, baridhara, dhaka"),
        ("my address is Green View, Station Road, Sylhet", "Green View, Station Road, Sylhet"),
    ],
)
def test_an_announced_address_is_found(text: str, address: str) -> None:
    assert address in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "I live in Dhaka and my brother lives in Sylhet",
        "the parcel went to the wrong address",
        "an accident on road 5",
        "a shop near Mirpur 10",
        "change my address please",
        "address change 500 taka",
        "থানায় জিডি করেছি, গ্রামের লোকজনও জানে",
    ],
)
def test_a_town_or_a_single_part_is_no_address(text: str) -> None:
    assert _found(text) == []
