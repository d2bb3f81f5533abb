"""A chain that anybody without its key has altered, shortened, lengthened or reordered is never sound."""

from dataclasses import astuple, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.adapters.journal.chain import GENESIS, ChainCheck, Entry, FaultKind, Head, seal, write_body

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
STEP = st.tuples(
    st.integers(0, 2**60),
    st.sampled_from(["case:action:done", "x"]),
    st.dictionaries(TEXT, VALUE, max_size=4),
)
CHAIN = st.lists(STEP, min_size=1, max_size=8)
CASE = TEXT.filter(bool)


def build(steps: list[tuple[int, str, dict[str, Any]]], case: str = "c", key: bytes = KEY) -> list[Entry]:
    head, entries = Head("t", case, 0, GENESIS), []
    for at, name, body in steps:
        entries.append(seal(key, head, at, name, write_body(body)))
        head = Head("t", case, entries[-1].seq, entries[-1].mac)
    return entries


def faults(
    entries: list[Entry], heads: list[Head], marks: dict[tuple[str, str], tuple[int, str]] | None = None
) -> set[FaultKind]:
    check = ChainCheck(KEY, marks or {})
    rows = sorted((astuple(entry) for entry in entries), key=lambda row: row[:3])
    check.walk(rows)  # type: ignore[arg-type]
    check.close(astuple(head) for head in heads)  # type: ignore[misc]
    return {fault.kind for fault in check.faults}


def head_of(entries: list[Entry]) -> Head:
    last = entries[-1]
    return Head(last.tenant, last.case_id, last.seq, last.mac)


@given(CHAIN, CASE)
def test_a_chain_as_it_was_written_is_sound(steps: list[Any], case: str) -> None:
    entries = build(steps, case)
    head = head_of(entries)
    assert faults(entries, [head], {("t", case): (head.entries, head.mac)}) == set()


@given(CHAIN, st.data())
def test_any_altered_field_is_found(steps: list[Any], data: st.DataObject) -> None:
    entries = build(steps)
    place = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["at", "name", "body", "mac", "case_id", "tenant"]))
    old = getattr(entries[place], field)
    new = data.draw(st.integers(0, 2**60) if field == "at" else TEXT.filter(lambda text: text != old))
    if new == old:
        return
    altered = [*entries]
    altered[place] = replace(altered[place], **{field: new})
    assert faults(altered, [head_of(entries)])


@given(CHAIN, st.data())
def test_any_dropped_entry_is_found(steps: list[Any], data: st.DataObject) -> None:
    entries = build(steps)
    place = data.draw(st.integers(0, len(entries) - 1))
    assert faults(entries[:place] + entries[place + 1 :], [head_of(entries)])


@given(st.lists(STEP, min_size=2, max_size=8, unique_by=lambda step: step[0]), st.data())
def test_any_other_order_is_found(steps: list[Any], data: st.DataObject) -> None:
    entries = build(steps)
    order = data.draw(st.permutations(range(len(entries))))
    if order == list(range(len(entries))):
        return
    moved = [replace(entries[source], seq=place) for place, source in enumerate(order, start=1)]
    assert faults(moved, [head_of(entries)])


@given(CHAIN, st.data())
def test_a_tail_cut_off_with_its_head_is_found_by_the_checkpoint(
    steps: list[Any], data: st.DataObject
) -> None:
    entries = build(steps)
    kept = entries[: data.draw(st.integers(0, len(entries) - 1))]
    mark = {("t", "c"): (len(entries), entries[-1].mac)}
    heads = [head_of(kept)] if kept else []
    assert faults(kept, heads) == set()
    assert faults(kept, heads, mark) == {FaultKind.TRUNCATED if kept else FaultKind.CHAIN_MISSING}


@given(CHAIN, STEP)
def test_an_entry_added_without_the_key_is_found(steps: list[Any], step: Any) -> None:
    entries = build(steps)
    at, name, body = step
    forged = seal(OTHER_KEY, head_of(entries), at, name, write_body(body))
    assert faults([*entries, forged], [head_of([forged])]) == {FaultKind.ALTERED}


@given(CHAIN, CHAIN, st.data())
def test_an_entry_moved_to_another_case_is_found(
    steps: list[Any], others: list[Any], data: st.DataObject
) -> None:
    one, two = build(steps, "one"), build(others, "two")
    place = data.draw(st.integers(0, min(len(one), len(two)) - 1))
    moved = [*two]
    moved[place] = replace(one[place], case_id="two")
    assert FaultKind.ALTERED in faults([*one, *moved], [head_of(one), head_of(two)])


@given(CHAIN, STEP)
@settings(max_examples=50)
def test_a_chain_rewritten_with_the_key_itself_is_found_by_the_checkpoint(
    steps: list[Any], step: Any
) -> None:
    entries = build(steps)
    rewritten = build([*steps[:-1], step])
    if rewritten == entries:
        return
    assert faults(rewritten, [head_of(rewritten)]) == set()
    mark = {("t", "c"): (len(entries), entries[-1].mac)}
    assert faults(rewritten, [head_of(rewritten)], mark) == {FaultKind.REWRITTEN}
