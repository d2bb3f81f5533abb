"""Request ids are hexadecimal and do not repeat."""

import re

from casewright.adapters.ids import new_request_id


def test_request_ids_are_hexadecimal_and_different() -> None:
    drawn = {new_request_id() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(re.fullmatch(r"[0-9a-f]{24}", request_id) for request_id in drawn)
