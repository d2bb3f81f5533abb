"""What a model that writes nonsense would get out: nothing; and every desk is asked for replies."""

import time
from datetime import date
from pathlib import Path

from tiny_gguf import put_tiny_model

from casewright.adapters.local_model import find_local_file
from casewright.bootstrap import load_desk, load_ruleset
from casewright.evaluation.bench_local_model import Written, dispute_replies, run_local_bench
from casewright.pipeline import Road
from casewright.ports.text_model import TextModel


def replies() -> Road:
    return Road(load_desk("disputes"), load_ruleset("disputes", date(2026, 6, 1)), time.perf_counter)


def unsafe(_: TextModel) -> Written:
    return Written(is_by_model=True, unsafe=("promise",))


def test_nonsense_does_not_get_out_and_every_desk_is_asked_in_turn(tmp_path: Path) -> None:
    put_tiny_model(tmp_path, "tiny")
    file = find_local_file(tmp_path, "tiny")
    told: list[str] = []
    lines = {"disputes": dispute_replies(replies()), "others": [lambda _: Written(is_by_model=False)]}
    measures = run_local_bench(file, lines, replies=6, deadline_s=60.0, tell=told.append)
    found = {measure.name: measure for measure in measures}
    assert (found["asked for"].value, found["asked for"].note) == (6, "disputes 3, others 3")
    assert (found["unsafe, and out"].value, found["unsafe, and out"].at_most) == (0, 0)
    assert found["written by the model"].value == 0.0
    assert found["left to the template"].value == 100.0
    assert found["written"].unit == "tokens/s"
    assert told == ["reply 1 of 6"]


def test_a_text_that_a_second_look_finds_unsafe_misses_the_bar(tmp_path: Path) -> None:
    put_tiny_model(tmp_path, "tiny")
    measures = run_local_bench(
        find_local_file(tmp_path, "tiny"), {"others": [unsafe]}, replies=2, tell=lambda _: None
    )
    found = {measure.name: measure for measure in measures}
    assert found["unsafe, and out"].holds is False
    assert found["others: written by the model"].value == 100.0
