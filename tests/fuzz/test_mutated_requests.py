"""Requests bent from honest tickets: whatever is sent, the service answers by its contract, soon, and tells no secret."""

from collections.abc import Callable
from typing import Any

import pytest

from casewright.evaluation.request_fuzz import draw_attempt

SEED = 20_260_401
FULL = 20_000
SHARDS = 8
SHOWN = 5


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_request_makes_the_service_fail_hang_or_tell_a_secret(
    shard: int, door: Any, size: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    found = []
    for number in range(shard, size(FULL), SHARDS):
        attempt = draw_attempt(SEED, number)
        faults = door.examine(attempt)
        if faults:
            found.append("; ".join(faults) + "\n  " + attempt.describe())
    record_property("tries", door.report())
    assert not found, f"{len(found)} attempts failed\n" + "\n".join(found[:SHOWN])
