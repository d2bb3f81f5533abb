"""The desk under test: one ticket in, the published answer and the run behind it out.

It takes the same road as the doors do: the tolerant reader, the pipeline, the published response. It compares
nothing; `relations` does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from casewright.desks.disputes.request import read_ticket
from casewright.desks.disputes.response import SCORED_FIELDS, build_response
from casewright.pipeline import CaseResult, Road, run_case

TEXT_FIELDS = ("agent_summary", "recommended_next_action", "customer_reply")
DECISION_FIELDS = (*SCORED_FIELDS, "confidence", "reason_codes")

Inspect = Callable[["Answer"], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one ticket got."""

    response: Mapping[str, object]
    result: CaseResult

    @property
    def scored(self) -> tuple[object, ...]:
        """The six scored fields, in the order of `SCORED_FIELDS`."""
        return tuple(self.response[name] for name in SCORED_FIELDS)

    @property
    def decided(self) -> dict[str, object]:
        """The scored fields, confidence and reason codes."""
        return {name: self.response[name] for name in DECISION_FIELDS}

    @property
    def text(self) -> str:
        """Every word that leaves."""
        return "\n".join(str(self.response[name]) for name in TEXT_FIELDS)


def stand_still() -> float:
    """A clock that always shows the same: two runs of one ticket are then equal in every byte."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Subject:
    """The disputes desk on a road. `inspect` sees every answer before the caller does."""

    road: Road
    inspect: tuple[Inspect, ...] = field(default=())

    def answer(self, document: object) -> Answer:
        """Decide one request document. Raises what `read_ticket` raises."""
        result = run_case(read_ticket(document), self.road)
        response = build_response(
            result.case,
            result.investigation.facts,
            result.investigation.match,
            result.decision,
            result.reply,
            tuple(result.annotations),
            self.road.ruleset,
        )
        answer = Answer(response, result)
        for look in self.inspect:
            look(answer)
        return answer

    def on(self, **changes: object) -> "Subject":
        """The same desk on a changed road (`model`, `detects`, `may_propose`, …)."""
        return replace(self, road=replace(self.road, **changes))  # type: ignore[arg-type]
