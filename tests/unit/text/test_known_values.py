"""Known values: one customer's own name and address go from what is kept, whole words alone."""

import pytest

from casewright.text.known_values import hide_known

ANA = {
    "name": ["Ana-Maria O'Neil"],
    "email": ["ana@example.com"],
    "phone": ["+12025550101"],
    "address": ['{"address1":"12 Paper Boat Street","address2":"Flat 19","city":"Sampleford","zip":"00148"}'],
}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("I am Ana-Maria O'Neil, hello", "I am [name], hello"),
        ("i am ana-maria   o'neil", "i am [name]"),
        ("Ana-Maria here; Mr O'Neil is out", "[name] here; Mr [name] is out"),
        ("Send it to 12 paper boat street, flat 19", "Send it to [address], [address]"),
        ("Sampleford is fine, 00148 too", "Sampleford is fine, 00148 too"),
        ("mail ana@example.com or call +12025550101.", "mail [email] or call [phone]."),
        ("Anastasia and the O'Neils", "Anastasia and the O'Neils"),
        ("my order ORD-1001", "my order ORD-1001"),
        ("", ""),
    ],
)
def test_values_go_and_everything_else_stays(text: str, kept: str) -> None:
    assert hide_known(text, ANA) == kept
    assert hide_known(kept, ANA) == kept


def test_bangla_name_goes_whole_and_not_from_inside_a_word() -> None:
    values = {"name": ["রহিমা খাতুন"]}
    assert hide_known("আমি রহিমা খাতুন, টাকা ফেরত চাই", values) == "আমি [name], টাকা ফেরত চাই"
    assert hide_known("রহিমার অর্ডার", values) == "রহিমার অর্ডার"


def test_part_of_a_name_that_is_a_word_goes_only_where_it_is_written_like_a_name() -> None:
    values = {"name": ["Will May Porter"]}
    assert hide_known("Will it come? I will wait, it may rain. Porter.", values) == (
        "[name] it come? I will wait, it may rain. [name]."
    )


def test_name_that_is_the_word_of_a_mark_is_not_found_in_the_mark() -> None:
    assert hide_known("[name] and [email]", {"name": ["Name Email"]}) == "[name] and [email]"


def test_nothing_known_hides_nothing_and_odd_values_are_survived() -> None:
    assert hide_known("Ana", {}) == "Ana"
    assert hide_known("Ana", {"name": ["", " ", "x" * 400], "address": ["[1]", "not json\nroad 1"]}) == "Ana"
    assert hide_known("a.b (c) [d]", {"name": ["(c) [d]"]}) == "a.b [name]"
