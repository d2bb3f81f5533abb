"""Lists as people write them."""

import pytest

from casewright.adapters.importers.question_rows import read_list


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('["a", "b"]', ("a", "b")),
        ("['a', 'b']", ("a", "b")),
        ("a; b ;", ("a", "b")),
        ("client lookup", ("client lookup",)),
        ("", ()),
        ("None", ()),
        ("[]", ()),
        (["a", 3], ("a", "3")),
        ([{"name": "client_lookup", "args": {}}], ("client_lookup",)),
        ('[{"function": {"name": "playbook_search"}}]', ("playbook_search",)),
        ("{'tool': 'client_lookup'}", ("client_lookup",)),
        ("[broken", ("[broken",)),
        (None, ()),
    ],
)
def test_list_is_read_as_it_is_written(written: object, read: tuple[str, ...]) -> None:
    assert read_list(written) == read
