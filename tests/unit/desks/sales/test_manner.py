import pytest
from sales_desk import case_clients

from casewright.desks.sales.manner import (
    asks_closed,
    is_hypothetical,
    is_in_general,
    is_listing,
    is_open_question,
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


@pytest.mark.parametrize(
    ("plain", "is_open"),
    [
        ("who approves pricing", True),
        ("and when may we talk", True),
        ("can i talk when they ask", False),
        ("banner ki pitch korbo", False),
        ("prices", False),
    ],
)
def test_a_word_that_asks_for_more_than_yes_or_no_comes_first(plain: str, is_open: bool) -> None:
    assert is_open_question(plain) == is_open


@pytest.mark.parametrize(
    ("text", "is_general"),
    [
        ("What should I pitch to clients under 150k?", True),
        ("What do I do when a client has gone cold?", True),
        ("What can I pitch in general?", True),
        ("What do we sell to any customer?", True),
        ("What should I pitch?", False),
        ("Is it a finance client?", False),
        ("Is there an account manager?", False),
        ("What about the other clients?", False),
    ],
)
def test_a_question_about_clients_as_such_is_told_from_one_about_the_client_before(
    text: str, is_general: bool
) -> None:
    assert is_in_general(read_question(text, ())) == is_general


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("What can't I pitch?", True),
        ("Which formats are forbidden?", True),
        ("Is video forbidden?", False),
        ("Which formats are open?", False),
    ],
)
def test_what_is_closed_is_asked_with_or_without_its_formats(text: str, is_one: bool) -> None:
    assert asks_closed(read_question(text, ())) == is_one
