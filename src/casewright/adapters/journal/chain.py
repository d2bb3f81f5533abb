"""The chain of a case: each entry's code covers the entry, its place and the code before it.

Pure. HMAC-SHA256 over canonical JSON of tenant, case, place, moment, name, body and the code before; integers
only, so that the same entry has the same text on every machine. Who holds the key can write a chain; who does
not can neither alter, drop nor move an entry unseen. A missing tail is found by checkpoints, not here.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64
"""What stands for the code before the first entry."""

_quote: Callable[[str], str] = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stands: how many entries, and the code of the last one."""

    tenant: str
    case_id: str
    entries: int
    mac: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored. `body` is canonical JSON, `at` microseconds since 1970."""

    tenant: str
    case_id: str
    seq: int
    at: int
    name: str
    body: str
    mac: str

    @property
    def head(self) -> Head:
        """Where the chain stands when this is its last entry."""
        return Head(self.tenant, self.case_id, self.seq, self.mac)


class FaultKind(StrEnum):
    """What is wrong with a chain; each is evidence that somebody wrote without the key."""

    ALTERED = "altered"
    """An entry is not what was written, or not where it was written."""
    DROPPED = "dropped"
    TRUNCATED = "truncated"
    """Entries at the end are gone."""
    HEAD_WRONG = "head_wrong"
    """The head does not say what the entries say."""
    CHAIN_MISSING = "chain_missing"
    """A whole case is gone."""
    REWRITTEN = "rewritten"
    """Whole in itself, and not the chain that a checkpoint has seen."""
    CHECKPOINT_FORGED = "checkpoint_forged"
    CHECKPOINT_DROPPED = "checkpoint_dropped"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and its place, for people."""

    kind: FaultKind
    tenant: str
    case_id: str
    seq: int | None
    detail: str


def write_body(document: Mapping[str, Any]) -> str:
    """Canonical JSON of what goes into an entry. Raises TypeError for a float or a key that is no text."""
    _refuse_inexact(document)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_inexact(value: Any) -> None:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if not isinstance(name, str):
                raise TypeError(f"a ledger entry has names of text, not {name!r}")
            _refuse_inexact(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_inexact(part)
    elif value is not None and not isinstance(value, str | int):
        raise TypeError(f"a ledger entry holds integers and text, not {type(value).__name__}: scale it")


def seal(key: bytes, head: Head, at: int, name: str, body: str) -> Entry:
    """The entry that follows a head."""
    seq = head.entries + 1
    case_part, tenant_part = _frame(head.tenant, head.case_id)
    start, end = f'{{"at":{at},"body":{body}{case_part}', f',"prev":"{head.mac}","seq":{seq}{tenant_part}'
    message = f"{start}{_quote(name)}{end}"
    mac = hmac.digest(key, message.encode(), "sha256").hex()
    return Entry(head.tenant, head.case_id, seq, at, name, body, mac)


def _frame(tenant: str, case_id: str) -> tuple[str, str]:
    """What is the same in the sealed text of every entry of a case."""
    return f',"case_id":{_quote(case_id)},"name":', f',"tenant":{_quote(tenant)}}}'


Row = tuple[str, str, int, int, str, str, str]
"""tenant, case_id, seq, at, name, body, mac: an entry as a driver returns it."""


class ChainCheck:
    """Walks entries in the order of tenant, case and place, and collects faults.

    `marks` are the checkpoints: for a case the largest count that was seen, with its code.
    """

    def __init__(self, key: bytes, marks: Mapping[tuple[str, str], tuple[int, str]]) -> None:
        self._key = key
        self._marks = marks
        self.entries = 0
        self.faults: list[Fault] = []
        self.tips: dict[tuple[str, str], tuple[int, str]] = {}
        """Where each walked chain ended."""

    def walk(self, rows: Iterable[Row]) -> None:
        """Check rows; a case's rows must all be in one call."""
        key, digest, quote = self._key, hmac.digest, _quote
        place: tuple[str, str] | None = None
        case_part, tenant_part = "", ""
        seen, prev, mark, count = 0, GENESIS, (0, ""), 0
        for tenant, case_id, seq, at, name, body, mac in rows:
            count += 1
            if place is None or case_id != place[1] or tenant != place[0]:
                if place is not None:
                    self.tips[place] = (seen, prev)
                place = (tenant, case_id)
                case_part, tenant_part = _frame(tenant, case_id)
                seen, prev, mark = 0, GENESIS, self._marks.get(place, (0, ""))
            if seq == seen + 1:
                text = f'{{"at":{at},"body":{body}{case_part}{quote(name)},"prev":"{prev}","seq":{seq}'
                if digest(key, f"{text}{tenant_part}".encode(), "sha256").hex() != mac:
                    self._fault(FaultKind.ALTERED, place, seq, "its code does not fit it, or its place")
            else:
                self._fault(FaultKind.DROPPED, place, seen + 1, f"{seq - seen - 1} missing before {seq}")
            if seq == mark[0] and mac != mark[1]:
                self._fault(FaultKind.REWRITTEN, place, seq, "a checkpoint has seen another entry here")
            seen, prev = seq, mac
        if place is not None:
            self.tips[place] = (seen, prev)
        self.entries += count

    def close(self, heads: Iterable[tuple[str, str, int, str]]) -> None:
        """Compare where the chains end with the heads, and with the checkpoints of the walked range."""
        ends = dict(self.tips)
        for tenant, case_id, entries, mac in heads:
            seen, tip = ends.pop((tenant, case_id), (0, GENESIS))
            self._compare((tenant, case_id), seen, tip, entries, mac)
        for place, (seen, _tip) in ends.items():
            self._fault(FaultKind.HEAD_WRONG, place, seen, "the head of this chain is gone")
        for place, (count, _mac) in self._marks.items():
            seen = self.tips.get(place, (0, GENESIS))[0]
            if seen == 0:
                self._fault(FaultKind.CHAIN_MISSING, place, None, f"a checkpoint has seen {count} entries")
            elif seen < count:
                detail = f"entries {seen + 1} to {count} are gone, which a checkpoint has seen"
                self._fault(FaultKind.TRUNCATED, place, seen + 1, detail)

    def _compare(self, place: tuple[str, str], seen: int, tip: str, entries: int, mac: str) -> None:
        if seen < entries:
            detail = f"entries {seen + 1} to {entries} are gone, which the head counts"
            self._fault(FaultKind.TRUNCATED, place, seen + 1, detail)
        elif seen > entries:
            self._fault(FaultKind.HEAD_WRONG, place, seen, f"the head counts {entries} entries of {seen}")
        elif tip != mac:
            self._fault(FaultKind.HEAD_WRONG, place, seen, "the head names another last entry")

    def _fault(self, kind: FaultKind, place: tuple[str, str], seq: int | None, detail: str) -> None:
        self.faults.append(Fault(kind, place[0], place[1], seq, detail))
