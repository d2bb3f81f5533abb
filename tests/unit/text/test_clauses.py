"""Sentences in spaced form: what the shield's rules read."""

import pytest

from casewright.text.clauses import read_clauses


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Please wait. We're checking!",
            [" please wait ", " we are checking ", " please wait we are checking "],
        ),
        ("Don't share your PIN", [" do not share your pin "]),
        ("we share no PIN/OTP", [" we share no pin / otp "]),
        ("The one-time code (OTP)", [" the one time code otp "]),
        ("আপনার PINটি দেবেন না।", [" আপনার pin টি দেবেন না "]),
        ("We noted it - please wait", [" we noted it , please wait "]),
        ("For example, e.g. this one", [" for example , for example this one "]),
    ],
)
def test_sentence_is_read_in_spaced_form(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in read_clauses(text).sentences] == sentences


@pytest.mark.parametrize("text", ["your O T P here", "your P.I.N. here", "your o-t-p here"])
def test_letters_spelled_one_by_one_are_joined_and_reported(text: str) -> None:
    assert read_clauses(text).is_spelled


def test_plain_text_is_not_reported_as_spelled() -> None:
    assert not read_clauses("I have a case, and so do you.").is_spelled


def test_words_chopped_into_sentences_are_read_as_one() -> None:
    texts = [sentence.text for sentence in read_clauses("We. Will. Refund. You.").sentences]
    assert " we will refund you " in texts


def test_signs_between_words_are_read_away() -> None:
    texts = [sentence.text for sentence in read_clauses("we, will, refund, you").sentences]
    assert " we will refund you " in texts


def test_line_break_does_not_end_a_sentence_but_an_empty_line_does() -> None:
    assert (
        read_clauses("We will look into\nthe matter for you").sentences[0].text
        == " we will look into the matter for you "
    )
    assert len(read_clauses("We look into the matter\n\nThank you for all of it").sentences) == 2


def test_question_mark_marks_a_question() -> None:
    assert [
        sentence.is_question
        for sentence in read_clauses("Which of these do you mean? We will look into it.").sentences
    ] == [True, False]


def test_endless_sentence_is_unreadable() -> None:
    assert read_clauses("word " * 200).is_unreadable
