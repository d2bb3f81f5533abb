"""Findings: overlaps, tokens, edges."""

from casewright.text.sensitive.findings import OPAQUE, TOKEN_FORM, Finding, Kind, hide_tokens, settle


def test_tokens_become_opaque_and_keep_their_length() -> None:
    text = "a [pin] b [phone-12] c [pin-1] d [other]"
    hidden = hide_tokens(text)
    assert len(hidden) == len(text)
    assert hidden == f"a {OPAQUE * 5} b {OPAQUE * 10} c [pin-1] d [other]"


def test_a_texts_own_opaque_marks_are_read_as_spaces() -> None:
    assert hide_tokens(f"pin{OPAQUE}1234") == "pin 1234"


def test_a_destroyed_kind_has_no_numbered_token() -> None:
    assert TOKEN_FORM.fullmatch("[otp]")
    assert not TOKEN_FORM.fullmatch("[otp-1]")
    assert TOKEN_FORM.fullmatch("[email-1]")


def test_of_two_overlapping_findings_the_graver_keeps_its_span() -> None:
    text = "House 12, 01712345678, Road 5"
    settled = settle([Finding(Kind.ADDRESS, 0, 29), Finding(Kind.PHONE, 10, 21)], text)
    assert settled == (
        Finding(Kind.ADDRESS, 0, 8),
        Finding(Kind.PHONE, 10, 21),
        Finding(Kind.ADDRESS, 23, 29),
    )


def test_a_finding_never_covers_a_token() -> None:
    text = hide_tokens("House 12, [phone], Road 5")
    settled = settle([Finding(Kind.ADDRESS, 0, len(text))], text)
    assert [(item.start, item.end) for item in settled] == [(0, 8), (19, 25)]


def test_a_very_long_row_of_overlaps_becomes_one_finding() -> None:
    row = [Finding(Kind.EMAIL, at, at + 5) for at in range(0, 160, 4)]
    assert settle(row, "a" * 200) == (Finding(Kind.EMAIL, 0, 161),)


def test_what_holds_no_letter_or_digit_is_dropped() -> None:
    assert settle([Finding(Kind.ADDRESS, 0, 3)], " , ") == ()
