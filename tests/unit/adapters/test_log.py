"""Logs are JSON lines, hold no message of an exception, and never fail the caller."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from casewright.adapters.log import (
    LineWriter,
    configure_logging,
    describe_exception,
    get_line_log,
    get_logger,
)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_line_is_one_json_object_with_time_level_and_event(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    get_logger().info("case decided", row="TXN-1", signals=["a"], note="টাকা\nline")
    (line,) = lines(stream)
    assert line["level"] == "info"
    assert line["event"] == "case decided"
    assert line["signals"] == ["a"]
    assert line["note"] == "টাকা\nline"
    assert line["at"].endswith("Z")


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    configure_logging("warning", stream)
    get_logger().info("case decided")
    get_logger().warning("something")
    logging.getLogger("some.library").info("chatter")
    assert [line["event"] for line in lines(stream)] == ["something"]


def test_libraries_are_logged_in_the_same_form(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    (line,) = lines(stream)
    assert line["event"] == "Started server process [7]"
    assert line["logger"] == "uvicorn.error"


def test_exception_is_logged_by_type_and_place_without_its_message(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    try:
        raise ValueError("my pin is 4821")
    except ValueError as error:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n", exc_info=error)
        described = describe_exception(error)
    (line,) = lines(stream)
    assert line["exception"] == "ValueError"
    assert "test_log.py" in line["where"][-1]
    assert "4821" not in stream.getvalue()
    assert described["exception"] == "ValueError"


def test_surrogates_and_odd_values_are_written(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    get_logger().info("odd", text="\ud800", value={1}.__class__)
    assert lines(stream)[0]["text"] == "\ud800"


def test_closed_stream_loses_the_line_and_nothing_else() -> None:
    stream = io.StringIO()
    stream.close()
    LineWriter(stream).msg(b"x")


def test_the_short_way_writes_the_same_line_and_keeps_the_level(stream: io.StringIO) -> None:
    configure_logging("info", stream)
    get_line_log()("case decided", {"row": "TXN-1"})
    configure_logging("warning", stream)
    get_line_log()("case decided", {"row": "TXN-2"})
    (line,) = lines(stream)
    assert (line["level"], line["event"], line["row"]) == ("info", "case decided", "TXN-1")
    assert line["at"].endswith("Z")
