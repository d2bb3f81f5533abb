"""Log labels: how an identifier that a caller controls may stand in a log.

Invariant: what is not plainly an identifier (letters, then at most twelve digits; a UUID; a hexadecimal
hash; a ULID) is logged as a hash of itself, so that a secret pasted into an id reaches no log, in no
encoding. The hash is the same each time, so that the lines of one ticket still join.
"""

import hashlib
import re
from functools import lru_cache

_PLAIN = re.compile(
    r"[A-Za-z]{1,12}(?:[-_.][A-Za-z]{1,12}){0,3}[-_.]?[A-Za-z]?\d{1,8}(?:[-_.]\d{1,4})?"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?=[0-9]*[A-Z])[0-9A-HJKMNP-TV-Z]{26}"
)
_HASH = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{16,64}")
_CUES = re.compile(r"pin|otp|cvv|cvc|pass|pwd|code|secret|token|card|key|nid|cred|login", re.IGNORECASE)
_HASH_DIGITS = 12


@lru_cache(maxsize=4096)
def label_for_log(identifier: str) -> str:
    """The identifier itself where it is plainly one, else `#` and a hash of it."""
    if _HASH.fullmatch(identifier):  # no cue is spelled with the letters of a hexadecimal number
        return identifier
    if len(identifier) <= 64 and _PLAIN.fullmatch(identifier) and not _CUES.search(identifier):
        return identifier
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()
    return f"#{digest[:_HASH_DIGITS]}"
