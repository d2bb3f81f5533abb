"""Markdown is read as plain text with headings, clauses and what its front matter says."""

from datetime import date

import pytest

from casewright.adapters.knowledge.readers.markdown import read_markdown
from casewright.adapters.knowledge.readers.source import Unreadable
from casewright.domain.knowledge import SourceKind

PAGE = b"""---
title: Tea at noon
kind: faq
valid_from: 2026-01-01
review_by: 2026-12-31
tags: [a, b]
---
# Tea

Tea is **served** at [four](https://example.com)
or later. ![a cup](cup.png)

- green
- black

| Kind | Price |
| --- | --- |
| green | 5 |

```
brew(tea)
```

<p>Hidden <script>alert(1)</script>no more</p>

## Rules

**TEA-1.1** Pour first.

Then drink.

**TEA-1.2** Never boil twice.
"""


def test_page_is_read_whole() -> None:
    read = read_markdown(PAGE)
    blocks = [(read.text[block.start : block.end], block.heading_path, block.clause) for block in read.blocks]
    assert blocks == [
        ("Tea is served at four or later. a cup", ("Tea",), None),
        ("green", ("Tea",), None),
        ("black", ("Tea",), None),
        ("Kind | Price", ("Tea",), None),
        ("green | 5", ("Tea",), None),
        ("brew(tea)", ("Tea",), None),
        ("Hidden no more", ("Tea",), None),
        ("TEA-1.1 Pour first.\n\nThen drink.", ("Tea", "Rules"), "TEA-1.1"),
        ("TEA-1.2 Never boil twice.", ("Tea", "Rules"), "TEA-1.2"),
    ]
    said = read.statements
    assert (said.title, said.kind) == ("Tea at noon", SourceKind.FAQ)
    assert (said.valid_from, said.valid_until, said.review_by) == (date(2026, 1, 1), None, date(2026, 12, 31))


def test_title_is_the_first_heading_where_nothing_else_says() -> None:
    assert read_markdown("# চা\n\nগরম।".encode()).statements.title == "চা"
    assert read_markdown(b"Just text.").statements.title is None


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        (b"kind: secret", "kind"),
        (b"review_by: soon", "review_by"),
        (b"valid_from: 2026-01-01 10:00:00", "valid_from"),
        (b"title: a: b", "not YAML"),
    ],
)
def test_front_matter_that_cannot_be_is_named(front: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_markdown(b"---\n" + front + b"\n---\n\nText.")


def test_line_at_the_top_is_no_front_matter() -> None:
    read = read_markdown(b"---\n\nText.\n")
    assert read.text == "Text."
