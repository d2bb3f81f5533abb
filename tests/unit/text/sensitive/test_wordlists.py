"""Word lists as pieces of patterns."""

import re

from casewright.text.sensitive.wordlists import alternatives, load_data, whole_words, words


def test_alternatives_may_run_over_lines() -> None:
    assert alternatives("one|two\n  |three words") == "one|two|three words"


def test_words_come_the_longest_first() -> None:
    assert words("a abc ab") == "abc|ab|a"


def test_latin_words_match_whole_and_bangla_ones_with_endings() -> None:
    pattern = re.compile(whole_words({"latin": "tel|call", "bangla": "ফোন"}))
    assert pattern.search("call me")
    assert not pattern.search("hotel, recalled")
    assert pattern.search("ফোনে")


def test_a_file_is_read_once() -> None:
    assert load_data("redaction_cues") is load_data("redaction_cues")
