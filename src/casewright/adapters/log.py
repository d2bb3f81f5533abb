"""Log: JSON lines on stderr, one object a line, from our own code and from libraries alike.

Invariant: an exception is logged by type and place, never by message, because a message may quote what a
customer wrote. It does not decide what is logged of a case: `service.decision_log` does.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from io import TextIOBase
from typing import Any, TextIO

import structlog

from casewright.adapters.clock import timestamp

LOGGER_NAME = "casewright"
_ENCODE = json.JSONEncoder(separators=(",", ":"), default=str).encode


class LineWriter:
    """Writes a whole line at a time; the end of a structlog chain. A closed or full stream loses the line."""

    def __init__(self, stream: TextIO | TextIOBase) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def msg(self, line: str) -> None:
        """Write and flush; never raises for what the stream does."""
        try:
            with self._lock:
                self._stream.write(line + "\n")
                self._stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = exception = msg


class JsonFormatter(logging.Formatter):
    """Records of the standard library's logging, as the same JSON lines."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": timestamp(),
            "level": record.levelname.lower(),
            "event": _first_line(record.getMessage()),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= describe_exception(record.exc_info[1])
        return _ENCODE(line)


def describe_exception(error: BaseException) -> dict[str, object]:
    """Type and innermost places of an exception, without its message and without values."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return {
        "exception": type(error).__name__,
        "where": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Send everything at or above `level` (debug, info, warning, error) to `stream`, by default stderr."""
    target = stream if stream is not None else sys.stderr
    numeric = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[_stamp, _render],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=lambda *_: LineWriter(target),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    own = logging.StreamHandler(target)
    own.setFormatter(JsonFormatter())
    root.addHandler(own)
    root.setLevel(max(numeric, logging.INFO))
    for name in ("httpx2", "httpcore2", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger() -> Any:
    """The logger: `get_logger().info("event name", field=value)`. It is bound now, so configure first."""
    return structlog.get_logger(LOGGER_NAME).bind()


def _stamp(logger: object, method: str, fields: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {"at": timestamp(), "level": method, **fields}


def _render(logger: object, method: str, fields: MutableMapping[str, Any]) -> str:
    return _ENCODE(fields)


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]
