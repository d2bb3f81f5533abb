"""What counts as one statement."""

import pytest

from casewright.evaluation.answers.statements import split_claims, split_statements


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("It costs 4.5 taka. It is here.", ("It costs 4.5 taka.", "It is here.")),
        ("Ask Quillon Ltd. about it. Then wait.", ("Ask Quillon Ltd. about it.", "Then wait.")),
        ("- first thing here\n- second thing here", ("first thing here", "second thing here")),
        ("1. One rule.\n2) Two rules.", ("One rule.", "Two rules.")),
        ("Which one do you mean? Say its name.", ("Say its name.",)),
        ("It is so [Playbook v1, Spend]. Yes it is.", ("It is so.", "Yes it is.")),
        ("এটি বন্ধ আছে। পরে খুলবে।", ("এটি বন্ধ আছে।", "পরে খুলবে।")),
        ("Spend is low; banners only apply.", ("Spend is low", "banners only apply.")),
        ("Summary", ()),
        ("", ()),
    ],
)
def test_text_is_split_into_what_it_asserts(text: str, statements: tuple[str, ...]) -> None:
    assert split_statements(text) == statements


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Spend is under 150k, so pitch banners.", ("Spend is under 150k", "pitch banners.")),
        ("It is a Retail client with a spend of 5,000.", ("It is a Retail client", "spend of 5,000.")),
        ("Banners and screens are open.", ("Banners and screens are open.",)),
        ("Yes, and no.", ("Yes, and no.",)),
        ("One thing holds. Another one, too.", ("One thing holds.", "Another one, too.")),
    ],
)
def test_sentence_that_joins_claims_is_cut_at_its_joints(text: str, claims: tuple[str, ...]) -> None:
    assert split_claims(text) == claims
