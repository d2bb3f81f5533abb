"""Head and body in one write, and nothing that waits for a body that does not come."""

import asyncio
from typing import Any

from casewright.api.one_write import JoiningTransport

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class Wire:
    """Keeps what was written, write by write."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.is_closed = True

    def get_extra_info(self, name: str) -> str:
        return name


def play(steps: Any) -> Wire:
    wire = Wire()

    async def run() -> None:
        transport = JoiningTransport(wire, asyncio.get_running_loop())  # type: ignore[arg-type]
        await steps(transport)
        await asyncio.sleep(0)

    asyncio.run(run())
    return wire


def test_head_and_body_of_one_turn_leave_together() -> None:
    async def steps(transport: JoiningTransport) -> None:
        transport.write(HEAD)
        transport.write(b"{}")
        transport.write(b"more")

    assert play(steps).writes == [HEAD + b"{}", b"more"]


def test_head_without_a_body_leaves_at_the_end_of_the_turn() -> None:
    async def steps(transport: JoiningTransport) -> None:
        transport.write(HEAD)

    assert play(steps).writes == [HEAD]


def test_closing_sends_what_was_kept_back_first() -> None:
    async def steps(transport: JoiningTransport) -> None:
        transport.write(HEAD)
        transport.close()

    wire = play(steps)
    assert (wire.writes, wire.is_closed) == ([HEAD], True)


def test_permission_to_continue_is_not_kept_back() -> None:
    async def steps(transport: JoiningTransport) -> None:
        transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert transport.get_extra_info("peername") == "peername"

    assert play(steps).writes == [b"HTTP/1.1 100 Continue\r\n\r\n"]


def test_body_that_looks_like_a_head_follows_its_head() -> None:
    async def steps(transport: JoiningTransport) -> None:
        transport.write(HEAD)
        transport.write(b"HTTP/1.1 x")

    assert play(steps).writes == [HEAD + b"HTTP/1.1 x"]
