"""The text of a source is put together block by block, and every block is a slice of it."""

import pytest

from casewright.adapters.knowledge.readers.source import (
    TextBuilder,
    Unreadable,
    clean_block,
    clean_line,
    decode,
)


def test_blocks_are_slices_of_the_text_below_their_headings() -> None:
    builder = TextBuilder()
    builder.add_heading(1, "Tea")
    builder.add_block("Green  tea.\r\n\r\n Hot.")
    builder.add_heading(2, "Price")
    builder.add_block("Five.")
    builder.add_heading(1, "Rice")
    builder.add_block("Brown.")
    read = builder.finish()
    assert read.text == "Tea\n\nGreen tea.\nHot.\n\nPrice\n\nFive.\n\nRice\n\nBrown."
    assert [(read.text[block.start : block.end], block.heading_path) for block in read.blocks] == [
        ("Green tea.\nHot.", ("Tea",)),
        ("Five.", ("Tea", "Price")),
        ("Brown.", ("Rice",)),
    ]


def test_block_that_opens_with_a_number_is_a_clause() -> None:
    builder = TextBuilder()
    builder.add_block("RET-2.1 You may return it.")
    builder.add_block("COVID-19 has changed nothing.")
    assert [block.clause for block in builder.finish().blocks] == ["RET-2.1", None]


def test_clause_goes_on_until_something_stands_between() -> None:
    builder = TextBuilder()
    builder.add_block("First.", clause="A-1")
    assert builder.extend_clause("More.")
    builder.add_heading(2, "Other")
    assert not builder.extend_clause("Not of it.")
    (block,) = builder.finish().blocks
    assert (block.start, block.end) == (0, len("First.\n\nMore."))


def test_source_without_text_is_unreadable() -> None:
    builder = TextBuilder()
    builder.add_heading(1, "Only a heading")
    builder.add_block(" \n\t ")
    with pytest.raises(Unreadable, match="no text"):
        builder.finish()


def test_controls_go_and_joiners_that_bangla_needs_stay() -> None:
    assert clean_block("a\x00b\x1b[31m\ufeff \ud800c") == "ab[31m c"
    assert clean_block("র\u200d্য") == "র\u200d্য"
    assert clean_line("a\n b") == "a b"


def test_text_is_utf_8_or_says_where_it_is_not() -> None:
    assert decode(b"\xef\xbb\xbfhello") == "hello"
    assert decode("চা".encode("utf-16")) == "চা"
    with pytest.raises(Unreadable, match="byte 2"):
        decode(b"ab\xff")
