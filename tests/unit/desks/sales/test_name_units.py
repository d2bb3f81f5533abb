from casewright.desks.sales.name_units import Distance, Openness, build_index, find_hits, split_name


def test_names_are_split_in_matching_form() -> None:
    assert split_name("Kohl's & Sons Ltd.") == ("kohls", "sons", "ltd")
    assert split_name("Café Niño") == ("cafe", "nino")


def test_legal_forms_may_be_left_out_of_a_whole_name() -> None:
    index = build_index((("C-1", "Alder Foods Ltd"),))
    assert index.is_whole(0, {0, 1})
    assert not index.is_whole(0, {0})
    assert index.opens(0, {0})
    assert not index.opens(0, {1})


def test_hits_say_how_far_they_are() -> None:
    index = build_index((("C-1", "Northlight Foods"),))
    for word, distance in (
        ("northlight", Distance.EXACT),
        ("northlights", Distance.FORM),
        ("nortlight", Distance.TYPO),
        ("northli", Distance.PREFIX),
    ):
        hits = list(find_hits(index, [word], [Openness.NAME]))
        assert min(hit.distance for hit in hits) is distance, word


def test_word_that_is_closed_is_not_mended() -> None:
    index = build_index((("C-1", "Pitchar Foods"),))
    assert list(find_hits(index, ["pitcha"], [Openness.CLOSED])) == []
