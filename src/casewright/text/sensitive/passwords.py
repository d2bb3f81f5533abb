"""Passwords: free words, so that only their place and their look tell them ("password hunter2", "pass: blue").

Behind a strong link ("is", ":", "=") any word that is no ordinary continuation is taken; elsewhere only a word
that looks made up: letters mixed with digits or marks, or a number.
"""

import re
from collections.abc import Iterator

from casewright.text.sensitive.findings import OPAQUE
from casewright.text.sensitive.lexicon import Flag, Lexicon
from casewright.text.sensitive.scan import Scan

_CHUNK = re.compile(r"\S+")
_QUOTED = re.compile(rf"\s*[\"'`]([^\"'`\n{OPAQUE}]{{3,64}})[\"'`]")
_OPENING = "\"'`([{<*"
_CLOSING = ".,;:)]}>\"'`।*"
_LEADING_LINK = re.compile(r"^(?:[\"'`)\]]{0,2}(?::=|->|=>|[:=\-_/]|%3[ad])[\s\"'`(\[]{0,3})+")
_ID = re.compile(
    r"^(?:[a-z]{2,10}[-_/#]?[0-9]{2,}|#?[0-9]{1,2}(?:st|nd|rd|th|am|pm|k)|[0-9.,]+(?:k|tk|taka|/-)?)$"
)
_RECORD = re.compile(
    r"^(?:txn|trx|ord|order|inv|ref|agent|merchant|biller|case|ticket|jtx|id)[-_#/]?[a-z0-9\-]+$"
)
_MARKS = frozenset("@#$%^&*_!+")
_VERB_ENDINGS = ("ing", "ed", "tion", "ly")
_CHUNKS_AHEAD = 7
_LONGEST = 128
_LOOSE_AHEAD = 3
_SHORTEST = 3
_SERVED = (-1, -1)
"""Not a span: the cue's value was taken out before."""
_CLAUSE_END = (".", "?", "!", "।", ";")


def find_passwords(scan: Scan, lexicon: Lexicon, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Spans of the values that belong to a password cue made of words `first` to `last` (exclusive)."""
    words = scan.words
    behind = list(_behind(scan, lexicon, words.end(last - 1)))
    yield from (span for span in behind if span != _SERVED)
    if not behind:
        yield from _before(scan, lexicon, words.starts[first])


def _behind(scan: Scan, lexicon: Lexicon, start: int) -> Iterator[tuple[int, int]]:
    text = scan.text
    is_strong, loose, at = False, 0, start
    stop = min(len(text), start + 240)
    for _ in range(_CHUNKS_AHEAD):
        link = _LEADING_LINK.match(text[at : at + 16])
        if link:
            is_strong = (
                is_strong or any(mark in link[0] for mark in (":", "=", "->", "=>", "%3")) or (at == start)
            )
            at += link.end()
        quoted = _QUOTED.match(text, at, stop)
        if (
            quoted
            and (is_strong or at == start)
            and _is_taken(quoted[1], scan, quoted.start(1), lexicon, is_strong=True)
        ):
            yield quoted.span(1)
            return
        chunk = _CHUNK.search(text, at, stop)
        if chunk is None:
            return
        begin, end = _stripped(text, chunk.start(), chunk.end())
        core = text[begin:end]
        if OPAQUE in core:
            yield _SERVED
            return
        if not core or _is_link(core, lexicon):
            is_strong = (
                is_strong or bool(core) and bool(lexicon.flags.get(core, 0) & Flag.STRONG) or ":" in chunk[0]
            )
        elif (
            _is_taken(core, scan, begin, lexicon, is_strong=is_strong and not loose) and loose <= _LOOSE_AHEAD
        ):
            if not _is_money(lexicon, text, core, end):
                yield begin, end
                yield from _also(scan, lexicon, end)
            return
        else:
            loose += 1
            is_strong = False
        if chunk[0].endswith(_CLAUSE_END) and loose:
            return
        at = chunk.end() if core or chunk.end() > at else at + 1


def _also(scan: Scan, lexicon: Lexicon, at: int) -> Iterator[tuple[int, int]]:
    """A second password right after the first ("abc123 and xyz789", "old abc123 new xyz789")."""
    for chunk in list(_CHUNK.finditer(scan.text, at, min(len(scan.text), at + 80)))[:4]:
        begin, end = _stripped(scan.text, chunk.start(), chunk.end())
        core = scan.text[begin:end]
        if core and OPAQUE not in core and _looks_made_up(core, scan, begin) and not core.isdigit():
            if not _is_money(lexicon, scan.text, core, end):
                yield begin, end


def _before(scan: Scan, lexicon: Lexicon, stop: int) -> Iterator[tuple[int, int]]:
    text = scan.text
    low = max(0, stop - 100)
    chunks = list(_CHUNK.finditer(text, low, stop))[-6:]
    is_strong = False
    for chunk in reversed(chunks):
        begin, end = _stripped(text, chunk.start(), chunk.end())
        core = text[begin:end]
        if OPAQUE in core or (chunk.start() == low and low):
            return
        flag = lexicon.flags.get(core, 0)
        if not core or _is_link(core, lexicon):
            is_strong = is_strong or bool(flag & Flag.STRONG)
            if chunk[0][-1] in ".?!।":
                return
            continue
        if chunk[0][-1] in ".?!।," and chunk.end() < stop - 1 and not is_strong:
            return
        is_quoted = begin > 0 and text[begin - 1] in "\"'`" and text[end : end + 1] in ("'", '"', "`")
        made_up = _looks_made_up(core, scan, begin) and (not core.isdigit() or is_strong)
        if (made_up or (is_quoted and is_strong)) and not _is_money(lexicon, text, core, end):
            yield begin, end
        return


def _is_link(core: str, lexicon: Lexicon) -> bool:
    flag = lexicon.flags.get(core, 0)
    return bool(flag & (Flag.STRONG | Flag.LINK)) or (
        bool(flag & Flag.VERB) and not flag & Flag.MONEY_VERB and core != "set"
    )


def _stripped(text: str, begin: int, end: int) -> tuple[int, int]:
    """Without the quotes and brackets around it and the marks behind it."""
    while begin < end and text[begin] in _OPENING:
        begin += 1
    while end > begin and text[end - 1] in _CLOSING:
        end -= 1
    return begin, end


def _is_taken(core: str, scan: Scan, begin: int, lexicon: Lexicon, *, is_strong: bool) -> bool:
    if not _SHORTEST <= len(core) <= _LONGEST or core in lexicon.not_passwords or _RECORD.match(core):
        return False
    if _looks_made_up(core, scan, begin):
        return True
    if not is_strong or not any(char.isalnum() for char in core):
        return False
    return not (core.isascii() and core.isalpha() and core.endswith(_VERB_ENDINGS))


def _looks_made_up(core: str, scan: Scan, begin: int) -> bool:
    """Letters with digits or marks inside, capitals within a word, or a bare number of four digits and more."""
    if len(core) < 4 or _RECORD.match(core):
        return False
    if core.isdigit():
        return int(core[:9]) % 100 != 0 and not 1990 <= int(core[:9]) < 2040
    has_letter = any(char.isalpha() for char in core)
    has_digit = any(char.isdigit() for char in core)
    if "=" in core[:-1] or ":" in core[:-1]:
        return False
    if has_letter and has_digit:
        return not (_ID.match(core) and not core[:1].isalpha()) and "://" not in core
    if (has_letter or has_digit) and any(mark in _MARKS for mark in core.rstrip("!?")):
        return not core.startswith(("#", "@", "http"))
    low, high = scan.span(begin, begin + len(core))
    written = scan.original[low:high]
    return (
        has_letter
        and written.isascii()
        and not written.isupper()
        and any(char.isupper() for char in written[1:])
    )


def _is_money(lexicon: Lexicon, text: str, core: str, end: int) -> bool:
    follows = re.match(r"\s?([^\s]+)", text[end : end + 24])
    if not core[:1].isdigit() or any(char.isalpha() for char in core) or follows is None:
        return False
    return bool(
        lexicon.flags.get(follows[1].rstrip(".,!?"), 0)
        & (Flag.CURRENCY | Flag.UNIT | Flag.SCALE | Flag.MONEY_VERB)
    )
