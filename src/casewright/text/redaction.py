"""Redaction: secrets and personal data out of a text before anything stores, logs or sends it.

A secret (PIN, one-time code, CVV, password, card number, key) is destroyed; personal data (phone, mail, id,
address) becomes a token that a vault may number. Amounts, dates, times and the ids of orders and transactions
stay, because the rules decide on them. Redacting twice changes nothing. Names of people are not looked for
here: known people are found by their values, elsewhere.

Choices where the words leave it open: "pin code 1207" is a PIN, "pin code of my area 1207" is a postcode and
stays; a town or a postcode alone is no address; "last 4 digits 4455" stays.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from casewright.text.sensitive.addresses import ADDRESS_HINTS, find_addresses
from casewright.text.sensitive.cards import find_cards
from casewright.text.sensitive.credentials import find_credentials
from casewright.text.sensitive.findings import DESTROYED, TOKEN_FORM, Finding, Kind, hide_tokens, settle
from casewright.text.sensitive.identities import find_identities
from casewright.text.sensitive.keys import KEY_HINTS, find_keys
from casewright.text.sensitive.lexicon import load_lexicon
from casewright.text.sensitive.mail import MAIL_HINTS, find_mail
from casewright.text.sensitive.phones import find_phones
from casewright.text.sensitive.scan import Scan

__all__ = [
    "DESTROYED",
    "Finding",
    "Kind",
    "Redacted",
    "Tokenise",
    "contains_secret",
    "find",
    "redact",
    "redact_value",
]

Tokenise = Callable[[Kind, str], str]
"""Hands out the token for a value of a kind that is not destroyed, such as `[phone-3]`."""

_DIGIT = re.compile(r"[0-9]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PASSES = 8
_LONG_TEXT = 10_000
_DEEPEST = 24
_APART = ("", *".,;:!?()'\"।")
_STANDING_ALONE = frozenset({Kind.IBAN, Kind.CARD, Kind.EMAIL, Kind.PHONE, Kind.IP})
"""Kinds taken out before anything that reads the words around: with them gone nothing new comes to light."""
_SECRET_KEYS = {
    Kind.PIN: "pin|mpin|passcode",
    Kind.OTP: "otp|totp",
    Kind.CVV: "cvv|cvc|cvv2",
    Kind.PASSWORD: "password|passwd|pwd|passphrase",
    Kind.CARD: "card number|card no|cardnumber|pan",
    Kind.TOKEN: "token|secret|authorization|api key|apikey|private key|secret key|cookie|session id",
}
_KIND_OF_KEY = {name: kind for kind, names in _SECRET_KEYS.items() for name in names.split("|")}


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text safe to keep, and what was taken out (in indices of the text that came in)."""

    text: str
    findings: tuple[Finding, ...]


def redact(text: str, tokenise: Tokenise | None = None) -> Redacted:
    """Every secret and every personal datum replaced. A vault's `tokenise` numbers what is not destroyed.

    Raises ValueError if `tokenise` answers with anything but `[kind]` or `[kind-number]`.
    """
    findings = find(text)
    if not findings:
        return Redacted(text, ())
    redacted, ends = _replace(text, findings)
    for _ in range(_second_looks(text, findings)):
        more = find(redacted)
        if not more:
            break
        moved = (Finding(item.kind, _back(item.start, ends), _back(item.end, ends)) for item in more)
        findings = settle((*findings, *moved), text)
        redacted, ends = _replace(text, findings)
    if tokenise is not None:
        redacted, _ = _replace(text, findings, tokenise)
    return Redacted(redacted, findings)


def contains_secret(text: str) -> bool:
    """Whether the text holds something that must be destroyed: a credential, a card number, a key."""
    return any(finding.kind in DESTROYED for finding in find(text))


def find(text: str) -> tuple[Finding, ...]:
    """What one look finds that must not travel: disjoint, in order, in indices of `text`."""
    scan = Scan.of(text)
    form = scan.text
    has_digit = _DIGIT.search(form) is not None
    if not has_digit and not any(hint in form for hint in _wordless_hints()):
        return ()
    found = [*find_mail(scan), *find_keys(scan)]
    scan = scan.without(found)
    if has_digit:
        told = [*find_cards(scan), *find_phones(scan), *find_identities(scan)]
        scan = scan.without(told)
        found += told
    found += find_credentials(scan)
    found += find_addresses(scan)
    return settle(found, hide_tokens(text)) if found else ()


@cache
def _wordless_hints() -> tuple[str, ...]:
    """Pieces, one of which stands in every text that needs a look though it has no digit."""
    hints = sorted({*load_lexicon().hints, *KEY_HINTS, *MAIL_HINTS, *ADDRESS_HINTS}, key=len)
    return tuple(hint for at, hint in enumerate(hints) if not any(shorter in hint for shorter in hints[:at]))


def _second_looks(text: str, findings: tuple[Finding, ...]) -> int:
    """How often to look again for what the first tokens brought to light; a very long text gets one."""
    if all(item.kind in _STANDING_ALONE and _is_apart(text, item) for item in findings):
        return 0
    return _PASSES if len(text) < _LONG_TEXT else 1


def _is_apart(text: str, finding: Finding) -> bool:
    """Whether nothing but a space or an ordinary mark touches it."""
    before, after = text[max(0, finding.start - 1) : finding.start], text[finding.end : finding.end + 1]
    return (before in _APART or before.isspace()) and (after in _APART or after.isspace())


def redact_value(value: object) -> object:
    """The same for a log record: walks mappings, lists and tuples; a credential's own key condemns its value.

    Keys are redacted too. Numbers, booleans and enums pass, unless a number reads as a secret or stands under
    a credential's key. Any other object is replaced by its redacted text if that text holds something.
    """
    return _redact_value(value, 0)


def _redact_value(value: object, depth: int) -> object:
    if isinstance(value, str) and not isinstance(value, Enum):
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
        kind = _KIND_OF_KEY.get(name) or _KIND_OF_KEY.get(name.rsplit(" ", 1)[-1])
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
