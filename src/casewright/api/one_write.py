"""One write: the head and the body of a small answer leave in one system call.

The server writes them apart; on a fast route the second call, and the second wake-up of the client, cost as
much as the encoding. Invariant: nothing waits longer than the end of the event loop's turn, so streams,
HEAD and answers without a body are as prompt as before.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_STATUS_LINE = b"HTTP/1.1 "
_CONTINUE = b"HTTP/1.1 100"


class JoiningTransport:
    """A transport that keeps the head of an answer back until its body, or the end of the turn, comes."""

    __slots__ = ("_head", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""

    def write(self, data: bytes) -> None:
        """Write, or keep back where it is a head."""
        if self._head:
            data = self._head + data
            self._head = b""
        elif data.startswith(_STATUS_LINE) and not data.startswith(_CONTINUE):
            self._head = data
            self._loop.call_soon(self._flush)
            return
        self._transport.write(data)

    def close(self) -> None:
        """Close, after what was kept back."""
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Asked after every answer, so it is here and not looked for."""
        return self._transport.is_closing()

    def _flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class JoiningProtocol(HttpToolsProtocol):
    """The server's HTTP protocol on a joining transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A new connection."""
        super().connection_made(JoiningTransport(transport, self.loop))  # type: ignore[arg-type]
