"""A file of clients with anything in it: read, or refused with a sentence; every line is taken or named once."""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.adapters.importers.clients import read_clients
from casewright.adapters.importers.questions import read_reviews
from casewright.domain.errors import CasewrightError

CELLS = st.text(
    st.sampled_from('abZ09 ,;"\n\r\t.$€-/é') | st.characters(exclude_categories=["Cs"]), max_size=12
)
SMALL = settings(max_examples=60, deadline=None)


def read_text(text: str, ending: str) -> tuple[int, int]:
    """How many clients were taken, and how many rows refused; both 0 for a file that is refused whole."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"clients{ending}"
        path.write_text(text, "utf-8", newline="")
        with suppress(CasewrightError):
            read_reviews(path)
        with suppress(CasewrightError):
            found = read_clients(path, currency="USD", today=date(2026, 11, 21))
            return len(found.clients), len(found.problems)
    return 0, 0


@SMALL
@given(st.text(max_size=200), st.sampled_from([".csv", ".json", ".jsonl"]))
def test_any_text_is_read_or_refused(text: str, ending: str) -> None:
    read_text(text, ending)
    read_text(f"client_id,name,spend,last_meeting\n{text}", ending)


@SMALL
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_every_row_of_a_well_formed_table_is_taken_or_named(rows: list[tuple[str, str, str, str]]) -> None:
    names = ("client_id", "name", "spend", "last_meeting")
    document = [dict(zip(names, row, strict=True)) for row in rows]
    taken, refused = read_text(json.dumps(document), ".json")
    assert taken + refused == len(rows)
