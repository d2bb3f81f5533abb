"""Explanations cite the clauses that bind."""

import datetime
from collections.abc import Callable

import pytest

from casewright.domain.errors import PolicyError
from casewright.policy.document import RulesetSource
from casewright.policy.explaining import explain
from casewright.policy.ruleset import Ruleset, compile_ruleset
from casewright.policy.schema import FactSchema

AS_OF = datetime.date(2026, 6, 1)


@pytest.fixture(scope="module")
def ruleset(returns_source: RulesetSource, returns_schema: FactSchema) -> Ruleset:
    return compile_ruleset(returns_source, returns_schema, as_of=AS_OF)


def test_sentences_give_outcome_facts_parameters_and_clause(ruleset: Ruleset, returns_facts: type) -> None:
    facts = returns_facts(days_since_delivery=40, has_fraud_signal=True)
    explanation = explain(ruleset.decide(facts), ruleset, facts)
    window = (
        "RET-2.1: An item may be returned within the return window, counted from delivery. "
        "Shops may grant a longer one."
    )
    person = (
        "RET-1.2: A person decides above the automatic limit, after too many refunds, "
        "and where fraud is suspected."
    )
    assert explanation.sentences == (
        "`finding` is outside_window, because category is general (not electronics) and "
        "days_since_delivery is 40 (> @return_window_days, where return_window_days is 30) "
        f"(eligibility.too_late, reason outside_return_window). {window}",
        "`remedy` is deny and `refunds_shipping` is false, because finding is outside_window "
        "([not_delivered_yet, outside_window, non_returnable]) "
        f"(remedy.refused, reason not_eligible). {window}",
        "`needs_person` is true and `queue` is urgent, because has_fraud_signal is true "
        f"(limits.fraud, reason fraud_signal). {person}",
        f"`final_action` is deny, because remedy is deny (outcome.denied, reason denied). {window}",
    )


def test_trace_holds_each_row_with_its_grounds_and_its_clause(ruleset: Ruleset, returns_facts: type) -> None:
    facts = returns_facts(days_since_delivery=None)
    step = explain(ruleset.decide(facts), ruleset, facts).steps[0]
    assert [(ground.fact, ground.value) for ground in step.grounds] == [("days_since_delivery", None)]
    assert step.clause_text == "What cannot be decided from the records goes to a person."


def test_failing_closed_is_explained(
    without_row: Callable[[str, str], RulesetSource],
    edited: Callable[..., RulesetSource],
    returns_schema: FactSchema,
    returns_facts: type,
) -> None:
    facts = returns_facts()
    gap = compile_ruleset(without_row("remedy.yaml", "return_changed_mind"), returns_schema, as_of=AS_OF)
    sentence = explain(gap.decide(facts), gap, facts).sentences[1]
    assert "no row of the table matches the case, and it fails closed" in sentence
    source = edited("remedy.yaml", "reason: changed_mind}", "reason: [changed_mind, damaged]}")
    conflict = compile_ruleset(source, returns_schema, as_of=AS_OF)
    facts = returns_facts(reason="damaged")
    sentence = explain(conflict.decide(facts), conflict, facts).sentences[1]
    assert "more than one row of a table that allows one" in sentence


def test_row_without_cells_and_row_without_outcomes_are_explained(
    edited: Callable[..., RulesetSource], returns_schema: FactSchema, returns_facts: type
) -> None:
    source = edited(
        "limits.yaml", "rows:", "rows:\n  - {id: seen, then: {}, reason: limits_checked, clause: RET-1.2}"
    )
    ruleset = compile_ruleset(source, returns_schema, as_of=AS_OF)
    facts = returns_facts()
    sentence = explain(ruleset.decide(facts), ruleset, facts).sentences[2]
    assert sentence.startswith("`limits_checked` is noted, because no earlier row applies (limits.seen,")


def test_decision_of_other_rules_is_not_explained(
    ruleset: Ruleset, returns_source: RulesetSource, returns_schema: FactSchema, returns_facts: type
) -> None:
    other = compile_ruleset(returns_source, returns_schema, as_of=datetime.date(2025, 6, 1))
    with pytest.raises(PolicyError, match="was made under"):
        explain(other.decide(returns_facts()), ruleset, returns_facts())
