from casewright.desks.sales.name_keys import NearNames, near_words, sound_of, strict_key


def test_name_in_full_has_no_case_accents_or_signs_but_an_ampersand() -> None:
    assert strict_key("Caf\u00e9 Ni\u00f1o (East), Ltd.") == "cafe nino east ltd"
    assert strict_key("Kohl's & Sons") == "kohls & sons"
    assert strict_key("M+J") == "m & j"


def test_same_sound_in_both_scripts() -> None:
    assert sound_of("শাপলা") == sound_of("shapla")
    assert sound_of("chowdhury") == sound_of("choudhuri")
    assert sound_of("jamuna") == sound_of("yamuna")
    assert sound_of("kamal") != sound_of("karim")


def test_near_are_few_changes_another_order_and_the_same_sound() -> None:
    near = NearNames(
        forms=(("elmbank",), ("elmbanc",), ("bankelm",), ("oakfoods",)),
        orders=("bank elm", "banc elm", "bank elm", "foods oak"),
        sounds=("almbnk", "almbnk", "bnkalm", "akfds"),
    )
    assert set(near.of(0)) == {1, 2}
    assert near.of(3) == ()


def test_words_within_so_many_changes() -> None:
    assert near_words("delta", ["dleta", "delta", "gamma"], 1) == [("delta", 1), ("dleta", 0)]
