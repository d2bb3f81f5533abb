"""Scan: chains of digits, words, and the way back to the original."""

from casewright.text.sensitive.findings import Finding, Kind
from casewright.text.sensitive.scan import Scan


def test_a_chain_joins_groups_with_short_gaps() -> None:
    chains = Scan.of("no 0171-234 5678 and 12").chains
    assert [chain.digits for chain in chains] == ["01712345678"]
    assert chains[0].starts == {0: 3, 4: 8, 7: 12}
    assert chains[0].ends == {4: 7, 7: 11, 11: 16}


def test_short_numbers_make_no_chain() -> None:
    assert Scan.of("5000 taka at 2:30").chains == ()


def test_words_are_latin_bangla_numbers_and_marks() -> None:
    words = Scan.of("it's পিনটা=১২৩৪, %3D\n\n[pin]").words
    assert words.words[:5] == ["it's", "পিনটা", "=", "1234", ","]
    assert words.words[5:7] == ["%3d", "\n\n"]
    assert words.starts[1] == 5
    assert words.end(1) == 10


def test_spans_lead_back_through_dropped_and_composed_characters() -> None:
    text = "ক\u200bখ ১\u200b২ ড\u09bc"
    scan = Scan.of(text)
    start = scan.text.index("12")
    assert scan.span(start, start + 2) == (4, 7)
    finding = scan.finding(Kind.PIN, start, start + 2)
    assert text[finding.start : finding.end] == "১\u200b২"


def test_what_was_found_can_be_made_opaque() -> None:
    scan = Scan.of("call 01712345678 now").without([Finding(Kind.PHONE, 5, 16)])
    assert scan.chains == ()
    assert len(scan.original) == 20
    assert scan.without([]) is scan
