"""A file's reader is found by the end of its name."""

import pytest

from casewright.adapters.knowledge.readers import formats
from casewright.adapters.knowledge.readers.formats import read_source, reader_of
from casewright.adapters.knowledge.readers.source import Unreadable


@pytest.mark.parametrize("name", ["a.md", "b/A.MARKDOWN", "c.html", "d.Htm", "e.pdf", "f.txt", ".md"])
def test_known_ends_have_a_reader(name: str) -> None:
    reader_of(name)


@pytest.mark.parametrize("name", ["a.docx", "README", "b.md.bak", ""])
def test_other_ends_have_none(name: str) -> None:
    with pytest.raises(Unreadable, match="no reader"):
        reader_of(name)


def test_what_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_BYTES", 1024 * 1024)
    with pytest.raises(Unreadable, match="1 MiB"):
        read_source("a.txt", b"a" * (1024 * 1024 + 1))
