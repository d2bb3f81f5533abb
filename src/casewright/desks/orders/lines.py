"""Which lines a request means, and what swapping them costs. Pure; matches ids only, judges nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casewright.domain.shop import Order, OrderLine, Variant


@dataclass(frozen=True, slots=True)
class Swap:
    """One line and the variant that is to take its place."""

    line: OrderLine
    variant: Variant

    @property
    def difference_minor(self) -> int:
        """What the customer pays more; negative: gets back."""
        return self.variant.price_minor - self.line.price_minor


def match_lines(order: Order, item_ids: Sequence[str]) -> tuple[OrderLine, ...] | None:
    """A line of its own for each id (a line id, or the variant's), in their order; None if one has none.

    Line ids are served first, so that a variant id never takes a line that was named outright.
    """
    taken: dict[str, OrderLine] = {}
    found: list[OrderLine | None] = []
    for item_id in item_ids:
        line = order.find_line(item_id)
        found.append(line)
        if line is not None:
            if line.line_id in taken:
                return None
            taken[line.line_id] = line
    for position, item_id in enumerate(item_ids):
        if found[position] is None:
            line = next(
                (row for row in order.lines if row.variant_id == item_id and row.line_id not in taken), None
            )
            if line is None:
                return None
            taken[line.line_id] = found[position] = line
    return tuple(line for line in found if line is not None)


def match_swaps(
    order: Order, item_ids: Sequence[str], new_variant_ids: Sequence[str], variants: Mapping[str, Variant]
) -> tuple[Swap, ...] | None:
    """The n-th line with the n-th new variant; None if counts differ, or a line or a variant is not there."""
    lines = match_lines(order, item_ids)
    if lines is None or len(lines) != len(new_variant_ids):
        return None
    if any(variant_id not in variants for variant_id in new_variant_ids):
        return None
    return tuple(
        Swap(line, variants[variant_id]) for line, variant_id in zip(lines, new_variant_ids, strict=True)
    )


def swap_difference(swaps: Sequence[Swap]) -> int:
    """The difference of all swaps together, in minor units."""
    return sum(swap.difference_minor for swap in swaps)
