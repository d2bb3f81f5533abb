"""Specs: what a tool must say of itself, and whose approval an amount needs."""

from typing import Any

import pytest

from casewright.domain.principal import Role
from casewright.tools.arguments import Arguments
from casewright.tools.spec import NO_APPROVAL, ApprovalRule, Gathered, ReadOutcome, ToolEffect, ToolSpec

LIMITS = {"automatic": 50_000, "agents": 200_000}
RULE = ApprovalRule("automatic", "agents")


def read(*_: Any) -> ReadOutcome:
    return ReadOutcome()


def gather(*_: Any) -> Gathered:
    return Gathered(None)


def plan(*_: Any) -> Any:
    return None


@pytest.mark.parametrize(
    ("effect", "steps"),
    [
        (ToolEffect.READ, {}),
        (ToolEffect.READ, {"gather": gather, "plan": plan}),
        (ToolEffect.READ, {"read": read, "keep": read}),
        (ToolEffect.WRITE, {}),
        (ToolEffect.WRITE, {"read": read}),
        (ToolEffect.WRITE, {"gather": gather}),
        (ToolEffect.WRITE, {"gather": gather, "plan": plan, "keep": read}),
    ],
)
def test_tool_with_steps_that_do_not_fit_its_effect_is_no_tool(
    effect: ToolEffect, steps: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match="odd"):
        ToolSpec("odd", "orders", "Odd.", effect, Arguments, **steps)


def test_tool_belongs_to_its_desk_and_to_those_it_names() -> None:
    tool = ToolSpec("t", "orders", "T.", ToolEffect.READ, Arguments, desks=frozenset({"returns"}), read=read)
    assert [desk for desk in ("orders", "returns", "disputes", "order") if tool.is_allowed_for(desk)] == [
        "orders",
        "returns",
    ]


@pytest.mark.parametrize(
    ("amount", "needed"),
    [
        (0, None),
        (50_000, None),
        (50_001, Role.AGENT),
        (200_000, Role.AGENT),
        (200_001, Role.SUPERVISOR),
    ],
)
def test_band_of_the_amount_says_who_must_approve(amount: int, needed: Role | None) -> None:
    assert RULE.needed_role(amount, LIMITS) is needed


def test_where_somebody_must_approve_in_any_case_it_is_at_least_an_agent() -> None:
    assert RULE.least_role(0, LIMITS) is Role.AGENT
    assert RULE.least_role(200_001, LIMITS) is Role.SUPERVISOR


def test_limit_that_the_policy_does_not_hold_is_an_error_not_a_yes() -> None:
    with pytest.raises(KeyError):
        RULE.needed_role(1, {})


def test_rule_without_limits_needs_nobody() -> None:
    assert NO_APPROVAL.needed_role(10**12, {}) is None
