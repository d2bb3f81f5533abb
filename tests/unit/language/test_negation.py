"""How far a negation reaches, forward and backward."""

from casewright.language.negation import mark_negated

NOT, NA, BUT = 1, 2, 4


def _negated(*words: str, own: tuple[int, ...] = ()) -> list[str]:
    masks = [{"not": NOT, "nai": NA, "but": BUT}.get(word, 0) for word in words]
    flags = mark_negated(
        words, masks, [index in own for index in range(len(words))], forward=NOT, backward=NA, edge=BUT
    )
    return [word for word, flag in zip(words, flags, strict=True) if flag]


def test_english_negates_forward_up_to_the_clause_s_edge() -> None:
    assert _negated("did", "not", "receive", "money", "but", "paid") == ["receive", "money"]
    assert _negated("not", "this", ",", "that") == ["this"]


def test_bangla_negates_backward() -> None:
    assert _negated("amar", "otp", "ta", "dei", "nai") == ["otp", "ta", "dei"]
    assert _negated("pathaisi", "but", "ashe", "nai") == ["ashe"]


def test_a_word_with_its_own_negation_negates_the_word_before_it() -> None:
    assert _negated("duibar", "kateni", own=(1,)) == ["duibar", "kateni"]


def test_two_negations_cancel() -> None:
    assert _negated("not", "paini", own=(1,)) == []
