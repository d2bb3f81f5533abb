"""The contract of a desk."""

from datetime import date

import pytest

from casewright.bootstrap import desk_names, load_desk, load_ruleset, read_ruleset_source
from casewright.domain.errors import ConfigurationError

AS_OF = date(2026, 6, 1)


@pytest.mark.parametrize("name", desk_names())
class TestEveryDesk:
    def test_reasons_of_its_tables_are_all_described(self, name: str) -> None:
        desk = load_desk(name)
        tables = load_ruleset(name, AS_OF).policy.parsed.tables
        used = {
            row.reason
            for table in tables
            for row in (*table.rows, *((table.unknown,) if table.unknown else ()))
        }
        assert used - desk.reasons.keys() == set()
        assert desk.describe_reasons(sorted(used)) == tuple(desk.reasons[code] for code in sorted(used))

    def test_published_outcomes_are_outcomes_of_its_tables(self, name: str) -> None:
        tables = load_ruleset(name, AS_OF).policy.parsed.tables
        outcomes = {outcome for table in tables for outcome in table.outputs}
        assert set(load_desk(name).outcome_fields) <= outcomes

    def test_its_policy_is_the_locked_one(self, name: str) -> None:
        from casewright.policy.locks import check_lock

        assert check_lock(read_ruleset_source(name)) == []


def test_a_reason_without_a_line_shows_its_code() -> None:
    assert load_desk("disputes").describe_reasons(["never_heard_of"]) == ("never_heard_of",)


def test_an_unknown_desk_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(ConfigurationError, match="choose from disputes"):
        load_desk("parking")
