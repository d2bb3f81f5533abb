"""PDF files are read page by page; what is broken, locked or scanned says so."""

import io
from collections.abc import Sequence

import pytest

from casewright.adapters.knowledge.readers.pdf import read_pdf
from casewright.adapters.knowledge.readers.source import Unreadable


def write_pdf(pages: Sequence[str], *, title: str = "", password: str = "") -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for words in pages:
        page = writer.add_blank_page(300, 300)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode("ascii") if words else b"")
        page[NameObject("/Contents")] = writer._add_object(content)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def test_pages_are_counted_from_one() -> None:
    read = read_pdf(write_pdf(["Tea is green.", "TEA-1.2 Rice is white."], title="Kitchen"))
    found = [(read.text[block.start : block.end], block.page, block.clause) for block in read.blocks]
    assert found == [("Tea is green.", 1, None), ("TEA-1.2 Rice is white.", 2, "TEA-1.2")]
    assert read.statements.title == "Kitchen"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4 broken", "no whole PDF"),
        (b"", "no whole PDF"),
        (write_pdf([""]), "scanned"),
        (write_pdf(["Tea."], password="pass"), "password"),
    ],
    ids=["broken", "empty", "scanned", "locked"],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_pdf(data)


def test_file_cut_anywhere_raises_nothing_else() -> None:
    whole = write_pdf(["Tea is green.", "Rice."])
    for length in range(0, len(whole), 97):
        try:
            read_pdf(whole[:length])
        except Unreadable:
            continue
