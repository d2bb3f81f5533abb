"""Log: JSON lines on stderr, one object a line, from our own code and from libraries alike.

Invariant: an exception is logged by type and place, never by message, because a message may quote what a
customer wrote. It does not decide what is logged of a case: `service.decision_log` does.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from pydantic_core import to_json

from casewright.adapters.clock import timestamp

LOGGER_NAME = "casewright"
_ENCODE_ASCII = json.JSONEncoder(separators=(",", ":"), default=str).encode


class LineWriter:
    """Writes a whole line at a time; the end of a structlog chain. A closed or full stream loses the line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def msg(self, line: bytes) -> None:
        """Write and flush; never raises for what the stream does."""
        try:
            with self._lock:
                binary = getattr(self._stream, "buffer", None)
                if binary is None:
                    self._stream.write(line.decode("utf-8") + "\n")
                else:
                    binary.write(line + b"\n")
                    binary.flush()
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
        return _encode(line).decode("utf-8")


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
        processors=[_render],
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


def get_line_log() -> Callable[[str, Mapping[str, Any]], None]:
    """A short way for one line a case: `line_log("event name", fields)` at level info, bound now."""
    config = structlog.get_config()
    writer = config["logger_factory"]()
    if not isinstance(writer, LineWriter):  # nothing has been configured
        return lambda event, fields: get_logger().info(event, **fields)
    if not get_logger().is_enabled_for(logging.INFO):
        return lambda event, fields: None
    return lambda event, fields: writer.msg(
        _encode({"at": timestamp(), "level": "info", "event": event, **fields})
    )


def get_logger() -> Any:
    """The logger: `get_logger().info("event name", field=value)`. It is bound now, so configure first."""
    return structlog.get_logger(LOGGER_NAME).bind()


def _render(logger: object, method: str, fields: MutableMapping[str, Any]) -> bytes:
    return _encode({"at": timestamp(), "level": method, **fields})


def _encode(line: Mapping[str, Any]) -> bytes:
    try:
        return to_json(line, inf_nan_mode="strings", fallback=str)
    except ValueError:
        return _ENCODE_ASCII(line).encode("ascii")


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]
