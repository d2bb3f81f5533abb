"""Decision log: one line per case, with what is needed to understand it later.

Invariant: codes, facts and numbers only. No text of the customer or of a reply stands in it, and an
identifier that came from outside only as `label_for_log` lets it through.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casewright.service.log_labels import label_for_log

if TYPE_CHECKING:
    from casewright.pipeline import CaseResult

EVENT = "case decided"


def build_decision_line(
    result: "CaseResult", answer: Mapping[str, object], request_id: str, took_us: int
) -> dict[str, Any]:
    """The fields of the line. `answer` is the published verdict; times are in microseconds."""
    row = answer["relevant_transaction_id"]
    reply = result.reply
    return {
        "request_id": label_for_log(request_id),
        "ticket": label_for_log(result.case.case_id),
        "row": label_for_log(str(row)) if row is not None else None,
        "match": result.investigation.match.outcome,
        "case_type": answer["case_type"],
        "verdict": answer["evidence_verdict"],
        "severity": answer["severity"],
        "department": answer["department"],
        "human_review": answer["human_review_required"],
        "confidence": answer["confidence"],
        "language": result.claim.language,
        "signals": list(result.claim.signals),
        "ruleset": result.decision.ruleset_id,
        "fired": [f"{fired.table}/{fired.row}" for fired in result.decision.fired],
        "reason_codes": answer["reason_codes"],
        "text_source": reply.source,
        "blocked": reply.blocked,
        "annotations": result.annotations,
        "skipped": result.case.problems,
        "took_us": took_us,
        "timings_us": result.timings_us,
    }
