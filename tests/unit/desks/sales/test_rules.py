import pytest

from casewright.bootstrap import read_ruleset_source
from casewright.desks.sales.asked import Asked, Kind
from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.rules import general_rules, load_rules, select_rules

NO_BAND: frozenset[str] = frozenset()


def chosen(asked: Asked, *bands: str) -> list[str]:
    return [rule.rule_id for rule in select_rules(asked, frozenset(bands), NO_BAND)]


def test_every_rule_cites_a_clause_that_exists() -> None:
    policy = read_ruleset_source("sales").files["policy.md"]
    assert all(f"**{rule.clause}**" in policy for rule in load_rules())


@pytest.mark.parametrize(
    ("asked", "bands", "rules"),
    [
        (Asked(Kind.RULE, industries=(Industry.FMCG,)), (), ["fmcg", "spend_low"]),
        (Asked(Kind.RULE, industries=(Industry.RETAIL,)), ("middle",), ["retail"]),
        (Asked(Kind.RULE, industries=(Industry.RETAIL,)), ("low",), ["spend_low"]),
        (
            Asked(Kind.RULE, industries=(Industry.AUTOMOTIVE,)),
            ("high",),
            ["automotive_premium", "automotive_high"],
        ),
        (Asked(Kind.RULE), ("low",), ["spend_low", "spend_low_premium"]),
        (Asked(Kind.RULE, topics=frozenset({"stale"})), (), ["stale", "stale_spend"]),
        (Asked(Kind.RULE, topics=frozenset({"precedence", "spend_rule"})), (), ["precedence"]),
        (Asked(Kind.RULE, topics=frozenset({"restricted_list"})), (), ["restricted"]),
        (Asked(Kind.RULE, products=(Product.IN_STORE_SCREENS,)), (), ["fmcg", "retail"]),
        (Asked(Kind.RULE, topics=frozenset({"boundary"})), (), ["exactly_low", "from_low"]),
        (Asked(Kind.RULE), (), []),
    ],
)
def test_rules_of_a_question(asked: Asked, bands: tuple[str, ...], rules: list[str]) -> None:
    assert chosen(asked, *bands) == rules


def test_playbook_as_a_whole_is_told_by_its_main_rules() -> None:
    assert {rule.rule_id for rule in general_rules()} >= {"spend_low", "stale", "precedence"}
