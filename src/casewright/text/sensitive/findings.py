"""Finding: one stretch of text that must not travel, what it is, and what stands in its place.

A destroyed kind is replaced for good. Any other kind may be given a numbered token by a vault. What was
replaced is opaque: no rule reads a token, so redacting twice changes nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was found, the surest and gravest first; the value is also the word inside the token."""

    IBAN = "iban"
    CARD = "card"
    CVV = "cvv"
    PIN = "pin"
    OTP = "otp"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    TOKEN = "token"  # noqa: S105 - the name of a kind
    EMAIL = "email"
    NATIONAL_ID = "national_id"
    PHONE = "phone"
    ACCOUNT = "account"
    IP = "ip"
    ADDRESS = "address"


DESTROYED = frozenset({Kind.CARD, Kind.CVV, Kind.PIN, Kind.OTP, Kind.PASSWORD, Kind.TOKEN})
"""Kinds that no vault may ever hold."""

_LONGEST_ROW = 32
_RANK = {kind: rank for rank, kind in enumerate(Kind)}

OPAQUE = "\x1a"
"""Stands for one character of a token while a text is read; a text's own is read as a space."""

_KEPT_NAMES = "|".join(kind for kind in Kind if kind not in DESTROYED)
TOKEN_FORM = re.compile(rf"\[(?:{'|'.join(Kind)})\]|\[(?:{_KEPT_NAMES})-[0-9]{{1,6}}\]")
"""`[pin]`, `[phone]`, `[phone-12]`; a destroyed kind is never numbered: no digits can hide in its token."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` index the text that was handed in."""

    kind: Kind
    start: int
    end: int


def _start(finding: Finding) -> int:
    return finding.start


def _gravity(finding: Finding) -> tuple[int, int, int]:
    return (_RANK[finding.kind], finding.start, -finding.end)


def hide_tokens(text: str) -> str:
    """The text, equally long, with every token made opaque."""
    if OPAQUE in text:
        text = text.replace(OPAQUE, " ")
    if "[" not in text:
        return text
    return TOKEN_FORM.sub(lambda token: OPAQUE * len(token[0]), text)


def settle(findings: Iterable[Finding], text: str) -> tuple[Finding, ...]:
    """Disjoint findings in order. Where two overlap the graver kind keeps its span and the other its rest."""
    settled: list[Finding] = []
    cluster: list[Finding] = []
    end = -1
    for finding in sorted(findings, key=_start):
        if finding.start >= end:
            settled += _disjoint(cluster, text)
            cluster = []
        cluster.append(finding)
        end = max(end, finding.end)
    return (*settled, *_disjoint(cluster, text))


def _disjoint(cluster: list[Finding], text: str) -> list[Finding]:
    """Findings that overlap one another, cut apart. A very long row of them becomes one finding."""
    if len(cluster) == 1:
        return _rest(cluster[0], [], text)
    graver = sorted(cluster, key=_gravity)
    if len(cluster) > _LONGEST_ROW:
        whole = Finding(graver[0].kind, cluster[0].start, max(finding.end for finding in cluster))
        return _rest(whole, [], text)
    taken: list[Finding] = []
    for finding in graver:
        taken += _rest(finding, taken, text)
    return sorted(taken, key=_start)


def _rest(finding: Finding, taken: list[Finding], text: str) -> list[Finding]:
    start, rest = finding.start, []
    blocks = [
        (other.start, other.end) for other in taken if other.end > finding.start and other.start < finding.end
    ]
    if text.find(OPAQUE, finding.start, finding.end) >= 0:
        blocks += [
            (run.start() + finding.start, run.end() + finding.start)
            for run in re.finditer(f"{OPAQUE}+", text[finding.start : finding.end])
        ]
    for block_start, block_end in sorted(blocks):
        rest += _trimmed(finding.kind, start, block_start, text)
        start = max(start, block_end)
    return rest + _trimmed(finding.kind, start, finding.end, text)


def _opens(text: str, start: int, end: int) -> bool:
    return text[start] == "(" and text.find(")", start, end) > 0


def _trimmed(kind: Kind, start: int, end: int, text: str) -> list[Finding]:
    while start < end and not (text[start].isalnum() or text[start] == "+" or _opens(text, start, end)):
        start += 1
    while end > start and (text[end - 1].isspace() or (kind not in DESTROYED and text[end - 1] in ",;")):
        end -= 1
    return [Finding(kind, start, end)] if start < end else []
