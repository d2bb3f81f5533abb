"""The product on one screen: a case goes in; a decision, a safe reply and the record of how come out.

    read the message → claim → facts from the records → decide by policy → write → record

The decision is made before any text is written, and no text can reach back into it. The clock and the text
model are arguments; without a model, templates write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from casewright.desk import Desk, Investigation, TextFields, TextPurpose, TextWriter
from casewright.domain.audit import AuditEvent, AuditName
from casewright.domain.case import Case, Language
from casewright.domain.decision import Decision
from casewright.domain.reply import Reply
from casewright.intake.annotation import Annotated, Annotation, annotate
from casewright.investigation.claims import Claim, read_claim, read_message
from casewright.policy.ruleset import Ruleset
from casewright.ports.text_model import TextModel
from casewright.runner import Clock, Journal
from casewright.text.shield import ShieldContext, check

NO_CHANNELS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Road:
    """What one deployment brings to every case: the desk, its ruleset, the clock, and perhaps a model."""

    desk: Desk
    ruleset: Ruleset
    clock: Clock
    model: TextModel | None = None
    may_propose: bool = False
    """Whether the guarded type proposal is on."""
    channels: frozenset[str] = NO_CHANNELS
    """Official links, numbers and addresses that a reply may name."""
    detects: bool = True
    """Off only to prove that no decision depends on the detectors."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """Everything one run made, for the doors to publish, explain and record."""

    case: Case
    claim: Claim
    investigation: Investigation
    decision: Decision
    annotations: tuple[Annotation, ...]
    reply: Reply
    proposal: str | None = None
    """The type that a model proposed and the guard let through."""
    timings_us: Mapping[str, int] = field(default_factory=dict)

    @property
    def events(self) -> tuple[AuditEvent, ...]:
        """The run as audit events, made when asked for."""
        return _events(self, self.proposal)


def run_case(case: Case, road: Road) -> CaseResult:
    """One case, whole. Raises nothing that a text could cause."""
    desk, ruleset = road.desk, road.ruleset
    journal = Journal(road.clock)
    reading = read_message(case.message)
    annotated = annotate(reading.normalised, reading.tokens) if road.detects else Annotated((), ())
    journal.done("intake")
    claim = read_claim(reading, case.records)
    build_facts, write_texts = desk.reading()
    investigation = build_facts(case, claim, ruleset)
    decision = ruleset.decide(investigation.facts)
    journal.done("decide")
    proposal = _propose(case, claim, decision, road)
    if proposal is not None:
        investigation = build_facts(case, claim, ruleset, proposal=proposal)
        decision = ruleset.decide(investigation.facts)
        journal.done("propose")
    reply = _write(case, claim, investigation, decision, road, write_texts)
    journal.done("write")
    return CaseResult(
        case, claim, investigation, decision, annotated.kinds, reply, proposal, journal.timings_us
    )


def _propose(case: Case, claim: Claim, decision: Decision, road: Road) -> str | None:
    """A case type from the model where the guard lets one through; checked against the closed list."""
    desk = road.desk
    if road.model is None or not road.may_propose or desk.wants_proposal is None:
        return None
    if not desk.wants_proposal(claim, decision.outcome, road.ruleset):
        return None
    from casewright.writing.model_text import propose_choice  # loaded only where a model is configured

    question = "Which type of case does the customer's message describe?"
    return propose_choice(
        road.model, case.message, question, desk.case_types, cut_injection=cut_injection
    ).option


def _write(
    case: Case,
    claim: Claim,
    investigation: Investigation,
    decision: Decision,
    road: Road,
    write_texts: TextWriter,
) -> Reply:
    """The model's text where it passes the shield; else the template, which must pass too."""
    texts = write_texts(case, claim, investigation, decision)
    blocked: tuple[str, ...] = ()
    if road.model is not None:
        from casewright.writing.model_text import WritingRequest, write_with_model
        from casewright.writing.prompts import TextField

        fields = {
            TextField(wanted.name, wanted.purpose, wanted.max_chars, _language_of(wanted, texts)): _context(
                wanted, texts, road
            )
            for wanted in road.desk.text_fields
        }
        facts = {f"fact_{number}": value for number, value in enumerate(sorted(texts.whitelist), 1)}
        outcome = {name: decision.outcome.get(name) for name in road.desk.outcome_fields}
        written = write_with_model(
            road.model,
            WritingRequest(road.desk.name, facts, outcome, case.message, fields, cut_injection=cut_injection),
        )
        if written.fields is not None:
            return Reply(written.fields, texts.language, written.source)
        blocked = written.blocked
    if not _passes(texts, road):
        texts = write_texts(case, claim, investigation, decision, is_bare=True)
    return Reply(texts.fields, texts.language, blocked=blocked)


def _passes(texts: TextFields, road: Road) -> bool:
    contexts: dict[tuple[str, tuple[str, ...]], ShieldContext] = {}
    for wanted in road.desk.text_fields:
        reader = (wanted.audience, wanted.required)
        context = contexts.get(reader)
        if context is None:
            context = contexts[reader] = _context(wanted, texts, road)
        if check(texts.fields[wanted.name], context):
            return False
    return True


def _language_of(wanted: TextPurpose, texts: TextFields) -> Language:
    return texts.language if wanted.audience == "customer" else Language.EN


def _context(wanted: TextPurpose, texts: TextFields, road: Road) -> ShieldContext:
    return ShieldContext(
        facts=texts.whitelist,
        allowed_channels=road.channels,
        language=_language_of(wanted, texts),
        is_refund_recorded=texts.is_refund_recorded,
        required=wanted.required,
        audience=wanted.audience,
    )


def cut_injection(text: str) -> str:
    """The text without its injected instructions: for a model's eyes only, never for the rules."""
    reading = read_message(text)
    offsets = reading.normalised.offsets
    kept: list[str] = []
    end = 0
    for span in sorted(annotate(reading.normalised, reading.tokens).spans, key=lambda span: span.start):
        if span.kind is Annotation.INJECTION and offsets[span.end] > end:
            kept.append(text[end : max(end, offsets[span.start])])
            end = offsets[span.end]
    return "".join(kept) + text[end:]


def _events(result: CaseResult, proposal: str | None) -> tuple[AuditEvent, ...]:
    """The record of one run: codes and facts only."""
    case, match, decision = result.case, result.investigation.match, result.decision
    took = result.timings_us
    events = [
        AuditEvent(
            AuditName.REQUEST_READ, case.case_id, {"rows": len(case.records), "problems": case.problems}
        ),
        AuditEvent(
            AuditName.CLAIM_READ,
            case.case_id,
            {"signals": tuple(result.claim.signals), "annotations": result.annotations},
            took.get("intake", 0),
        ),
        AuditEvent(
            AuditName.RECORD_MATCHED, case.case_id, {"outcome": match.outcome, "margin": match.margin}
        ),
        AuditEvent(
            AuditName.DECISION_MADE,
            case.case_id,
            {"ruleset": decision.ruleset_id, "outcome": decision.outcome, "fired": decision.fired},
            took.get("decide", 0),
        ),
    ]
    if proposal is not None:
        events.append(AuditEvent(AuditName.PROPOSAL_TAKEN, case.case_id, {"proposal": proposal}))
    if result.reply.blocked:
        events.append(AuditEvent(AuditName.REPLY_BLOCKED, case.case_id, {"rules": result.reply.blocked}))
    events.append(
        AuditEvent(
            AuditName.REPLY_WRITTEN, case.case_id, {"source": result.reply.source}, took.get("write", 0)
        )
    )
    return tuple(events)
