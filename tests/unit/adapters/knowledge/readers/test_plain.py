"""Plain text is parted at blank lines."""

from casewright.adapters.knowledge.readers.plain import read_plain


def test_paragraphs_are_blocks() -> None:
    read = read_plain("One\r\nline.\r\n\r\n \r\nদুই।\n\n\n".encode())
    assert [read.text[block.start : block.end] for block in read.blocks] == ["One\nline.", "দুই।"]
