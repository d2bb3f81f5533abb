"""Documents of the copilot: an answer as it is published, and as its case and the ledger keep it.

Invariants: a case holds facts, rulesets and outcomes, so that every decision can be made again; what goes to
the ledger holds ids and codes alone.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from casewright.adapters.cache.lookups import CacheNumbers
from casewright.answering import AnswerResult, read_events
from casewright.domain.audit import AuditEvent
from casewright.domain.copilot import CopilotConversation, CopilotTurn, ListedConversation
from casewright.domain.decision import Decision, FiredRow
from casewright.domain.errors import MeaninglessRequest
from casewright.domain.knowledge import Citation
from casewright.policy.records import (
    DecisionRecord,
    Replay,
    dump_record,
    load_record,
    record_decision,
    replay,
)
from casewright.policy.ruleset import Ruleset
from casewright.tools.documents import show_moment

_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
PLACE = r"^([0-9]{1,16})\.([A-Za-z0-9_-]{1,64})$"
"""Where a page of conversations ends."""


def describe_answer(result: AnswerResult, *, conversation_id: str, case_id: str) -> dict[str, Any]:
    """The published answer; who sends it adds the id of the request."""
    draft, reviewed = result.draft, result.reviewed
    decisions = [_describe_decision(decision) for decision in result.decisions]
    return {
        "message": draft.message,
        "rationale": draft.rationale,
        "citations": [_describe_citation(citation) for citation in draft.citations],
        "tools_used": list(draft.tools_used),
        "irrelevant": draft.is_irrelevant,
        "source": draft.source,
        "kind": str(result.kind),
        "decision": decisions[0] if decisions else None,
        "decisions": decisions,
        "review": {
            "tries": len(reviewed.tries) - reviewed.is_fallback,
            "is_fallback": reviewed.is_fallback,
            "findings": [
                {"try": number, "code": finding.code.value, "detail": finding.detail}
                for number, tried in enumerate(reviewed.tries, 1)
                for finding in tried.findings
            ],
        },
        "conversation_id": conversation_id,
        "case_id": case_id,
    }


def _describe_decision(decision: Decision) -> dict[str, Any]:
    return {
        "ruleset_id": decision.ruleset_id,
        "outcome": dict(decision.outcome),
        "reasons": list(decision.reasons),
        "clauses": list(dict.fromkeys(row.clause for row in decision.fired if row.clause)),
    }


def _describe_citation(citation: Citation) -> dict[str, Any]:
    return {
        "document_id": citation.document_id,
        "version": citation.version,
        "title": citation.title,
        "heading_path": list(citation.heading_path),
        "start": citation.start,
        "end": citation.end,
        "page": citation.page,
        "clause": citation.clause,
    }


def describe_conversation(
    conversation: CopilotConversation, turns: tuple[CopilotTurn, ...]
) -> dict[str, Any]:
    """A conversation with its turns, for its owner."""
    return {
        "conversation_id": conversation.conversation_id,
        "opened_at": show_moment(conversation.opened_at),
        "changed_at": show_moment(conversation.changed_at),
        "turns": [
            {
                "number": turn.number,
                "at": show_moment(turn.at),
                "question": turn.question,
                "answer": dict(turn.answer),
            }
            for turn in turns
        ],
    }


def describe_conversations(listed: tuple[ListedConversation, ...], limit: int) -> dict[str, Any]:
    """A page of one's conversations; `next` asks for the one behind it, null where there is none."""
    last = listed[limit - 1] if len(listed) > limit else None
    return {
        "conversations": [
            {
                "conversation_id": each.conversation_id,
                "opened_at": show_moment(each.opened_at),
                "changed_at": show_moment(each.changed_at),
                "turns": each.turns,
                "question": each.question,
            }
            for each in listed[:limit]
        ],
        "next": None if last is None else write_place(last),
    }


def write_place(last: ListedConversation) -> str:
    """Where a page ends: the moment of change in microseconds, and the id."""
    return f"{(last.changed_at - _EPOCH) // _MICROSECOND}.{last.conversation_id}"


def read_place(written: str) -> tuple[datetime, str]:
    """What `write_place` wrote. Raises MeaninglessRequest."""
    form = re.fullmatch(PLACE, written)
    if form is None:
        raise MeaninglessRequest("after is no `next` of a list of conversations.", code="no_such_page")
    return _EPOCH + int(form[1]) * _MICROSECOND, form[2]


def describe_caches(numbers: tuple[CacheNumbers, ...]) -> dict[str, Any]:
    """What the caches of this process have done."""
    return {
        "caches": [
            {
                "name": cache.name,
                "hits": cache.hits,
                "joined": cache.joined,
                "misses": cache.misses,
                "shared_hits": cache.shared_hits,
                "hit_rate": cache.hit_permille / 1000,
                "size": cache.size,
                "oldest_s": round(cache.oldest_s, 3),
                "lifetime_s": cache.lifetime_s,
            }
            for cache in numbers
        ]
    }


def build_case_document(result: AnswerResult, ruleset: Ruleset) -> dict[str, Any]:
    """What a case keeps of its answer: every decision with its facts, and the day by which it was made.

    The first one stands on top as other desks keep theirs, for the backtest of a policy.
    """
    records = [
        record_decision(decision, facts, ruleset)
        for facts, decision in zip(result.facts, result.decisions, strict=True)
    ]
    document: dict[str, Any] = {
        "kind": str(result.kind),
        "as_of": result.question.as_of.isoformat(),
        "decisions": [json.loads(dump_record(record)) for record in records],
    }
    if records:
        first = records[0]
        document |= {
            "ruleset_id": first.ruleset_id,
            "reasons": list(first.reasons),
            "facts": dict(first.facts),
            "decision": dict(first.outcome),
        }
    return document


def replay_case_document(document: Mapping[str, Any], ruleset: Ruleset) -> tuple[Replay, ...]:
    """Every decision of a case made again. Raises PolicyError for a document that is none."""
    records: list[DecisionRecord] = [load_record(json.dumps(each)) for each in document["decisions"]]
    return tuple(replay(record, ruleset) for record in records)


def build_ledger_events(
    result: AnswerResult, case_id: str, *, by: str, conversation_id: str
) -> tuple[AuditEvent, ...]:
    """The entries of an answer: who asked in which conversation, about whom, and what was decided."""
    first, *others = read_events(result, case_id)
    about = {"subject_id": by, "conversation_id": conversation_id, "clients": result.wanted.client_ids}
    first = replace(first, data={**first.data, **about})
    return tuple(replace(event, data=_plain(event.data)) for event in (first, *others))


def _plain(value: Any) -> Any:
    """As the ledger takes it; a row that fired is its name, as the case holds the rest."""
    if isinstance(value, FiredRow):
        return f"{value.table}/{value.row}"
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
