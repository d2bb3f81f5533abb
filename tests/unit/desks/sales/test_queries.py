from datetime import date

import pytest

from casewright.desks.sales.asked import Asked, Kind
from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.queries import PITCH_QUERY, build_query

DAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Asked(Kind.RECOMMENDATION, wants_pitch=True), PITCH_QUERY),
        (Asked(Kind.RULE, industries=(Industry.FMCG,)), "fmcg clients spend rule"),
        (Asked(Kind.RULE, topics=frozenset({"spend_rule"})), "spend rule"),
        (Asked(Kind.RULE, is_about_matters=True, plain="artwork lead time"), "artwork lead time "),
    ],
)
def test_the_playbook_is_searched_in_its_own_words_or_in_those_of_the_question(
    asked: Asked, text: str
) -> None:
    query = build_query(asked, DAY)
    assert query is not None
    assert query.text == text


def test_a_price_is_searched_for_without_the_format_that_it_is_of() -> None:
    alone = Asked(
        Kind.RULE, asks_prices=True, products=(Product.PREMIUM_VIDEO,), topics=frozenset({"prices"})
    )
    beside = Asked(Kind.RECOMMENDATION, asks_prices=True)
    texts = [query.text for query in (build_query(one, DAY) for one in (alone, beside)) if query is not None]
    assert texts[0] == texts[1]
    assert "video" not in texts[0]


@pytest.mark.parametrize("kind", [Kind.FACTS, Kind.OFF_TOPIC, Kind.UNCLEAR])
def test_what_needs_no_playbook_searches_for_nothing(kind: Kind) -> None:
    assert build_query(Asked(kind), DAY) is None
