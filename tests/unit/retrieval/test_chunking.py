"""Chunking: spans that can be cited, of the right size, and clauses left whole."""

from hypothesis import given
from hypothesis import strategies as st

from casewright.retrieval.chunking import Block, cut, embedded_text

NUMBERS = " ".join(f"w{number}" for number in range(300))


def whole(text: str) -> list[Block]:
    return [Block(0, len(text))]


def test_a_short_document_is_one_passage_that_equals_its_slice() -> None:
    text = "  Tea is sold by weight.  "
    (passage,) = cut("shop/tea", "Tea", text, whole(text))
    assert (passage.text, passage.start, passage.end) == ("Tea is sold by weight.", 2, 24)
    assert (passage.document_id, passage.title, passage.number, passage.version) == ("shop/tea", "Tea", 0, 0)


def test_a_long_text_is_cut_at_120_words_and_each_passage_shares_30_with_the_one_before() -> None:
    passages = cut("d", "D", NUMBERS, whole(NUMBERS))
    assert [(each.text.split()[0], each.text.split()[-1]) for each in passages] == [
        ("w0", "w119"),
        ("w90", "w209"),
        ("w180", "w299"),
    ]
    assert [each.number for each in passages] == [0, 1, 2]


def test_a_numbered_clause_is_one_passage_whatever_its_length_and_its_neighbours_stay_apart() -> None:
    text = f"Before it. {NUMBERS} After it."
    clause = Block(11, 11 + len(NUMBERS), ("Window",), clause="RET-2.1")
    before, kept, after = cut("d", "D", text, [Block(0, 10), clause, Block(clause.end + 1, len(text))])
    assert (kept.clause, kept.text, kept.heading_path) == ("RET-2.1", NUMBERS, ("Window",))
    assert (before.text, after.text) == ("Before it.", "After it.")
    assert before.clause is None


def test_neighbours_under_one_heading_share_a_passage_and_others_do_not() -> None:
    text = "One.\nTwo.\nThree.\n"
    blocks = [Block(0, 4, ("A",), page=1), Block(5, 9, ("A",), page=2), Block(10, 16, ("B",), page=2)]
    first, second = cut("d", "D", text, blocks)
    assert (first.text, first.heading_path, first.page) == ("One.\nTwo.", ("A",), 1)
    assert (second.text, second.heading_path, second.page) == ("Three.", ("B",), 2)


def test_an_embedder_reads_title_and_headings_before_the_text_and_no_heading_twice() -> None:
    text = "Thirty days."
    (passage,) = cut("d", "Returns", text, [Block(0, len(text), ("Returns", "Window"))])
    assert embedded_text(passage) == "Returns › Window\nThirty days."


def test_nothing_comes_of_nothing() -> None:
    assert cut("d", "D", "", []) == ()
    assert cut("d", "D", "   ", [Block(0, 3)]) == ()


@given(st.lists(st.text(alphabet="ab \nকা", min_size=1, max_size=400), max_size=6))
def test_every_word_is_in_a_passage_and_every_passage_is_a_slice(parts: list[str]) -> None:
    text, blocks = "", []
    for part in parts:
        blocks.append(Block(len(text), len(text) + len(part)))
        text += part + "\n"
    passages = cut("d", "D", text, blocks)
    assert all(text[each.start : each.end] == each.text for each in passages)
    covered = {place for each in passages for place in range(each.start, each.end)}
    assert all(character.isspace() or place in covered for place, character in enumerate(text))
