"""Recorded cases for `casewright policy backtest` and `replay`: those of the store, or lines of a file."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casewright.policy.backtesting import RecordedCase
    from casewright.policy.records import Replay
    from casewright.policy.schema import FactSchema

AMOUNT = "amount_minor"
"""The fact, and the field of a stored decision, that says what a case is about."""


def replay_case(case_id: str, tenant: str | None) -> "tuple[Replay, ...]":
    """The decisions of an answer made again; nothing is kept. Raises NotFound."""
    from casewright.cli.ask import open_premises

    with open_premises(tenant) as (premises, principal):
        return premises.copilot().replay(principal, case_id)


@dataclass(slots=True)
class CaseReader:
    """Reads cases by the facts that the new policy knows, and counts those that it cannot use."""

    schema: "FactSchema"
    without_facts: int = 0
    unfit: int = 0
    """Their facts are not the desk's any more."""
    first_fault: str = ""

    def skipped(self) -> dict[str, object]:
        """What was not decided, and why."""
        return {
            "without_facts": self.without_facts,
            "facts_of_another_version": self.unfit,
            "first_fault": self.first_fault,
        }

    def read_stored(self, desk: str, tenant: str | None, since: datetime | None) -> Iterator["RecordedCase"]:
        """A tenant's cases with their last decisions."""
        from casewright.adapters.store.cases import StoredCases
        from casewright.adapters.store.engine import open_database
        from casewright.cli.installation import require_tenant
        from casewright.settings import find_database_url, load_settings

        settings = load_settings(tenant=tenant)
        with closing(open_database(find_database_url(settings))) as database:
            require_tenant(database, tenant)
            for case in StoredCases(database, settings.tenant).of_desk(desk, since=since):
                document = case.decision or {}
                yield from self._take(case.case_id, document.get("facts"), document, document.get("decision"))

    def read_lines(self, lines: Iterable[str]) -> Iterator["RecordedCase"]:
        """Facts, or decision records, one case a line. Raises ValueError for what is not JSON."""
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                document = json.loads(line)
            except ValueError as error:
                raise ValueError(f"line {number} is not JSON ({error})") from None
            if not isinstance(document, dict):
                raise ValueError(f"line {number} is no JSON object")
            is_record = "schema_version" in document
            facts = document.get("facts") if is_record else document
            yield from self._take(
                f"line {number}", facts, document, document.get("outcome") if is_record else None
            )

    def _take(
        self, case_id: str, facts: object, document: Mapping[str, Any], outcome: object
    ) -> Iterator["RecordedCase"]:
        from casewright.policy.backtesting import RecordedCase

        if not isinstance(facts, dict) or not facts:
            self.without_facts += 1
            return
        known, faults = self.schema.read_facts(facts)
        if faults:
            self.unfit += 1
            self.first_fault = self.first_fault or f"{case_id}: {faults[0]}"
            return
        amounts = (document.get(AMOUNT), known.get(AMOUNT))
        amount = next((each for each in amounts if isinstance(each, int) and each > 0), 0)
        yield RecordedCase(case_id, known, amount, outcome if isinstance(outcome, dict) else None)
