"""What a model that writes nonsense would get out: nothing; and every desk is asked for replies."""

import time
from datetime import date
from pathlib import Path

from tiny_gguf import put_tiny_model

from casewright.adapters.local_model import find_local_file
from casewright.bootstrap import load_desk, load_ruleset
from casewright.evaluation.bench_local_model import run_local_bench
from casewright.pipeline import Road


def test_replies_of_every_desk_are_asked_for_and_nonsense_does_not_get_out(tmp_path: Path) -> None:
    put_tiny_model(tmp_path, "tiny")
    road = Road(load_desk("disputes"), load_ruleset("disputes", date(2026, 6, 1)), time.perf_counter)
    told: list[str] = []
    measures = run_local_bench(
        find_local_file(tmp_path, "tiny"), road, replies=8, deadline_s=60.0, tell=told.append
    )
    found = {measure.name: measure for measure in measures}
    assert found["asked for"].value == 8
    assert found["asked for"].note == "disputes 2, orders 2, returns 2, sales 2"
    assert (found["unsafe, and out"].value, found["unsafe, and out"].at_most) == (0, 0)
    assert found["written by the model"].value == 0.0
    assert found["left to the template"].value == 100.0
    assert found["written"].unit == "tokens/s"
    assert told == ["reply 1 of 8"]
