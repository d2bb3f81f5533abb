"""What counts as one statement."""

import pytest

from casewright.evaluation.answers.statements import split_statements


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
