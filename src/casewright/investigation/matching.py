"""Which record the claim is about: every row scored by named features, and none chosen when two stand level.

Points say how much a feature separates, not how likely it is; the policy holds them. A row that contradicts
the claim outright (another amount, a kind that cannot be meant) is out, with the reason. The order of the
rows never matters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from casewright.domain.record import Record, RecordKind, RecordStatus
from casewright.investigation.claims import Claim, ClaimedAmount
from casewright.language.quantities import DayMention, TimeOfDay

MINUTES_A_DAY = 24 * 60
_PHONE_DIGITS = 10
_ENDING_LENGTHS = (3, 4)


@dataclass(frozen=True, slots=True)
class Points:
    """What each feature is worth, and the lead that the best row needs. All in points."""

    record_id: int = 100
    amount: int = 30
    phone: int = 25
    ending: int = 25
    alias: int = 20
    time: int = 12
    day: int = 6
    status: int = 8
    kind: int = 8
    least_margin: int = 4
    full_margin: int = 40


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a row must or should look like for one type of case."""

    kinds: frozenset[RecordKind]
    """Kinds that can be meant; empty: any."""
    statuses: Mapping[RecordStatus, int]
    """Statuses that fit what is claimed, in points."""
    likely_kinds: frozenset[RecordKind] = frozenset()
    needs_name: bool = False
    """Match only what the claim names (an amount, an id, a time …), not merely the only row there is."""


@dataclass(frozen=True, slots=True)
class RowScore:
    """One row's case: features with their points, or why it is out."""

    record: Record
    features: tuple[tuple[str, int], ...]
    total: int
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The row found, if one stands out; and everything considered on the way."""

    record: Record | None
    margin: int
    outcome: str
    """matched | no_records | nothing_named | none_fits | amount_absent | not_separated"""
    scores: tuple[RowScore, ...]
    level: tuple[Record, ...] = ()
    """The rows that stood level when none was chosen."""


def match_records(
    claim: Claim,
    records: Sequence[Record],
    expected: Expectation,
    points: Points,
    terms: Callable[[str], frozenset[str]],
) -> Match:
    """Score all rows and choose one, or none. `terms` gives the words a counterparty can be named by."""
    if not records:
        return Match(None, 0, "no_records", ())
    newest = max((record.occurred_at for record in records if record.occurred_at), default=None)
    endings = _endings(claim, records)
    scores = tuple(_score(claim, record, expected, points, newest, terms, endings) for record in records)
    fitting = sorted((score for score in scores if not score.excluded), key=lambda score: -score.total)
    if not fitting:
        absent = bool(claim.amounts) and any(score.excluded == "amount_differs" for score in scores)
        return Match(None, 0, "amount_absent" if absent else "none_fits", scores)
    if expected.needs_name and not claim.names_something:
        return Match(None, 0, "nothing_named", scores)
    best = fitting[0]
    if len(fitting) == 1:
        if expected.needs_name and not any(name in _NAMING for name, _ in best.features):
            return Match(None, 0, "nothing_named", scores)
        return Match(best.record, points.full_margin, "matched", scores)
    margin = best.total - fitting[1].total
    if margin < points.least_margin or (
        expected.needs_name and not any(n in _NAMING for n, _ in best.features)
    ):
        level = tuple(score.record for score in fitting if best.total - score.total < points.least_margin)
        return Match(None, 0, "not_separated", scores, level)
    return Match(best.record, min(margin, points.full_margin), "matched", scores)


_NAMING = frozenset({"record_id", "amount", "phone", "ending", "alias", "time"})


def _score(
    claim: Claim,
    record: Record,
    expected: Expectation,
    points: Points,
    newest: datetime | None,
    terms: Callable[[str], frozenset[str]],
    endings: tuple[str, ...],
) -> RowScore:
    features: list[tuple[str, int]] = []
    is_named = record.record_id in claim.record_ids
    if is_named:
        features.append(("record_id", points.record_id))
    if not is_named and expected.kinds and record.kind is not None and record.kind not in expected.kinds:
        return RowScore(record, (), 0, "kind_differs")
    if claim.amounts and record.amount is not None:
        if any(_amount_agrees(claimed, record.amount.minor) for claimed in claim.amounts):
            features.append(("amount", points.amount))
        elif not is_named:
            return RowScore(record, (), 0, "amount_differs")
    counterparty = record.counterparty
    if counterparty:
        digits = "".join(filter(str.isdigit, counterparty)) if claim.phones or endings else ""
        if digits and any(digits.endswith(phone[-10:]) for phone in claim.intended_phones):
            features.append(("intended_phone", -points.phone))
        elif digits and any(digits.endswith(phone[-10:]) for phone in claim.phones):
            features.append(("phone", points.phone))
        if len(digits) >= _PHONE_DIGITS and any(digits.endswith(ending) for ending in endings):
            features.append(("ending", points.ending))
        names = terms(counterparty)
        if names and (names & claim.aliases or names & claim.words):
            features.append(("alias", points.alias))
    if record.occurred_at is not None:
        if claim.times and any(time_agrees(said, record.occurred_at) for said in claim.times):
            features.append(("time", points.time))
        if (
            claim.days
            and newest
            and any(day_agrees(day, record.occurred_at.date(), newest.date()) for day in claim.days)
        ):
            features.append(("day", points.day))
    if record.status is not None and expected.statuses.get(record.status):
        features.append(("status", expected.statuses[record.status]))
    if record.kind in expected.likely_kinds:
        features.append(("kind", points.kind))
    return RowScore(record, tuple(features), sum(worth for _, worth in features))


def _endings(claim: Claim, records: Sequence[Record]) -> tuple[str, ...]:
    """Endings named as such, and bare numbers as long as one that are no row's amount ("that with 4455")."""
    amounts = {record.amount.minor for record in records if record.amount is not None}
    bare = [claimed.minor for claimed in claim.amounts if claimed.is_bare and claimed.minor not in amounts]
    return claim.endings + tuple(
        str(minor // 100) for minor in bare if len(str(minor // 100)) in _ENDING_LENGTHS
    )


def _amount_agrees(claimed: ClaimedAmount, minor: int) -> bool:
    """Equal; or, for "about" and "over", from a tenth below to a quarter above."""
    if claimed.minor == minor:
        return True
    return claimed.is_inexact and claimed.minor * 9 <= minor * 10 and minor * 4 <= claimed.minor * 5


def time_agrees(said: TimeOfDay, at: datetime) -> bool:
    """Whether a time of day said lies within its spread of the row's, round midnight too."""
    distance = abs(at.hour * 60 + at.minute - said.minute)
    return min(distance, MINUTES_A_DAY - distance) <= said.spread


def day_agrees(said: DayMention, at: date, newest: date) -> bool:
    """Whether a day word fits the row's date, counted from the newest row's."""
    if said.kind == "ago":
        return isinstance(said.value, int) and at == newest - timedelta(days=said.value)
    if said.kind == "weekday":
        return at.weekday() == said.value
    if isinstance(said.value, int):
        return False
    if said.kind == "date":
        return (at.year, at.month, at.day) == said.value
    month, day = said.value[0], said.value[1]
    return at.day == day and month in (0, at.month)
