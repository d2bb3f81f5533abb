"""PDF: the text of each page, by pypdf. It reads no pictures: a scanned page has no text."""

import io
import logging
import re

from casewright.adapters.knowledge.readers.source import (
    ReadSource,
    Statements,
    TextBuilder,
    Unreadable,
    clean_line,
)

MOST_PAGES = 2_000
MOST_CHARACTERS = 10_000_000
_BETWEEN = re.compile(r"\n[^\S\n]*\n\s*")


def read_pdf(data: bytes) -> ReadSource:
    """The text of a PDF, with its pages. Raises Unreadable, also where its reader is not installed."""
    try:
        from pypdf import PdfReader
    except ModuleNotFoundError:
        raise Unreadable("PDF needs its reader; run: pip install 'casewright[knowledge]'") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    builder = TextBuilder()
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("it is locked with a password")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable(f"it has more than {MOST_PAGES:,} pages; split it")
        left = MOST_CHARACTERS
        for number, page in enumerate(reader.pages, start=1):
            builder.page = number
            text = page.extract_text()
            left -= len(text)
            if left < 0:
                raise Unreadable(f"it holds more than {MOST_CHARACTERS:,} characters; split it")
            for paragraph in _BETWEEN.split(text):
                builder.add_block(paragraph)
        title = clean_line(str((reader.metadata and reader.metadata.title) or ""))
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - a broken file may make its reader raise anything
        raise Unreadable(f"it is no whole PDF file ({type(error).__name__})") from None
    try:
        return builder.finish(Statements(title=title or None))
    except Unreadable:
        raise Unreadable("there is no text in it; if its pages are scanned, run text recognition") from None
