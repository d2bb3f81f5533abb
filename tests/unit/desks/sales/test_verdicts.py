from datetime import date

import pytest
from sales_desk import AS_OF, sales_ruleset

from casewright.desks.sales.asked import Asked, Field, Kind
from casewright.desks.sales.figures import Figure, Side
from casewright.desks.sales.sentences import limits_of
from casewright.desks.sales.verdicts import compare_spend, say_verdicts
from casewright.domain.client import Client
from casewright.domain.money import Money

CLIENT = Client("C-1", "Alder Foods", "FMCG", Money(15_000_000), date(2026, 5, 10), "Ana Roy")


def say(asked: Asked, client: Client = CLIENT) -> list[str]:
    ruleset = sales_ruleset()
    return list(say_verdicts(asked, client, None, limits_of(ruleset), ruleset, AS_OF))


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (Figure(15_000_001, None, 0, 0, Side.ABOVE), "No, BDT 150,000 is not above 150k."),
        (Figure(14_999_999, None, 0, 0, Side.UNDER), "No, BDT 150,000 is not under 150k."),
        (Figure(29_999_999, None, 0, 0, Side.UNDER), "Yes, BDT 150,000 is under 300k."),
        (Figure(30_000_000, None, 0, 0), "That is BDT 150,000 under 300k."),
        (Figure(15_000_000, None, 0, 0), "That is exactly 150k."),
        (Figure(12_345_679, None, 0, 0, Side.ABOVE), "Yes, BDT 150,000 is above that amount."),
    ],
)
def test_a_spend_is_held_against_an_amount(figure: Figure, said: str) -> None:
    assert say(Asked(Kind.FACTS, fields=(Field.SPEND,), spends=(figure,))) == [said]


def test_a_spend_in_another_currency_is_not_compared() -> None:
    client = Client("C-1", "Alder Foods", "FMCG", Money(15_000_000, "USD"), None, None)
    (said,) = say(Asked(Kind.FACTS, spends=(Figure(1, None, 0, 0),)), client)
    assert said.startswith("That cannot be compared")


def test_what_a_record_does_not_hold_is_said() -> None:
    assert "does not hold" in say(Asked(Kind.FACTS, asks_unheld=True))[0]
    other = say(Asked(Kind.FACTS, fields=(Field.SPEND,), is_other_period=True))
    assert other == ["The record holds the spend of this year to date only, not of another time."]


@pytest.mark.parametrize(
    ("plain", "days", "said"),
    [
        ("was met in the last days", 21, "Yes, the last meeting with Alder Foods was on 2026-05-10."),
        ("was met in the last days", 20, "No, the last meeting with Alder Foods was on 2026-05-10."),
        (
            "is the last meeting older than days",
            21,
            "No, the last meeting with Alder Foods was on 2026-05-10.",
        ),
        (
            "is the last meeting older than days",
            20,
            "Yes, the last meeting with Alder Foods was on 2026-05-10.",
        ),
    ],
)
def test_the_day_of_a_meeting_is_held_against_days(plain: str, days: int, said: str) -> None:
    asked = Asked(
        Kind.FACTS, fields=(Field.MEETING,), days_since_meeting=days, is_yes_or_no=True, plain=plain
    )
    assert say(asked) == [said]


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ("does ana roy manage", ["Yes, the account manager of Alder Foods is Ana Roy."]),
        ("does ana manage", ["Yes, the account manager of Alder Foods is Ana Roy."]),
        ("does ana karim manage", ["No, the account manager of Alder Foods is Ana Roy."]),
        ("does grace handle", ["No, the account manager of Alder Foods is Ana Roy."]),
        ("is handled by mark", ["No, the account manager of Alder Foods is Ana Roy."]),
        ("does the team manage", []),
        ("is there an account manager", []),
    ],
)
def test_a_person_is_held_against_the_account_manager(plain: str, said: list[str]) -> None:
    assert say(Asked(Kind.FACTS, fields=(Field.MANAGER,), is_yes_or_no=True, plain=plain)) == said


def test_an_exact_spend_is_answered_with_yes_or_no() -> None:
    asked = Asked(
        Kind.FACTS,
        fields=(Field.SPEND,),
        spends=(Figure(15_000_000, None, 0, 0),),
        topics=frozenset({"boundary"}),
        is_yes_or_no=True,
    )
    assert say(asked) == ["Yes, BDT 150,000 is exactly 150k."]


@pytest.mark.parametrize(
    ("spend", "currency", "order", "gap"),
    [
        (15_000_000, "BDT", "equal", "BDT 0"),
        (15_000_050, "BDT", "more", "BDT 0.50"),
        (14_000_000, "BDT", "less", "BDT 10,000"),
    ],
)
def test_a_spend_beside_an_amount_has_an_order_and_a_gap(
    spend: int, currency: str, order: str, gap: str
) -> None:
    client = Client("C-1", "Alder Foods", "FMCG", Money(spend, currency), None, None)
    ruleset = sales_ruleset()
    asked = Asked(Kind.FACTS, spends=(Figure(15_000_000, None, 0, 0),))
    compared = compare_spend(asked, client, limits_of(ruleset), ruleset)
    assert compared is not None
    assert (compared.order, compared.words["gap"]) == (order, gap)


def test_spends_that_have_no_common_currency_are_not_compared() -> None:
    ruleset = sales_ruleset()
    asked = Asked(Kind.FACTS, spends=(Figure(15_000_000, "USD", 0, 0),))
    assert compare_spend(asked, CLIENT, limits_of(ruleset), ruleset) is None
