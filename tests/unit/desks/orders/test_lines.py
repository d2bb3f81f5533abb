"""Which lines a request means."""

from casewright.desks.orders.lines import Swap, match_lines, match_swaps, swap_difference
from casewright.domain.shop import Order, OrderLine, OrderStatus, Variant

LINES = (
    OrderLine("a", "RED", "SHIRT", "shirt", 2000),
    OrderLine("b", "RED", "SHIRT", "shirt", 2000),
    OrderLine("c", "LAMP", "LAMP", "lamp", 3000),
)
ORDER = Order("#1", "ana", OrderStatus.PENDING, LINES, ())
BLUE = Variant("BLUE", "SHIRT", 2500)


def _ids(*item_ids: str) -> list[str] | None:
    lines = match_lines(ORDER, item_ids)
    return None if lines is None else [line.line_id for line in lines]


def test_a_variant_named_twice_means_two_lines() -> None:
    assert _ids("RED", "RED") == ["a", "b"]


def test_more_copies_than_there_are_match_nothing() -> None:
    assert _ids("RED", "RED", "RED") is None


def test_a_line_named_outright_is_not_taken_by_its_variant() -> None:
    assert _ids("RED", "a") == ["b", "a"]


def test_one_line_named_twice_matches_nothing() -> None:
    assert _ids("a", "a") is None


def test_an_item_of_no_line_matches_nothing() -> None:
    assert _ids("c", "SOFA") is None


def test_nothing_named_is_nothing_matched() -> None:
    assert _ids() == []


def test_swaps_pair_each_line_with_the_new_variant_of_its_place() -> None:
    lamp = Variant("LAMP-2", "LAMP", 2400)
    swaps = match_swaps(ORDER, ("c", "RED"), ("LAMP-2", "BLUE"), {"BLUE": BLUE, "LAMP-2": lamp})
    assert swaps == (Swap(LINES[2], lamp), Swap(LINES[0], BLUE))
    assert [swap.difference_minor for swap in swaps] == [-600, 500]
    assert swap_difference(swaps) == -100


def test_no_swaps_where_counts_differ_or_a_variant_is_absent() -> None:
    assert match_swaps(ORDER, ("a",), ("BLUE", "BLUE"), {"BLUE": BLUE}) is None
    assert match_swaps(ORDER, ("a",), ("GREEN",), {"BLUE": BLUE}) is None
    assert match_swaps(ORDER, ("z",), ("BLUE",), {"BLUE": BLUE}) is None
