"""The orders desk as declared."""

from datetime import date

from casewright.bootstrap import load_desk, read_ruleset_source
from casewright.desks.orders.facts import OrderAction, OrderFacts
from casewright.policy.lint import lint_policy
from casewright.policy.proof import prove_policy
from casewright.policy.ruleset import FactSchema, compile_ruleset

SCHEMA = FactSchema.from_dataclass(OrderFacts)


def test_every_action_has_its_plan() -> None:
    desk = load_desk("orders")
    assert desk.plans.keys() == set(OrderAction)
    assert set(desk.tools) == set(OrderAction)


def test_the_policy_is_clean_and_proved() -> None:
    source = read_ruleset_source("orders")
    assert lint_policy(source, SCHEMA) == []
    proof = prove_policy(source, SCHEMA)
    assert proof.problems == ()
    assert [world.tenant for world in proof.worlds] == [None, "tau2"]


def test_a_shop_without_dates_has_the_orders_life_and_no_limits() -> None:
    rules = compile_ruleset(read_ruleset_source("orders"), SCHEMA, as_of=date(2026, 6, 1), tenant="tau2")
    assert rules.parameters["accepted_cancel_reasons"] == "no longer needed|ordered by mistake"
    assert rules.parameters["missing_date_needs_person"] is False
    assert rules.parameters["replacement_needs_evidence"] is False


def test_an_old_period_has_a_ruleset() -> None:
    rules = compile_ruleset(read_ruleset_source("orders"), SCHEMA, as_of=date(2017, 3, 1))
    assert rules.parameters["replacement_window_days"] == 15
