from datetime import date

import pytest
from sales_desk import AS_OF, sales_ruleset

from casewright.desk import LookedUp, Wanted
from casewright.desks.sales.asked import Asked, Kind
from casewright.desks.sales.facts import Industry
from casewright.desks.sales.figures import Figure
from casewright.desks.sales.gathering import build_facts, comparable_minor, days_since, facts_of_client
from casewright.domain.client import Client
from casewright.domain.money import Money

PITCH = Asked(Kind.RECOMMENDATION)


@pytest.mark.parametrize(
    ("currency", "minor"),
    [("BDT", 100), (None, 100), ("USD", None), ("EUR", None), ("JPY", None), ("XXX", None)],
)
def test_amounts_of_other_currencies_are_unknown(currency: str | None, minor: int | None) -> None:
    assert comparable_minor(100, currency, sales_ruleset()) == minor


def test_an_amount_below_zero_is_unknown() -> None:
    assert comparable_minor(-1, "BDT", sales_ruleset()) is None


def test_days_are_whole_and_never_of_a_day_to_come() -> None:
    assert days_since(date(2026, 3, 2), AS_OF) == 90
    assert days_since(AS_OF, AS_OF) == 0
    assert days_since(date(2026, 6, 1), AS_OF) is None
    assert days_since(None, AS_OF) is None


def test_facts_of_a_client_come_from_its_record_alone() -> None:
    client = Client("C-1", "Alder Foods", "FMCG", Money(12_000_000), date(2026, 5, 10), "Ana Roy")
    stated = Asked(Kind.RECOMMENDATION, spends=(Figure(90_000_000, None, 0, 0),), days_since_meeting=500)
    facts = facts_of_client(client, stated, sales_ruleset(), AS_OF)
    assert (facts.industry, facts.spend_minor, facts.days_since_meeting) == (Industry.FMCG, 12_000_000, 21)
    assert facts == facts_of_client(client, PITCH, sales_ruleset(), AS_OF)


def test_unknown_stays_unknown() -> None:
    facts = facts_of_client(Client("C-1", "Alder", None, None, None, None), PITCH, sales_ruleset(), AS_OF)
    assert (facts.industry, facts.spend_minor, facts.days_since_meeting) == (None, None, None)


def test_amounts_of_one_band_are_one_case() -> None:
    asked = Asked(
        Kind.RULE,
        industries=(Industry.RETAIL,),
        spends=(Figure(15_000_000, None, 0, 0), Figure(30_000_000, None, 0, 0), Figure(99, None, 0, 0)),
    )
    facts = build_facts(Wanted("rule", asked), LookedUp(), sales_ruleset(), AS_OF)
    assert [one.spend_minor for one in facts] == [15_000_000, 99]
    assert not any(one.is_about_client for one in facts)
