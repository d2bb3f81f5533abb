"""What is one token."""

import pytest

from casewright.language.tokens import Tokens, tokenise


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("  \n\t", ()),
        ("i didn't pay", ("i", "didn't", "pay")),
        ("bkash's app", ("bkash's", "app")),
        ("'quoted'", ("'", "quoted", "'")),
        ("1,50,000", ("1,50,000",)),
        ("2.5 lakh.", ("2.5", "lakh", ".")),
        ("5k", ("5", "k")),
        ("5000tk", ("5000", "tk")),
        ("txn-9101", ("txn", "-", "9101")),
        ("৳500", ("৳", "500")),
        ("500/-", ("500", "/", "-")),
        ("2:10", ("2", ":", "10")),
        ("টাকা পাঠিয়েছি।", ("টাকা", "পাঠিয়েছি", "।")),
        ("500টাকা", ("500", "টাকা")),
        ("কvul", ("ক", "vul")),
        ("what?!", ("what", "?", "!")),
        ("a_b", ("a", "_", "b")),
        ("🙂ok", ("🙂", "ok")),
        ("क", ("क",)),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert tokenise(text).words == words


def test_places_of_the_words() -> None:
    assert tokenise(" pay 500!") == Tokens(" pay 500!", ("pay", "500", "!"), (1, 5, 8), (4, 8, 9))


def test_length_counts_words() -> None:
    assert len(tokenise("pay 500!")) == 3
