"""Every date and tenant for which the rules differ."""

import datetime

from casewright.policy.document import RulesetSource
from casewright.policy.parsing import parse_policy
from casewright.policy.problems import Problem
from casewright.policy.worlds import World, merge_problems, worlds_of


def test_every_date_of_change_is_a_world_for_everyone_and_for_each_tenant(
    returns_source: RulesetSource,
) -> None:
    assert [str(world) for world in worlds_of(parse_policy(returns_source))] == [
        "2025-01-01",
        "2026-01-01",
        "2025-01-01, shop_north",
        "2025-06-01, shop_north",
        "2026-01-01, shop_north",
    ]


def test_policy_without_parameters_is_one_world() -> None:
    assert worlds_of(parse_policy(RulesetSource("empty", {}))) == [World(datetime.date.min)]


def test_problem_of_several_worlds_is_told_once() -> None:
    problem = Problem("gap", "t.yaml", "t", "No row matches.", "Add one.")
    first, second = World(datetime.date(2025, 1, 1)), World(datetime.date(2026, 1, 1), "shop_north")
    other = Problem("gap", "u.yaml", "u", "No row matches.", "Add one.")
    merged = merge_problems([(first, problem), (second, problem), (second, other)])
    assert [(item.file, item.world) for item in merged] == [
        ("t.yaml", "2025-01-01 and 1 more"),
        ("u.yaml", "2026-01-01, shop_north"),
    ]
