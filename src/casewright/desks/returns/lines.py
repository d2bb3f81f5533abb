"""Which lines of an order are meant, and which methods paid for it. Pure.

Invariant: no line is meant twice; where an item finds no line of its own, nothing is matched at all.
"""

from collections.abc import Sequence

from casewright.domain.shop import Order, OrderLine, PaymentKind


def match_lines(order: Order, items: Sequence[str]) -> tuple[OrderLine, ...] | None:
    """A line of its own for each item, at the item's place; None where one is missing.

    Line ids are taken first, then variant ids by the order's own sequence, so that naming one of two equal
    lines by its id leaves the other for its variant.
    """
    free = {line.line_id: line for line in order.lines}
    found: dict[int, OrderLine] = {}
    for place, item in enumerate(items):
        if item in free:
            found[place] = free.pop(item)
    for place, item in enumerate(items):
        if place in found:
            continue
        line = next((line for line in free.values() if line.variant_id == item), None)
        if line is None:
            return None
        found[place] = free.pop(line.line_id)
    return tuple(found[place] for place in range(len(items)))


def original_methods(order: Order) -> tuple[str, ...]:
    """The methods whose payment is still with the shop, first payment first; all payers where none is."""
    net = order.net_by_method()
    held = tuple(method for method, amount in net.items() if amount > 0)
    payers = (row.method_id for row in order.payments if row.kind is PaymentKind.PAYMENT)
    return held or tuple(dict.fromkeys(payers))


def in_order(order: Order, lines: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    """The lines in the order's own sequence, so that one request has one form."""
    place = {line.line_id: number for number, line in enumerate(order.lines)}
    return tuple(sorted(lines, key=lambda line: place[line.line_id]))
