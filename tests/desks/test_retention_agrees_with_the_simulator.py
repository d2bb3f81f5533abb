"""The numbers of the retention policy are those that policies are trained and judged with, and its clauses have Bangla words."""

from datetime import date
from importlib import resources

import pytest
import yaml

from casewright.bootstrap import load_ruleset
from casewright.domain import outreach
from casewright.domain.case import Language
from casewright.evaluation import outreach_cases
from casewright.policy.clauses import Clause
from casewright.text.shield import ShieldContext, check
from casewright.writing.shop_replies import say_policy

RULESET = load_ruleset("retention", date(2026, 6, 1))
NUMBERS = RULESET.parameters


def test_the_periods_of_the_policy_are_those_of_the_observation() -> None:
    assert NUMBERS["budget_period_days"] == outreach.PERIOD_WEEKS * outreach.WEEK_DAYS
    assert NUMBERS["offer_term_weeks"] == outreach.TERM_WEEKS
    assert NUMBERS["contacts_period_limit"] == outreach.MOST_CONTACTS
    assert NUMBERS["baseline_followup_days"] in outreach.FOLLOW_UP_DAYS
    assert NUMBERS["default_followup_days"] in outreach.FOLLOW_UP_DAYS


def test_offers_cost_what_they_cost_in_the_frozen_world() -> None:
    text = resources.files("casewright.evaluation.retention.data").joinpath("world.yaml").read_text("utf-8")
    money = yaml.safe_load(text)["money"]
    assert [0] + [NUMBERS[f"offer_percent_{level}"] for level in (1, 2, 3)] == money["discount_percent"]
    contact = NUMBERS["contact_cost_minor"]
    assert [NUMBERS["help_cost_minor"], contact, contact, contact] == [
        round(cost * 100) for cost in money["contact_cost"]
    ]


def test_the_expectations_of_generated_cases_have_the_policys_numbers() -> None:
    assert tuple(
        NUMBERS[name] for name in ("cooldown_days", "contacts_7d_limit", "contacts_period_limit")
    ) == (
        outreach_cases.COOLDOWN_DAYS,
        outreach_cases.CONTACTS_7D,
        outreach_cases.CONTACTS_PERIOD,
    )
    assert NUMBERS["baseline_risk_permille"] == outreach_cases.BASELINE_RISK * 1000
    assert f"level_{outreach_cases.BASELINE_LEVEL}" == NUMBERS["baseline_offer"]
    assert NUMBERS["baseline_contacts_limit"] == outreach_cases.BASELINE_CONTACTS


@pytest.mark.parametrize("clause", RULESET.clauses.values(), ids=lambda clause: str(clause.id))
def test_a_clause_has_bangla_words_with_the_same_numbers(clause: Clause) -> None:
    told = clause.told["bn"]
    assert any("\u0980" <= mark <= "\u09ff" for mark in told)
    stated, said = (sorted(filter(str.isdigit, text.replace(clause.id, ""))) for text in (clause.text, told))
    assert stated == said


@pytest.mark.parametrize("language", [Language.EN, Language.BN])
@pytest.mark.parametrize("clause", RULESET.clauses.values(), ids=lambda clause: str(clause.id))
def test_the_words_of_a_clause_may_leave(clause: Clause, language: Language) -> None:
    told = clause.text if language is Language.EN else clause.told["bn"]
    words, _ = say_policy(language, [clause.id], [told])
    assert words.text.startswith(told[:20])
    assert check(words.text, ShieldContext(words.facts, frozenset(), language)) == ()
