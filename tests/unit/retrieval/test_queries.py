"""Queries: which words are matched, what is embedded, and how a long query is cut."""

from casewright.retrieval.queries import MOST_WINDOWS, read_query
from casewright.retrieval.terms import read_terms


def spell(text: str) -> str:
    return {"taka": "টাকা", "ferot": "ফেরত"}.get(text, f"<{text}>")


def test_words_that_stand_in_any_sentence_are_not_matched() -> None:
    (window,) = read_query("How do I get my refund?").windows
    assert window.weights == {"refund": 1.0}
    assert window.dense_text == "How do I get my refund?"


def test_a_query_of_such_words_alone_keeps_them() -> None:
    (window,) = read_query("Who are you?").windows
    assert window.weights == {"who": 1.0, "are": 1.0, "you": 1.0}


def test_banglish_is_read_in_both_scripts() -> None:
    read = read_query("amar taka ferot chai", spell)
    (window,) = read.windows
    assert read.is_bangla
    assert window.weights == dict.fromkeys(("taka", "ferot", *read_terms("টাকা ফেরত")), 1.0)
    assert window.dense_text == "amar taka ferot chai <amar taka ferot chai>"


def test_without_a_transliteration_banglish_is_read_as_it_stands() -> None:
    read = read_query("amar taka ferot chai")
    assert read.is_bangla
    assert read.windows[0].weights == {"taka": 1.0, "ferot": 1.0}


def test_english_and_bangla_script_are_not_transliterated() -> None:
    assert read_query("refund taka", spell).windows[0].weights == {"refund": 1.0, "taka": 1.0}
    bangla = read_query("টাকা ফেরত", spell)
    assert bangla.is_bangla
    assert bangla.windows[0].dense_text == "টাকা ফেরত"


def test_up_to_ninety_words_are_one_query_and_more_are_windows_that_share_half() -> None:
    words = [f"w{number}" for number in range(91)]
    assert len(read_query(" ".join(words[:90])).windows) == 1
    windows = read_query(" ".join(words)).windows
    assert [(text.split()[0], text.split()[-1]) for text in (each.dense_text for each in windows)] == [
        ("w0", "w59"),
        ("w30", "w89"),
        ("w60", "w90"),
    ]


def test_a_query_without_end_is_read_up_to_a_limit() -> None:
    assert len(read_query("word " * 100_000).windows) == MOST_WINDOWS


def test_an_empty_query_matches_nothing() -> None:
    (window,) = read_query("").windows
    assert window.weights == {}
