"""The matching form of a text, and the way back to what the customer wrote."""

import pytest

from casewright.language.normalise import Normalised, normalise


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("", ""),
        ("Sent 5000 TAKA", "sent 5000 taka"),
        ("৫,০০০", "5,000"),
        ("５０００", "5000"),
        ("٥٠٠٠", "5000"),
        ("५०००", "5000"),
        ("ｔａｋａ", "taka"),
        ("pay\u200bment", "payment"),
        ("pay\u200dment\u200c", "payment"),
        ("\u202epay\u202cment\u2066", "payment"),
        ("pay\u00adment", "payment"),
        ("\ufeffhello", "hello"),
        ("hi\U000e0041\U000e0042", "hi"),
        ("ok\ufe0f", "ok"),
        ("рауmеnt", "payment"),
        ("𝐛𝐊𝐚𝐬𝐡", "bkash"),
        ("ⓑⓚash", "bkash"),
        ("ραy", "pay"),
        ("deṛh", "derh"),
        ("Café", "cafe"),
        ("p\u0334i\u0334n", "pin"),
        ("didn’t “go”", 'didn\'t "go"'),
        ("2–3 — 4", "2-3 - 4"),
        ("wait…", "wait..."),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\u2028b", "a\nb"),
        ("৳৫০০", "৳500"),
        ("শেষ।", "শেষ।"),
        ("কে\u200dন", "কেন"),
        ("ﬁne", "fine"),
        ("a\ud800b", "a\ufffdb"),
        ("İ", "i"),
        ("tm™", "tm™"),
        ("🙂 ok", "🙂 ok"),
    ],
)
def test_matching_form(original: str, text: str) -> None:
    assert normalise(original).text == text


def test_both_spellings_of_a_bangla_letter_are_one() -> None:
    precomposed, decomposed = "\u09df", "\u09af\u09bc"
    assert normalise(precomposed).text == normalise(decomposed).text
    assert normalise("\u0995\u09c7\u09be").text == normalise("\u0995\u09cb").text


def test_original_is_kept_untouched() -> None:
    original = "আমি\u200d পাঠিয়েছি\ud800"
    assert normalise(original).original == original


@pytest.mark.parametrize(
    ("original", "part", "expected"),
    [
        ("Sent 5000", "5000", "5000"),
        ("দিয়েছি ৫০০০ টাকা", "5000", "৫০০০"),
        ("\u200bpin ১\u200b২৩৪!", "1234", "১\u200b২৩৪"),
        ("ক\u09c7\u09beথায় ok", "ok", "ok"),
        ("wait… ok", "ok", "ok"),
        ("wait…ok", "...", "…"),
    ],
)
def test_offsets_lead_back_to_the_original(original: str, part: str, expected: str) -> None:
    normalised = normalise(original)
    first = normalised.text.index(part)
    assert normalised.original_of(first, first + len(part)) == expected


def test_a_ligature_is_one_place() -> None:
    assert normalise("ﬁne").offsets == (0, 0, 1, 2, 3)


def test_offsets_have_one_entry_more_than_the_text() -> None:
    assert normalise("abc").offsets == (0, 1, 2, 3)
    assert normalise("a\u200bb").offsets == (0, 2, 3)
    assert normalise("").offsets == (0,)


def test_normalised_texts_are_equal_when_their_originals_are() -> None:
    assert normalise("A") == normalise("A")
    assert hash(normalise("A")) == hash(normalise("A"))
    assert normalise("A") != normalise("a")
    assert normalise("A") != "a"
    assert repr(normalise("A")) == "Normalised(text='a')"
    assert isinstance(normalise("A"), Normalised)
