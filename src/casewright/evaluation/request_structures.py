"""Structures: ways to bend the decoded document of a ticket, in place: fields dropped, retyped, renamed,
nested, repeated by the thousand, and rows that are nearly rows.

What comes out may still be a readable ticket, or none; nothing here says which.
"""

import copy
import random
from collections.abc import Callable, Mapping

from casewright.evaluation.request_bombs import LONGEST, draw_length, make_bomb

Document = dict[str, object]
FIELDS = (
    *("ticket_id", "complaint", "language", "channel", "user_type", "campaign_context"),
    *("transaction_history", "metadata"),
)
OPTIONAL_FIELDS = FIELDS[2:]
ROW_FIELDS = ("transaction_id", "timestamp", "type", "amount", "counterparty", "status")


def as_literal(literal: str) -> str:
    """A string that is encoded as that bare JSON literal: a number that no Python number can be."""
    return f"@@raw:{literal}@@"


def draw_junk(rng: random.Random, depth: int = 2) -> object:
    """Any JSON value, the strangest ones most often."""
    kind = rng.randrange(10 if depth else 8)
    if kind < 3:
        return rng.choice((None, True, False, 0, -1, 1.5, "", " ", "null", [], {}, [[]], {"": None}, "\x00"))
    if kind < 5:
        return rng.choice(_NUMBERS)
    if kind < 8:
        return make_bomb(rng, 400)[1]
    if kind == 8:
        return [draw_junk(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {make_bomb(rng, 20)[1]: draw_junk(rng, depth - 1) for _ in range(rng.randrange(4))}


_NUMBERS: tuple[object, ...] = (
    *(
        2**31,
        2**63,
        -(2**63),
        2**64,
        10**30,
        -(10**300),
        10**13 * 100,
        1e308,
        -1e308,
        5e-324,
        -0.0,
        0.1 + 0.2,
    ),
    *(
        float("nan"),
        float("inf"),
        float("-inf"),
        as_literal("1e400"),
        as_literal("-1e400"),
        as_literal("1e-400"),
    ),
    *(
        as_literal(f"{'9' * 5_000}"),
        as_literal(f"-{'1' * 4_301}"),
        as_literal(f"0.{'3' * 6_000}"),
        as_literal("1E+2"),
    ),
)


def _bomb_complaint(document: Document, rng: random.Random) -> None:
    longest = LONGEST + 1 if rng.random() < 0.05 else LONGEST
    document["complaint"] = make_bomb(rng, longest)[1]


def _bomb_beside_complaint(document: Document, rng: random.Random) -> None:
    message = str(document.get("complaint", ""))
    parts = [message, make_bomb(rng, max(1, LONGEST - len(message) - 1))[1]]
    rng.shuffle(parts)
    document["complaint"] = " ".join(parts)


def _sprinkle_complaint(document: Document, rng: random.Random) -> None:
    """Strange characters between the customer's own."""
    message = list(str(document.get("complaint", "")))
    for _ in range(draw_length(rng, 200)):
        message.insert(rng.randrange(len(message) + 1), make_bomb(rng, 3)[1])
    document["complaint"] = "".join(message)


def _cut_complaint(document: Document, rng: random.Random) -> None:
    message = str(document.get("complaint", ""))
    first = rng.randrange(len(message) + 1)
    document["complaint"] = message[first : rng.randrange(first, len(message) + 1)]


def _drop_field(document: Document, rng: random.Random) -> None:
    document.pop(rng.choice(FIELDS), None)


def _retype_field(document: Document, rng: random.Random) -> None:
    document[rng.choice(FIELDS)] = draw_junk(rng)


def _retype_optional_field(document: Document, rng: random.Random) -> None:
    document[rng.choice(OPTIONAL_FIELDS)] = draw_junk(rng)


def _rename_field(document: Document, rng: random.Random) -> None:
    name = rng.choice(FIELDS)
    if name in document:
        document[rng.choice((name.upper(), f" {name}", f"{name}\u200b", name.title(), ""))] = document.pop(
            name
        )


def _odd_ticket_id(document: Document, rng: random.Random) -> None:
    odd = (
        "",
        " ",
        "\x00",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "{}",
        "%s%n",
        "\ud800",
        "a\r\nSet-Cookie: x",
    )
    document["ticket_id"] = rng.choice(odd) if rng.random() < 0.5 else make_bomb(rng, 5_000)[1]


def _nest_document(document: Document, rng: random.Random) -> None:
    name = rng.choice(("metadata", "transaction_history", "ticket", "complaint"))
    document[name] = copy.deepcopy(document)


def _nest_deep(document: Document, rng: random.Random) -> None:
    value: object = rng.choice((1, "x", None))
    is_list = rng.random() < 0.5
    for _ in range(rng.choice((10, 100, 250))):
        value = [value] if is_list else {"a": value}
    document[rng.choice((*OPTIONAL_FIELDS, "extra"))] = value


def _add_fields(document: Document, rng: random.Random) -> None:
    for _ in range(draw_length(rng, 300)):
        document[make_bomb(rng, 12)[1]] = draw_junk(rng, 0)


def rows_of(document: Document) -> list[object]:
    """The document's rows; it is given an empty list of them where it has none."""
    history = document.get("transaction_history")
    if not isinstance(history, list):
        history = document["transaction_history"] = []
    return history


def _giant_history(document: Document, rng: random.Random) -> None:
    """Hundreds or thousands of rows, alike or not quite."""
    rows = rows_of(document)
    pattern = [dict(row) for row in rows if isinstance(row, Mapping)] or [dict.fromkeys(ROW_FIELDS, "1")]
    for number in range(draw_length(rng, 1_800)):
        row = dict(pattern[number % len(pattern)])
        if rng.random() < 0.7:
            row["transaction_id"] = f"TXN-{number}"
        if rng.random() < 0.3:
            row["amount"] = rng.choice((500, 500.0, "500", 1e9, number))
        rows.append(row)


def _odd_rows(document: Document, rng: random.Random) -> None:
    rows = rows_of(document)
    for _ in range(rng.randrange(1, 6)):
        rows.insert(rng.randrange(len(rows) + 1), draw_junk(rng))


def _repeat_rows(document: Document, rng: random.Random) -> None:
    rows = rows_of(document)
    rows += copy.deepcopy(rows) * rng.randrange(1, 4)
    rng.shuffle(rows)


def _bend_rows(document: Document, rng: random.Random) -> None:
    """Fields of rows dropped, retyped, or given a value that is nearly right."""
    for row in rows_of(document):
        if not isinstance(row, dict):
            continue
        for _ in range(rng.randrange(1, 4)):
            name = rng.choice(ROW_FIELDS)
            way = rng.random()
            if way < 0.2:
                row.pop(name, None)
            elif way < 0.4:
                row[name] = draw_junk(rng)
            else:
                row[name] = rng.choice(_NEARLY[name])


_NEARLY: Mapping[str, tuple[object, ...]] = {
    "transaction_id": (
        "",
        " ",
        "TXN-1",
        "TXN-1",
        "a" * 5_000,
        "\ud800",
        "TXN\n9101",
        9101,
        "১২৩",
        "<b>",
        "{id}",
        "-",
    ),
    "timestamp": (
        *(
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            "2026-02-30",
            "2026-04-14",
            "20260414T140822Z",
        ),
        *(
            "2026-04-14T14:08:22.123456789Z",
            "2026-W15-2",
            "24:00",
            "২০২৬-০৪-১৪",
            "",
            "now",
            1_770_000_000,
            "2026-04-14T24:00:00Z",
        ),
        *("0001-01-01", "9999-12-31T23:59:59Z", "2026-04-14T14:08:22+00:00:00.000001"),
    ),
    "type": ("TRANSFER", " payment", "gift", "", "cash-in", "\u200btransfer"),
    "amount": (
        *(
            0,
            -500,
            0.001,
            1e-9,
            1e15,
            10**13,
            10**13 + 1,
            "1,50,000",
            "৫০০",
            "500 BDT",
            "five",
            "1e5",
            "--5",
            "1,1,1,1",
        ),
        *(
            "9" * 400,
            "٣٤",
            "0x1F",
            "NaN",
            "Infinity",
            "5" + "0" * 63,
            ",",
            "1.2.3",
            "½",
            "²",
            "5,00.5.5",
            *_NUMBERS,
        ),
    ),
    "counterparty": (
        "",
        " ",
        "+8801",
        "MERCHANT-",
        "MERCHANT-SELF",
        "merchant-x",
        "A-" * 3_000,
        "\u202e+88017",
        "0",
        "+" * 50,
    ),
    "status": ("COMPLETED", "done", "", "failed\x00", "pending "),
}

STRUCTURES: Mapping[str, Callable[[Document, random.Random], None]] = {
    "bomb for a complaint": _bomb_complaint,
    "bomb beside the complaint": _bomb_beside_complaint,
    "sprinkled complaint": _sprinkle_complaint,
    "cut complaint": _cut_complaint,
    "field dropped": _drop_field,
    "field retyped": _retype_field,
    "optional field retyped": _retype_optional_field,
    "field renamed": _rename_field,
    "odd ticket id": _odd_ticket_id,
    "document in itself": _nest_document,
    "nested deeply": _nest_deep,
    "many fields": _add_fields,
    "giant history": _giant_history,
    "odd rows": _odd_rows,
    "repeated rows": _repeat_rows,
    "bent rows": _bend_rows,
}
