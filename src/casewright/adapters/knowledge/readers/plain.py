"""Plain text: paragraphs between blank lines."""

import re

from casewright.adapters.knowledge.readers.source import ReadSource, TextBuilder, decode

_BETWEEN = re.compile(r"\n[^\S\n]*\n\s*")


def read_plain(data: bytes) -> ReadSource:
    """The paragraphs of a text. Raises Unreadable."""
    builder = TextBuilder()
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    for paragraph in _BETWEEN.split(text):
        builder.add_block(paragraph)
    return builder.finish()
