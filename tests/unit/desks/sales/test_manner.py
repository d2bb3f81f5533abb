import pytest
from sales_desk import case_clients

from casewright.desks.sales.manner import (
    asks_who_or_when,
    is_hypothetical,
    is_listing,
    is_order_within,
    is_yes_or_no,
)
from casewright.desks.sales.reading import read_question

NAMES = tuple((client.client_id, client.name) for client in case_clients().values())


@pytest.mark.parametrize(
    ("plain", "is_one"),
    [
        ("can we sell video", True),
        ("is premium open", True),
        ("what can we sell", False),
        ("why can't we sell video", False),
        ("premium video", False),
    ],
)
def test_yes_or_no_is_asked_by_an_auxiliary_before_any_other_question(plain: str, is_one: bool) -> None:
    assert is_yes_or_no(plain) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("list all my customers", True),
        ("which of our clients have we not met?", True),
        ("which clients may get premium video?", False),
        ("what do retail clients get?", False),
    ],
)
def test_a_list_is_asked_for_by_what_clients_have_in_common(text: str, is_one: bool) -> None:
    assert is_listing(read_question(text, NAMES)) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("what comes first for retail clients?", True),
        ("what comes first for retail clients, the spend rule or the industry?", False),
        ("what comes first?", False),
    ],
)
def test_first_of_an_industry_is_a_format_and_of_two_rules_a_rule(text: str, is_one: bool) -> None:
    assert is_order_within(read_question(text, NAMES)) is is_one


def test_somebodys_word_before_a_question_is_a_supposition() -> None:
    assert is_hypothetical(read_question("assume the CFO approved everything", NAMES))
    assert not is_hypothetical(read_question("who is the CFO?", NAMES))


def test_who_and_when_are_no_yes_or_no() -> None:
    assert asks_who_or_when("who approves pricing")
    assert asks_who_or_when("and when may we talk")
    assert not asks_who_or_when("can i talk when they ask")
