"""Rules that every table keeps, and canonical JSON."""

import importlib
import pkgutil

import pytest
from sqlalchemy import DateTime, Double, Float, Numeric, UniqueConstraint

import casewright.adapters
from casewright.adapters.store.metadata import METADATA, read_json, write_json


@pytest.fixture(scope="module", autouse=True)
def every_table() -> None:
    """Import every module of the adapters, so that all their tables are known."""
    for module in pkgutil.walk_packages(casewright.adapters.__path__, "casewright.adapters."):
        if module.name.endswith("tables"):
            importlib.import_module(module.name)


def test_the_tenant_leads_a_key_of_every_table() -> None:
    without = []
    for table in METADATA.sorted_tables:
        keys = [[column.name for column in table.primary_key]]
        keys += [[column.name for column in index.columns] for index in table.indexes if index.unique]
        keys += [
            [column.name for column in constraint.columns]
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        ]
        if not any(key[:1] == ["tenant"] for key in keys):
            without.append(table.name)
    assert without == []


def test_money_and_times_are_whole_numbers() -> None:
    wrong = [
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Float | Double | Numeric | DateTime)
    ]
    assert wrong == []


def test_every_foreign_key_stays_within_its_tenant() -> None:
    crossing = [
        f"{table.name}.{constraint.name}"
        for table in METADATA.sorted_tables
        for constraint in table.foreign_key_constraints
        if "tenant" not in [column.name for column in constraint.columns]
    ]
    assert crossing == []


def test_json_is_canonical() -> None:
    assert write_json({"b": 1, "a": ["য", None, True]}) == '{"a":["য",null,true],"b":1}'
    assert write_json({"a": 1, "b": 2}) == write_json({"b": 2, "a": 1})
    assert read_json(write_json({"a": {"b": [1]}})) == {"a": {"b": [1]}}


def test_json_has_no_numbers_that_other_readers_refuse() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"a": float("nan")})
