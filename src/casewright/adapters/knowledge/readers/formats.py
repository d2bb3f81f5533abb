"""Formats: which reader a file gets, by the end of its name."""

from collections.abc import Callable
from pathlib import PurePosixPath

from casewright.adapters.knowledge.readers.html import read_html
from casewright.adapters.knowledge.readers.markdown import read_markdown
from casewright.adapters.knowledge.readers.pdf import read_pdf
from casewright.adapters.knowledge.readers.plain import read_plain
from casewright.adapters.knowledge.readers.source import ReadSource, Unreadable

READERS: dict[str, Callable[[bytes], ReadSource]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".txt": read_plain,
    ".text": read_plain,
}
MAX_BYTES = 32 * 1024 * 1024


def read_source(name: str, data: bytes) -> ReadSource:
    """The text of a source called `name`. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB; split it")
    return reader_of(name)(data)


def reader_of(name: str) -> Callable[[bytes], ReadSource]:
    """The reader for a file of that name. Raises Unreadable."""
    ending = PurePosixPath(f"name{name}" if name.startswith(".") else name).suffix.lower()
    if ending not in READERS:
        raise Unreadable(
            f"no reader for {ending or 'names without an ending'}; there are {', '.join(READERS)}"
        )
    return READERS[ending]
