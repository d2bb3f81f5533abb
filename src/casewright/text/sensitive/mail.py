"""E-mail addresses, written plainly or spelled out ("name at gmail dot com", "name [at] example [dot] org").

The search starts at the "@" or the word for it and reads outwards, so its cost does not grow with what
stands between. A shop's bare address ("ordered at example.com") is no mailbox and is left.
"""

import re
from collections.abc import Iterator

from casewright.text.sensitive.findings import Finding, Kind
from casewright.text.sensitive.scan import Scan
from casewright.text.sensitive.wordlists import load_data, whole_words

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+-'!#$&*/=?^{}~")
_LOCAL_LIMIT = 64
_AT_SIGN = re.compile(r"[ \t]{0,2}[(\[{<]?@[)\]}>]?[ \t]{0,2}")
_WORDS = load_data("redaction_cues")
_DOMAIN = re.compile(
    r"[a-z0-9](?:[a-z0-9\-]{0,62})(?:[ ]?\.[ ]?[a-z0-9\-]{1,63}|,(?=com|net|org)[a-z]{3}"
    r"|[ ]{0,2}[(\[{]? ?(?:dot|ডট) ?[)\]}]?[ ]{0,2}[a-z0-9\-]{1,63}){1,6}"
)
_PROVIDER = whole_words(_WORDS["mail_provider"])
_BARE_PROVIDER = re.compile(_PROVIDER + r"(?![a-z0-9])")
_DOT = r"(?:[ ]{0,2}[(\[{<][ ]?(?:dot|\.|ডট)[ ]?[)\]}>][ ]{0,2}|[ ]{1,2}(?:dot|ডট)[ ]{1,2}|[ ]?\.[ ]?)"
_SPELLED_DOT = r"(?:[ ]{0,2}[(\[{<][ ]?(?:dot|ডট)[ ]?[)\]}>][ ]{0,2}|[ ]{1,2}(?:dot|ডট)[ ]{1,2})"
_LABEL = r"[a-z0-9\-\u0980-\u09ff]{1,40}"
_TLD = r"(?:com|net|org|edu|gov|info|io|co|bd|uk|in|us|me|biz|dev|app|xyz|de|fr|eu|কম|নেট|অর্গ)(?![a-z0-9])"
_AT_WORD = r"(?:at(?: the rate(?: of)?)?|এট|অ্যাট|এ্যাট|এট দ্য রেট|অ্যাট দ্য রেট)"
_SPELLED = re.compile(
    rf"(?P<at>[ ]{{0,2}}[(\[{{<][ ]?(?:{_AT_WORD}|@)[ ]?[)\]}}>][ ]{{0,2}}|[ ]{{1,2}}{_AT_WORD}[ ]{{1,2}})"
    rf"(?P<host>{_LABEL})(?:{_DOT}{_LABEL}){{0,3}}?(?P<dot>{_DOT})(?P<tld>{_TLD})"
    rf"(?:{_DOT}(?:bd|uk|in|au)(?![a-z0-9]))?"
)
_SPELLED_LOCAL = re.compile(
    r"([a-z0-9\u0980-\u09ff][a-z0-9._%+\-\u0980-\u09ff]{0,63}"
    r"(?:[ ](?:dot|underscore|ডট)[ ][a-z0-9\u0980-\u09ff._\-]{1,40}){0,3})\Z"
)
_NOT_A_NAME = frozenset(str(_WORDS["not_a_mailbox"]).split())


MAIL_HINTS = ("@", " dot ", "[dot", "(dot", "ডট", " at ", "এট", "অ্যাট")
"""One of these stands in every text with a mail address."""


def find_mail(scan: Scan) -> Iterator[Finding]:
    """Every mail address of the text."""
    text = scan.text
    at = text.find("@")
    while at >= 0:
        span = _around(text, at)
        if span:
            yield scan.finding(Kind.EMAIL, *span)
        at = text.find("@", max(at + 1, span[1] if span else 0))
    has_bracket = "[" in text or "(" in text or "{" in text or "<" in text
    if " at " in text or "ট" in text or (has_bracket and "at" in text):
        for match in _SPELLED.finditer(text):
            local = _SPELLED_LOCAL.search(text, max(0, match.start() - 120), match.start())
            if local and _is_mailbox(match, local[1]):
                yield scan.finding(Kind.EMAIL, local.start(1), match.end())


def _around(text: str, at: int) -> tuple[int, int] | None:
    """The span of a mail address around an "@", if there is one."""
    low = at
    while low and text[low - 1] in "([{<" and at - low < 1:
        low -= 1
    while low and text[low - 1] == " " and at - low < 3:
        low -= 1
    end_of_local = low
    while low and text[low - 1] in _LOCAL and end_of_local - low < _LOCAL_LIMIT:
        low -= 1
    while low < end_of_local and text[low] in ".'-/=*{":
        low += 1
    if low == end_of_local:
        return None
    sign = _AT_SIGN.match(text, end_of_local)
    if sign is None:
        return None
    start = sign.end()
    domain = _DOMAIN.match(text, start) or _BARE_PROVIDER.match(text, start)
    if domain is None:
        return None
    end = domain.end()
    if " " in domain[0]:
        end = start + _tight_end(domain[0])
    return low, end


def _tight_end(domain: str) -> int:
    """A domain written with spaces ends at its last known top level ("gmail . com and ..." ends at com)."""
    best = 0
    for match in re.finditer(_TLD, domain):
        best = match.end()
    if best:
        return best
    return len(domain.partition(" ")[0].rstrip("."))


def _is_mailbox(match: re.Match[str], local: str) -> bool:
    """Spelled out on purpose, or at a mail provider: not a shop's web address after the word "at"."""
    name = local.rsplit(" ", 1)[-1]
    if name in _NOT_A_NAME or len(name) < 2:
        return False
    is_bracketed = any(mark in match["at"] for mark in "([{<")
    is_dot_spelled = re.fullmatch(_SPELLED_DOT, match["dot"]) is not None
    return is_bracketed or is_dot_spelled or re.fullmatch(_PROVIDER, match["host"]) is not None
