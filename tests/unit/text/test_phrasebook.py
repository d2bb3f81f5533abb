"""Patterns over plain words."""

from casewright.text.phrasebook import Phrasebook, excise, load_document, word_set


def test_pattern_matches_whole_words_only() -> None:
    pattern = Phrasebook("shield_abuse.yaml").any_of("phrases")
    assert pattern.search(" please shut up ")
    assert not pattern.search(" please shut uploads ")


def test_macro_of_another_file_is_known() -> None:
    pattern = Phrasebook("shield_credentials.yaml").any_of("credential")
    assert pattern.sub("§", " your pin or otp ") == " § "


def test_excised_match_leaves_a_mark() -> None:
    patterns = Phrasebook("shield_promises.yaml").patterns("hedged")
    assert "refund" not in excise(" we can not promise a refund ", patterns)
    assert "¦" in excise(" we can not promise a refund ", patterns)


def test_word_set_is_in_matching_form() -> None:
    words = word_set(load_document("shield_words.yaml"), "dates")
    assert "monday" in words
    assert "সোমবার" in words
