import pytest
from sales_desk import sales_ruleset

from casewright.desks.sales.sentences import (
    article_of,
    join_words,
    limits_of,
    say_amount,
    say_industry,
    say_limit,
)
from casewright.domain.client import Client


def test_amounts_and_limits() -> None:
    assert say_amount(12_000_000) == "120,000"
    assert say_amount(14_999_999) == "149,999.99"
    assert say_amount(0) == "0"
    assert say_limit(15_000_000) == "150k"
    assert say_limit(15_050_000) == "150,500"
    assert limits_of(sales_ruleset()) == {"low": "150k", "high": "300k", "recent_days": "90"}


@pytest.mark.parametrize(
    ("label", "article"),
    [
        ("FMCG", "an"),
        ("Electronics", "an"),
        ("Education", "an"),
        ("Automotive", "an"),
        ("Finance", "a"),
        ("Retail", "a"),
        ("Healthcare", "a"),
    ],
)
def test_articles(label: str, article: str) -> None:
    assert article_of(label) == article


def test_lists() -> None:
    assert join_words([]) == ""
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("fmcg", "FMCG"),
        ("Banking", "Finance"),
        ("Telecom", "Telecom"),
        ("a <b>x</b>", None),
        ("x" * 99, None),
        (None, None),
    ],
)
def test_industry_is_said_as_the_playbook_does(written: str | None, said: str | None) -> None:
    assert say_industry(Client("C-1", "Alder", written, None, None, None)) == said
