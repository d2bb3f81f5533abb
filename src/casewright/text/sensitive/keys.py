"""Machine secrets: API keys, access tokens, private keys, bearer headers.

Known issuers are told by their prefix; anything else needs the word for it ("api key: ...") and a value that
no sentence would hold.
"""

import re
from collections.abc import Iterator

from casewright.text.sensitive.findings import OPAQUE, Finding, Kind
from casewright.text.sensitive.scan import Scan

KEY_HINTS = (
    *(
        "sk-",
        "sk_",
        "pk_",
        "rk_",
        "whsec",
        "akia",
        "asia",
        "ghp_",
        "gho_",
        "ghs_",
        "ghu_",
        "ghr_",
        "github_pat",
    ),
    *(
        "glpat",
        "xox",
        "aiza",
        "eyj",
        "hf_",
        "npm_",
        "sg.",
        "bearer",
        "basic",
        "token",
        "secret",
        "api",
        "key",
    ),
    *("-----begin", "://", "session"),
)
_KNOWN = re.compile(
    r"(?<![a-z0-9_\-])(?:"
    r"sk-[a-z0-9_\-]{16,200}|(?:sk|pk|rk|whsec)_(?:live_|test_)?[a-z0-9]{16,200}"
    r"|a(?:kia|sia)[0-9a-z]{16}(?![0-9a-z])|gh[pousr]_[a-z0-9]{20,255}|github_pat_[a-z0-9_]{20,255}"
    r"|glpat-[a-z0-9_\-]{16,64}|xox[abeprs]-[a-z0-9\-]{10,200}"
    r"|aiza[a-z0-9_\-]{30,50}|hf_[a-z0-9]{20,60}|npm_[a-z0-9]{30,60}"
    r"|sg\.[a-z0-9_\-]{16,64}\.[a-z0-9_\-]{16,80}"
    r"|eyj[a-z0-9_\-]{5,4000}\.[a-z0-9_\-]{4,8000}(?:\.[a-z0-9_\-]{0,2000})?)"
)
_PEM = re.compile(
    r"-----begin [a-z ]{0,30}private key-----[^\-]{0,8000}(?:-----end [a-z ]{0,30}private key-----)?"
)
_HEADER = re.compile(r"(?<![a-z])(?:bearer|basic)[ :]{1,3}([a-z0-9._~+/\-]{12,4000}={0,2})")
_USER_INFO = re.compile(rf"://([^\s/:@{OPAQUE}]{{1,64}}:[^\s/@{OPAQUE}]{{1,64}})@")
_NAMED = re.compile(
    r"(?<![a-z])(?:(?:api|secret|access|auth|private|client|encryption|session|refresh|signing|webhook)"
    r"[ _\-]?(?:api[ _\-]?)?(?:key|token|secret)"
    r"|token|apikey|secretkey|session[ _\-]?id)s?[\"']?"
    r"\s{0,2}(?:is|was|:|=|->|holo|হলো|%3d)?\s{0,2}[\"'`]?([a-z0-9_\-./+=~]{8,512})"
)
_ENOUGH_DIGITS = 2


def find_keys(scan: Scan) -> Iterator[Finding]:
    """Every machine secret of the text."""
    text = scan.text
    if not any(mark in text for mark in KEY_HINTS):
        return
    for match in _KNOWN.finditer(text):
        yield scan.finding(Kind.TOKEN, *match.span())
    if "-----begin" in text:
        for match in _PEM.finditer(text):
            yield scan.finding(Kind.TOKEN, *match.span())
    for pattern in (_HEADER, _USER_INFO, _NAMED):
        for match in pattern.finditer(text):
            if pattern is _USER_INFO or _is_random(match[1]):
                yield scan.finding(Kind.TOKEN, *match.span(1))


def _is_random(value: str) -> bool:
    """Letters and digits mixed, or long: a word, an amount or a date is neither."""
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    return (digits >= _ENOUGH_DIGITS and letters >= _ENOUGH_DIGITS) or (
        letters + digits >= 24 and "." not in value
    )
