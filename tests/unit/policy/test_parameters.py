"""Dated parameters: which value holds on which day, for whom."""

import datetime

import pytest

from casewright.policy.document import Collector, read_document
from casewright.policy.parameters import Parameter, effective_dates, parse_parameters, tenants_of

WINDOW = """
window:
  unit: days
  clause: RET-2.1
  values: {2026-01-01: 30, 2025-01-01: 14}
  overrides:
    shop_north: {2025-06-01: 45}
"""


def parse(text: str) -> tuple[dict[str, Parameter], list[str]]:
    found = Collector("parameters.yaml")
    return parse_parameters(read_document(text, found), found), [problem.code for problem in found.problems]


@pytest.mark.parametrize(
    ("day", "tenant", "expected"),
    [
        ("2024-12-31", None, None),
        ("2025-01-01", None, 14),
        ("2025-12-31", None, 14),
        ("2026-01-01", None, 30),
        ("2025-05-31", "shop_north", 14),
        ("2025-06-01", "shop_north", 45),
        ("2026-01-01", "shop_north", 45),
        ("2026-01-01", "shop_south", 30),
    ],
)
def test_newest_value_holds_and_a_tenants_own_value_comes_first(
    day: str, tenant: str | None, expected: int | None
) -> None:
    parameters, codes = parse(WINDOW)
    assert codes == []
    current = parameters["window"].in_force(datetime.date.fromisoformat(day), tenant)
    assert (current[1] if current else None) == expected


def test_every_date_of_change_is_known() -> None:
    parameters = parse(WINDOW)[0].values()
    assert [str(day) for day in effective_dates(parameters, None)] == ["2025-01-01", "2026-01-01"]
    assert [str(day) for day in effective_dates(parameters, "shop_north")] == [
        "2025-01-01",
        "2025-06-01",
        "2026-01-01",
    ]
    assert tenants_of(parameters) == ["shop_north"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("window: 3", ["bad_shape"]),
        ("window: {clause: A-1, values: {2025-01-01: 3}}", ["missing_unit"]),
        ("window: {unit: days, values: {2025-01-01: 3}}", ["missing_clause"]),
        ("window: {unit: days, clause: A-1}", ["bad_shape"]),
        ("window: {unit: days, clause: A-1, values: {soon: 3}}", ["bad_shape"]),
        ("window: {unit: days, clause: A-1, values: {2025-01-01: [3]}}", ["type_mismatch"]),
        ("window: {unit: days, clause: A-1, values: {2025-01-01: 3, 2026-01-01: true}}", ["type_mismatch"]),
        ("window: {unit: days, clause: A-1, values: {2025-01-01: 3}, overrides: 4}", ["bad_shape"]),
        ("window: {unit: days, clause: A-1, values: {2025-01-01: 3}, limit: 4}", ["unknown_key"]),
    ],
)
def test_parameter_that_is_not_whole_is_a_problem(text: str, codes: list[str]) -> None:
    assert parse(text)[1] == codes
