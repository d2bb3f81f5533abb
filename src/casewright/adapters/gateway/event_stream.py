"""Reader of a stream of server-sent events as providers send them: JSON after `data:`, one event a block.

It takes chunks as they come, cut anywhere. What is not JSON is passed over: a stream that says nothing is an
answer that says nothing.
"""

from collections.abc import Callable
from typing import Any

from casewright.adapters.gateway.wire import Listen, read_document

_DATA = b"data:"


class EventReader:
    """Feed it chunks; it keeps the `events`, and tells `listen` of the text that each of them adds."""

    def __init__(self, listen: Listen, read_piece: Callable[[Any], str]) -> None:
        self._listen = listen
        self._read_piece = read_piece
        self._rest = b""
        self.events: list[Any] = []

    def hear(self, chunk: bytes) -> None:
        """Take in a chunk."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            if line.startswith(_DATA):
                event = read_document(line.removeprefix(_DATA))
                if event is not None:
                    self.events.append(event)
                    piece = self._read_piece(event)
                    if piece:
                        self._listen(piece)
