"""Redaction: secrets and personal data out of a text before anything stores, logs or sends it.

A secret (PIN, one-time code, CVV, password, card number, key) is destroyed; personal data (phone, mail, id,
address) becomes a token that a vault may number. Amounts, dates, times and the ids of orders and transactions
stay, because the rules decide on them. Redacting twice changes nothing. Names of people are not looked for
here: known people are found by their values, elsewhere.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from casewright.text.sensitive.addresses import find_addresses
from casewright.text.sensitive.cards import find_cards
from casewright.text.sensitive.credentials import find_credentials
from casewright.text.sensitive.findings import DESTROYED, TOKEN_FORM, Finding, Kind, settle
from casewright.text.sensitive.identities import find_identities
from casewright.text.sensitive.keys import find_keys
from casewright.text.sensitive.mail import find_mail
from casewright.text.sensitive.phones import find_phones
from casewright.text.sensitive.scan import Scan

Tokenise = Callable[[Kind, str], str]
"""Hands out the token for a value of a kind that is not destroyed, such as `[phone-3]`."""

_PASSES = 8
_LONG_TEXT = 10_000
_STANDING_ALONE = frozenset({Kind.IBAN, Kind.CARD, Kind.EMAIL, Kind.PHONE, Kind.IP})
"""Kinds told by their own form: with them gone nothing else comes to light, so one look is enough."""
_DEEPEST = 24
_DIGIT = re.compile(r"[0-9]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HINTS = (
    "pin", "tp", "cv", "pass", "pwd", "pw", "code", "kod", "p i n", "o t p", "secret", "gopon", "key", "token", "bearer", "p*n", "p!n", "p.i", "t.p",
    "p-i", "2fa", "@", " dot ", "[dot", "(dot", "gmail", "yahoo", "hotmail", "outlook", "addr", "adress", "thik", "tika", "পিন", "টিপি", "কোড", "পাস",
    "ভি", "গোপন", "ঠিকানা", "ডট", "এট", "eyj", "village", "thana", "upazil", "upozil", "গ্রাম", "থানা", "উপজেলা", "sk-",
)  # fmt: skip
_SECRET_KEYS: Mapping[str, Kind] = {
    **dict.fromkeys(("pin", "mpin", "passcode"), Kind.PIN),
    **dict.fromkeys(("otp", "totp"), Kind.OTP),
    **dict.fromkeys(("cvv", "cvc", "cvv2"), Kind.CVV),
    **dict.fromkeys(("password", "passwd", "pwd", "passphrase"), Kind.PASSWORD),
    **dict.fromkeys(
        (
            "token",
            "secret",
            "authorization",
            "api key",
            "apikey",
            "cookie",
            "set cookie",
            "private key",
            "secret key",
            "session id",
        ),
        Kind.TOKEN,
    ),
    **dict.fromkeys(("card number", "pan", "card no", "cardnumber"), Kind.CARD),
}


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text safe to keep, and what was taken out (in indices of the text that came in)."""

    text: str
    findings: tuple[Finding, ...]


def redact(text: str, tokenise: Tokenise | None = None) -> Redacted:
    """Every secret and every personal datum replaced. `tokenise` is asked for the tokens of kinds that are kept.

    Raises ValueError if `tokenise` answers with anything but `[kind]` or `[kind-number]`.
    """
    findings = find(text)
    if not findings:
        return Redacted(text, ())
    redacted, cuts = _replace(text, findings)
    for _ in range(_second_looks(text, findings)):
        more = find(redacted)
        if not more:
            break
        moved = (Finding(item.kind, _back(item.start, cuts), _back(item.end, cuts)) for item in more)
        findings = settle((*findings, *moved), text)
        redacted, cuts = _replace(text, findings)
    if tokenise is not None:
        redacted, _ = _replace(text, findings, tokenise)
    return Redacted(redacted, findings)


def _second_looks(text: str, findings: tuple[Finding, ...]) -> int:
    """How often to look again for what the first tokens brought to light. A very long text is looked at once more."""
    if _STANDING_ALONE.issuperset(item.kind for item in findings):
        return 0
    return _PASSES if len(text) < _LONG_TEXT else 1


def contains_secret(text: str) -> bool:
    """Whether the text holds something that must be destroyed: a credential, a card number, a key."""
    return any(finding.kind in DESTROYED for finding in find(text))


def find(text: str) -> tuple[Finding, ...]:
    """Everything that must not travel: disjoint, in order, in indices of `text`."""
    scan = Scan(text)
    form = scan.text
    has_digit = _DIGIT.search(form) is not None
    if not has_digit and not any(hint in form for hint in _HINTS):
        return ()
    found: list[Finding] = []
    if has_digit:
        found += find_cards(scan)
        found += find_phones(scan)
        found += find_identities(scan)
    found += find_mail(scan)
    found += find_keys(scan)
    found += find_credentials(scan)
    found += find_addresses(scan)
    return settle(found, scan.original) if found else ()


def redact_value(value: object) -> object:
    """The same for a log record: walks mappings, lists and tuples; a credential's own key condemns its value.

    Keys are redacted too. Numbers, booleans, dates and enums pass, unless a number reads as a card or stands under
    a credential's key. Any other object is replaced by its redacted text if that holds something.
    """
    return _redact_value(value, 0)


def _redact_value(value: object, depth: int) -> object:
    if isinstance(value, str):
        return redact(value).text
    if value is None or isinstance(value, bool | float | Enum):
        return value
    if depth > _DEEPEST:
        return "[too deep]"
    if isinstance(value, Mapping):
        return {
            _redact_value(key, depth + 1): _redact_entry(key, item, depth + 1) for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        walked = [_redact_value(item, depth + 1) for item in value]
        return tuple(walked) if isinstance(value, tuple) else walked
    written = value.decode("utf-8", "replace") if isinstance(value, bytes | bytearray) else str(value)
    clean = redact(written).text
    return value if clean == written else clean


def _redact_entry(key: object, item: object, depth: int) -> object:
    if isinstance(key, str) and isinstance(item, str | int) and not isinstance(item, bool | Enum):
        name = _CAMEL.sub(" ", key).lower().replace("_", " ").replace("-", " ").strip()
        kind = _SECRET_KEYS.get(name) or _SECRET_KEYS.get(name.rsplit(" ", 1)[-1])
        if kind is not None and item != "" and not (isinstance(item, str) and TOKEN_FORM.fullmatch(item)):
            return f"[{kind}]"
    return _redact_value(item, depth)


def _replace(
    text: str, findings: tuple[Finding, ...], tokenise: Tokenise | None = None
) -> tuple[str, list[tuple[int, int]]]:
    """The text with tokens, and for each token its end there and the finding's end in `text`."""
    pieces: list[str] = []
    ends: list[tuple[int, int]] = [(0, 0)]
    at = size = 0
    for finding in findings:
        token = f"[{finding.kind}]"
        if tokenise is not None and finding.kind not in DESTROYED:
            token = tokenise(finding.kind, text[finding.start : finding.end])
            if not TOKEN_FORM.fullmatch(token):
                raise ValueError(
                    f"token {token!r} for a {finding.kind} is not of the form [{finding.kind}-1]"
                )
        pieces += (text[at : finding.start], token)
        size += finding.start - at + len(token)
        at = finding.end
        ends.append((size, at))
    pieces.append(text[at:])
    return "".join(pieces), ends


def _back(index: int, ends: list[tuple[int, int]]) -> int:
    """An index outside every token, led back to the text before replacement."""
    size, at = ends[bisect_right(ends, index, key=lambda end: end[0]) - 1]
    return at + index - size
