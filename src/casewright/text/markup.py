"""Markup: a reply is plain text in plain letters.

What may stand in a reply is a list, not what may not: printable ASCII without the signs of markup and code,
Bangla letters, and a few typographic signs. Everything else (zero-width and direction marks, look-alike
letters of other scripts, full-width forms, tags, HTML, Markdown, JSON) is refused as it stands, before any
rule reads.
"""

import re

_HIDDEN = re.compile(r"[^\n -~\u0980-\u09ff।॥–—‘’“”…৳•\u200c\u200d🙏🙂😊✅\ufe0f\u00a0]")
_JOINER = re.compile(
    r"(?<![\u0980-\u09ff])[\u200c\u200d]|[\u200c\u200d](?![\u0980-\u09ff])|[\u200c\u200d]{2}"
)
_ACTIVE = re.compile(
    r"[<>{}\[\]\\`|^~*_=$]|//|--|&(?:#|[a-z]+;)|%[0-9a-f]{2}|(?:javascript|vbscript|data|file|mailto|tel|sms|intent)\s*:(?=\S)"
    r"|(?:^|\n)\s*(?:#|>|\d+\.\s|[-+]\s)|#",
    re.IGNORECASE,
)


def has_hidden_text(text: str) -> bool:
    """Whether a character stands in the text that a plain reply has no use for."""
    if text.isascii():
        return not text.isprintable() and _HIDDEN.search(text) is not None
    return _HIDDEN.search(text) is not None or _JOINER.search(text) is not None


def has_markup(text: str) -> bool:
    """Whether the text carries markup or active content."""
    return _ACTIVE.search(text) is not None
