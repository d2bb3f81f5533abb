"""The journal of steps, and the walk over a table of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.runner import Graph, Journal, Run, Stage, Step, StepRecord, StepStatus, at_once

ROAD = Graph(
    "road",
    (
        Step("route", Stage.COMPUTE),
        Step("look_up", Stage.READ, timeout_s=0.05),
        Step("decide", Stage.COMPUTE),
        Step("write", Stage.WRITE),
        Step("review", Stage.REVIEW),
        Step("record", Stage.RECORD),
    ),
    retry=("review", "write"),
)


def _nothing() -> None:
    return None


def _clock() -> float:
    return 0.0


def _walk(run: Run, *names: str) -> None:
    for name in names:
        run.do(name, _nothing)


def test_each_step_gets_the_time_since_the_one_before_and_repeats_add_up() -> None:
    ticks = iter([0.0, 0.001, 0.003, 0.006])
    journal = Journal(lambda: next(ticks))
    assert journal.done("read") == 1000
    assert journal.done("decide") == 2000
    journal.done("read")
    assert journal.timings_us == {"read": 4000, "decide": 2000}


def test_steps_are_taken_in_the_order_of_the_table() -> None:
    run = Run(ROAD, _clock)
    assert run.do("route", lambda: "facts") == "facts"
    _walk(run, "look_up", "decide", "write", "review", "record")
    assert [record.name for record in run.records] == [
        "route",
        "look_up",
        "decide",
        "write",
        "review",
        "record",
    ]


@pytest.mark.parametrize("wrong", ["decide", "write", "record", "fly"])
def test_a_step_that_the_table_does_not_lead_to_is_refused(wrong: str) -> None:
    run = Run(ROAD, _clock)
    run.do("route", _nothing)
    with pytest.raises(ConfigurationError):
        run.do(wrong, _nothing)


def test_the_only_way_back_is_from_the_review_to_the_writing_and_three_tries_are_the_most() -> None:
    run = Run(ROAD, _clock)
    _walk(run, "route", "look_up", "decide", "write", "review", "write", "review", "write", "review")
    with pytest.raises(ConfigurationError):
        run.do("write", _nothing)
    _walk(run, "record")
    with pytest.raises(ConfigurationError):
        run.do("write", _nothing)
    with pytest.raises(ConfigurationError):
        run.do("look_up", _nothing)


@pytest.mark.parametrize(
    ("steps", "retry"),
    [
        ((Step("a", Stage.COMPUTE), Step("a", Stage.COMPUTE)), None),
        ((Step("a", Stage.COMPUTE, after=("b",)), Step("b", Stage.COMPUTE)), None),
        (
            (Step("write", Stage.WRITE), Step("act", Stage.ACT), Step("review", Stage.REVIEW)),
            ("review", "write"),
        ),
        ((Step("act", Stage.ACT), Step("review", Stage.REVIEW)), ("review", "act")),
        ((Step("write", Stage.WRITE), Step("record", Stage.RECORD)), ("record", "write")),
        ((Step("write", Stage.WRITE), Step("review", Stage.REVIEW)), ("write", "review")),
        ((Step("write", Stage.WRITE), Step("review", Stage.REVIEW)), ("review", "wrote")),
    ],
)
def test_a_table_that_leads_back_through_acting_or_in_circles_is_none(steps: Any, retry: Any) -> None:
    with pytest.raises(ConfigurationError):
        Graph("wrong", steps, retry)


def test_reads_run_at_once_and_one_that_is_out_of_time_costs_the_others_nothing() -> None:
    held, both = Event(), [Event(), Event()]

    def slow() -> str:
        held.wait(30)
        return "late"

    def meet(mine: int) -> str:
        both[mine].set()
        assert both[1 - mine].wait(30)
        return f"read {mine}"

    with ThreadPoolExecutor(3) as pool:
        gather = at_once(pool.submit, _clock)
        run = Run(Graph("reads", (Step("look_up", Stage.READ, timeout_s=20),)), _clock)
        assert run.read("look_up", [lambda: meet(0), lambda: meet(1)], gather) == ("read 0", "read 1")
        run = Run(ROAD, _clock)
        run.do("route", _nothing)
        first, second = run.read("look_up", [lambda: "here", slow], gather)
        held.set()
    assert first == "here"
    assert isinstance(second, Unavailable)
    assert run.records[-1].status is StepStatus.LATE
    assert run.records[-1].data == {"failed": 1}


def test_a_read_that_is_away_has_its_error_for_a_result_and_any_other_error_is_raised() -> None:
    def away() -> str:
        raise Unavailable("gone")

    run = Run(ROAD, _clock)
    run.do("route", _nothing)
    gone, here = run.read("look_up", [away, lambda: "here"])
    assert isinstance(gone, Unavailable)
    assert here == "here"
    broken = Run(ROAD, _clock)
    broken.do("route", _nothing)
    with pytest.raises(ZeroDivisionError):
        broken.read("look_up", [lambda: 1 // 0])
    assert broken.records[-1].status is StepStatus.FAILED
    assert broken.records[-1].data == {"error": "ZeroDivisionError"}


def test_the_journal_is_the_audit_trail_and_the_stream_hears_each_step() -> None:
    heard: list[tuple[str, Any]] = []
    kept: list[StepRecord] = []
    ticks = iter(range(100))
    run = Run(
        ROAD,
        lambda: next(ticks) / 1000,
        emit=lambda kind, data: heard.append((kind, data)),
        record=kept.append,
    )
    run.note(kind="facts")
    run.do("route", _nothing)
    run.do("look_up", lambda: run.note(tools=2))
    assert heard == [
        ("step", {"step": "route", "status": "done", "took_us": 1000, "kind": "facts"}),
        ("step", {"step": "look_up", "status": "done", "took_us": 1000, "tools": 2}),
    ]
    assert kept == run.records
    assert run.timings_us == {"route": 1000, "look_up": 1000}
    event = run.event("case-1")
    assert (event.name.value, event.case_id, event.took_us) == ("case:steps:taken", "case-1", 2000)
    assert event.data == {
        "graph": "road",
        "steps": (
            {"step": "route", "status": "done", "took_us": 1000, "kind": "facts"},
            {"step": "look_up", "status": "done", "took_us": 1000, "tools": 2},
        ),
    }


def test_the_drawing_shows_every_step_and_the_way_back() -> None:
    assert ROAD.draw().splitlines() == [
        "flowchart LR",
        '    route["route"]',
        '    look_up[/"look up<br/>at most 0.05 s"/]',
        '    decide["decide"]',
        '    write["write"]',
        '    review{"review"}',
        '    record[("record")]',
        "    route --> look_up",
        "    look_up --> decide",
        "    decide --> write",
        "    write --> review",
        "    review --> record",
        "    review -.->|findings, at most 3 tries| write",
    ]
