"""Access: which API keys a caller may present.

Invariant: keys are held as SHA-256 digests and compared in constant time, against every key, whether or not
one has matched already. It knows nothing of HTTP, nor of what a key may do: all keys may do the same.
"""

import hashlib
import hmac
from collections.abc import Iterable

HASH_PREFIX = "sha256:"
LABEL_DIGITS = 8


class KeyRing:
    """The accepted keys. Each is given plain, or as `sha256:` and the digest in hexadecimal."""

    __slots__ = ("_digests",)

    def __init__(self, keys: Iterable[str]) -> None:
        self._digests = tuple(_digest_of(key) for key in keys)

    def __bool__(self) -> bool:
        return bool(self._digests)

    def find_label(self, presented: str) -> str | None:
        """A short public name of the key, for limits and logs; None where the key is not accepted."""
        digest = hashlib.sha256(presented.encode("utf-8", "surrogatepass")).digest()
        is_known = False
        for accepted in self._digests:
            is_known |= hmac.compare_digest(digest, accepted)
        return f"key-{digest.hex()[:LABEL_DIGITS]}" if is_known else None


def _digest_of(key: str) -> bytes:
    if key.startswith(HASH_PREFIX):
        return bytes.fromhex(key.removeprefix(HASH_PREFIX))
    return hashlib.sha256(key.encode("utf-8")).digest()
