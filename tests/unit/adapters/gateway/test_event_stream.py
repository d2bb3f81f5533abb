import pytest

from casewright.adapters.gateway.event_stream import EventReader

STREAM = 'event: a\ndata: {"t": "Hel"}\n\n: comment\ndata:{"t": "lo ।"}\r\n\ndata: [DONE]\n\ndata: not json\n\nnot data\n'.encode()


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_events_are_read_however_the_chunks_are_cut(size: int) -> None:
    told: list[str] = []
    reader = EventReader(told.append, lambda event: event["t"])
    for start in range(0, len(STREAM), size):
        reader.hear(STREAM[start : start + size])
    assert told == ["Hel", "lo ।"]
    assert reader.events == [{"t": "Hel"}, {"t": "lo ।"}]


def test_an_event_that_adds_nothing_is_not_told() -> None:
    told: list[str] = []
    EventReader(told.append, lambda event: "").hear(b"data: 1\n")
    assert told == []
