"""Facts of a dispute: what the claim says, what the records say, and how the two compare. Pure.

The type of the case is read first, by the policy's first table on the claim's signals alone, because it says
which kinds of rows can be meant. Then the rows are scored, and the rest of the facts follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from casewright.desk import Investigation
from casewright.desks.disputes.expectations import EXPECTATIONS, counterparty_terms
from casewright.domain.case import Case, UserType
from casewright.domain.decision import Value
from casewright.domain.record import Record, RecordKind, RecordStatus
from casewright.investigation.claims import Claim
from casewright.investigation.matching import Match, Points, match_records
from casewright.policy.ruleset import Ruleset


class CaseType(StrEnum):
    WRONG_TRANSFER = "wrong_transfer"
    PAYMENT_FAILED = "payment_failed"
    REFUND_REQUEST = "refund_request"
    DUPLICATE_PAYMENT = "duplicate_payment"
    MERCHANT_SETTLEMENT_DELAY = "merchant_settlement_delay"
    AGENT_CASH_IN_ISSUE = "agent_cash_in_issue"
    PHISHING = "phishing_or_social_engineering"
    OTHER = "other"


class MatchOutcome(StrEnum):
    MATCHED = "matched"
    NO_RECORDS = "no_records"
    NOTHING_NAMED = "nothing_named"
    NONE_FITS = "none_fits"
    AMOUNT_ABSENT = "amount_absent"
    NOT_SEPARATED = "not_separated"


class DuplicateEvidence(StrEnum):
    NONE = "none"
    SINGLE = "single"
    APART = "apart"
    MIXED_STATUS = "mixed_status"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """Typed input of the disputes tables. Signals are readings of the message; the rest compares records."""

    # what the message says
    account_taken: bool
    unauthorised_use: bool
    family_use: bool
    credential_sought: bool
    credential_shared: bool
    credential_mentioned: bool
    impersonation: bool
    scam_named: bool
    scam_mentioned: bool
    asks_if_real: bool
    unknown_incoming: bool
    return_demand: bool
    wrong_recipient: bool
    mistaken_send: bool
    charged_twice: bool
    failed_repeatedly: bool
    settlement_topic: bool
    cash_in_topic: bool
    payment_failed: bool
    payment_unfinished: bool
    payment_pending: bool
    contested_purchase: bool
    damage_named: bool
    refund_not_received: bool
    transfer_not_received: bool
    changed_mind: bool
    refund_asked: bool
    payout_missing: bool
    not_received: bool
    problem_named: bool
    deducted: bool
    is_directive_only: bool
    """The message holds instructions to the system and no claim."""
    directive_asks_credential: bool
    # who writes
    user_type: UserType | None = None
    # a row that the message names without saying what is wrong with it; unknown where the words give a type
    named_kind: RecordKind | None = None
    named_status: RecordStatus | None = None
    # a type proposed by a model and let through by the guard
    proposed_case_type: CaseType | None = None
    # what the records say
    is_record_found: bool = False
    match_outcome: MatchOutcome = MatchOutcome.NO_RECORDS
    record_kind: RecordKind | None = None
    record_status: RecordStatus | None = None
    is_established_recipient: bool = False
    """The recipient was paid at least as often before as the policy asks."""
    duplicate_evidence: DuplicateEvidence = DuplicateEvidence.NONE
    amount_minor: int | None = None
    """The amount at stake in poisha: the row's, else the largest named or held by level rows."""


_SIGNALS = tuple(
    item.name
    for item in fields(DisputeFacts)
    if item.type in (bool, "bool")
    and not item.name.startswith("is_")
    and item.name != "directive_asks_credential"
)
_CREDENTIAL_SIGNALS = frozenset({"credential_sought", "credential_shared", "credential_mentioned"})


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The policy's numbers that facts need, as one hashable bundle."""

    points: Points
    window: timedelta
    established: int


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERS: dict[str, _Numbers] = {}


def _numbers(ruleset: Ruleset) -> _Numbers:
    numbers = _NUMBERS.get(ruleset.id)
    if numbers is None:
        values = {name: value for name, value in ruleset.parameters.items() if isinstance(value, int)}
        points = Points(
            **{
                name.removeprefix("points_"): value
                for name, value in values.items()
                if name.startswith("points_")
            },
            least_margin=values["match_least_margin"],
            full_margin=values["match_full_margin"],
        )
        window = timedelta(minutes=values["duplicate_window_minutes"])
        numbers = _NUMBERS[ruleset.id] = _Numbers(points, window, values["established_transfers"])
    return numbers


def build_facts(case: Case, claim: Claim, ruleset: Ruleset, *, proposal: str | None = None) -> Investigation:
    """Facts and match for one case. A proposal moves no evidence: rows are matched by the type as read."""
    numbers = _numbers(ruleset)
    reading: dict[str, Value] = {
        **{name: name in claim.signals for name in _SIGNALS},
        "is_directive_only": claim.is_directive_only,
        "directive_asks_credential": not _CREDENTIAL_SIGNALS.isdisjoint(claim.directives),
        "user_type": case.user_type,
    }
    read_type = _read_type(ruleset, reading)
    if read_type is CaseType.OTHER and not claim.is_directive_only:
        named = _match(CaseType.OTHER, claim, case.records, numbers).record
        if named is not None:
            reading |= {"named_kind": named.kind, "named_status": named.status}
            read_type = _read_type(ruleset, reading)
    duplicate = DuplicateEvidence.NONE
    is_established = False
    if read_type is CaseType.PHISHING and not _names_loss(claim):
        match = Match(None, 0, "nothing_named" if case.records else "no_records", ())
    else:
        match = _match(read_type, claim, case.records, numbers)
        if read_type is CaseType.DUPLICATE_PAYMENT:
            match, duplicate = _find_duplicate(match, claim, numbers)
        elif read_type is CaseType.WRONG_TRANSFER:
            match, is_established = _find_established(match, claim, case.records, numbers)
    record = match.record
    facts = DisputeFacts(
        **reading,  # type: ignore[arg-type]
        proposed_case_type=CaseType(proposal) if proposal is not None else None,
        is_record_found=record is not None,
        match_outcome=MatchOutcome(match.outcome),
        record_kind=record.kind if record else None,
        record_status=record.status if record else None,
        is_established_recipient=is_established,
        duplicate_evidence=duplicate,
        amount_minor=_amount_at_stake(claim, match),
    )
    return Investigation(facts, match)


def _read_type(ruleset: Ruleset, reading: Mapping[str, Value]) -> CaseType:
    return CaseType(str(ruleset.decide_table("case_type", reading)["read_case_type"]))


def _match(read_type: CaseType, claim: Claim, records: Sequence[Record], numbers: _Numbers) -> Match:
    expected = EXPECTATIONS[read_type.value].for_claim(claim)
    return match_records(claim, records, expected, numbers.points, counterparty_terms)


def _names_loss(claim: Claim) -> bool:
    """Whether a report of fraud names a loss: an amount, an id or an ending, or words of loss."""
    is_named = claim.amounts or claim.record_ids or claim.endings
    return bool(is_named) or not claim.signals.keys().isdisjoint(("loss_named", "unauthorised_use"))


def _amount_at_stake(claim: Claim, match: Match) -> int | None:
    if match.record is not None and match.record.amount is not None:
        return match.record.amount.minor
    level = [record.amount.minor for record in match.level if record.amount is not None]
    return max(level or [claimed.minor for claimed in claim.amounts], default=None)


def _newest(records: Sequence[Record]) -> Record:
    """The latest row; where times are level or missing, the last by id, so that order never matters."""
    return max(
        records, key=lambda row: (row.occurred_at is not None, row.occurred_at or _EPOCH, row.record_id)
    )


def _find_established(
    match: Match, claim: Claim, records: Sequence[Record], numbers: _Numbers
) -> tuple[Match, bool]:
    """The newest of level rows to one recipient who was paid often enough before; and whether they were."""
    record = match.record
    if record is None:
        recipients = {row.counterparty for row in match.level}
        if len(recipients) != 1 or None in recipients or "transfer_not_received" in claim.signals:
            return match, False
        record = _newest(match.level)
    if record.counterparty is None:
        return match, False
    earlier = sum(
        row is not record
        and row.kind is RecordKind.TRANSFER
        and row.status is RecordStatus.COMPLETED
        and row.counterparty == record.counterparty
        and (row.occurred_at is None or record.occurred_at is None or row.occurred_at <= record.occurred_at)
        for row in records
    )
    if earlier < numbers.established:
        return match, False
    found = (
        Match(record, numbers.points.full_margin, "matched", match.scores) if match.record is None else match
    )
    return found, True


def _find_duplicate(match: Match, claim: Claim, numbers: _Numbers) -> tuple[Match, DuplicateEvidence]:
    """The newest of a group charged twice; else what stands in its place, and why it is no duplicate."""
    fitting = [score.record for score in match.scores if not score.excluded]
    groups: dict[tuple[int, str | None], list[Record]] = {}
    for row in fitting:
        if row.amount is not None:
            groups.setdefault((row.amount.minor, row.counterparty), []).append(row)
    evidence = {key: _group_evidence(rows, numbers.window) for key, rows in groups.items()}
    totals = {score.record.record_id: score.total for score in match.scores}
    for wanted in (DuplicateEvidence.PAIR, DuplicateEvidence.APART, DuplicateEvidence.MIXED_STATUS):
        found = [key for key, kind in evidence.items() if kind is wanted]
        if len(found) > 1:
            best = sorted(found, key=lambda key: -max(totals[row.record_id] for row in groups[key]))
            lead = [max(totals[row.record_id] for row in groups[key]) for key in best[:2]]
            found = best[:1] if lead[0] - lead[1] >= numbers.points.least_margin else found
        if len(found) == 1:
            chosen = _duplicate_row(groups[found[0]], wanted, numbers.window)
            return Match(chosen, numbers.points.full_margin, "matched", match.scores), wanted
        if found:
            level = tuple(row for key in found for row in groups[key])
            return Match(None, 0, "not_separated", match.scores, level), DuplicateEvidence.NONE
    if match.record is not None:
        return match, DuplicateEvidence.SINGLE
    return match, DuplicateEvidence.NONE


def _group_evidence(rows: Sequence[Record], window: timedelta) -> DuplicateEvidence:
    completed = [row for row in rows if row.status is RecordStatus.COMPLETED]
    if _close_pairs(completed, window):
        return DuplicateEvidence.PAIR
    if len(completed) > 1:
        return DuplicateEvidence.APART
    return DuplicateEvidence.MIXED_STATUS if len(rows) > 1 and completed else DuplicateEvidence.NONE


def _close_pairs(rows: Sequence[Record], window: timedelta) -> list[Record]:
    """Rows that have another one at most `window` before them (or at the very same time)."""
    timed = sorted((row for row in rows if row.occurred_at), key=lambda row: (row.occurred_at, row.record_id))
    return [
        later
        for earlier, later in pairwise(timed)
        if later.occurred_at and earlier.occurred_at and later.occurred_at - earlier.occurred_at <= window
    ]


def _duplicate_row(rows: Sequence[Record], evidence: DuplicateEvidence, window: timedelta) -> Record:
    completed = [row for row in rows if row.status is RecordStatus.COMPLETED]
    if evidence is DuplicateEvidence.PAIR:
        return _newest(_close_pairs(completed, window))
    return _newest(completed)
