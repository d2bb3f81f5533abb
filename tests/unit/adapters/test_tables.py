"""Line tables and sinks: chunks, places to continue from, limits, locks."""

import io
import pickle
import sys
from pathlib import Path

import pytest

from casewright.adapters.tables import (
    CHUNK_ROWS,
    LineSink,
    LineTable,
    Position,
    StandardOutput,
    fingerprint_file,
    replace_file,
    size_of,
)
from casewright.domain.errors import ConfigurationError


def lines_file(tmp_path: Path, body: bytes) -> str:
    path = tmp_path / "tickets.jsonl"
    path.write_bytes(body)
    return str(path)


def rows_of(table: LineTable, start: Position) -> list[tuple[int, object]]:
    return [row for chunk in table.chunks(start) for row in chunk.rows()]


def test_every_line_has_its_number_and_no_line_end(tmp_path: Path) -> None:
    table = LineTable(lines_file(tmp_path, b"a\r\n\nc\nlast"), max_line_bytes=100)
    assert rows_of(table, Position()) == [(1, b"a"), (2, b""), (3, b"c"), (4, b"last")]


def test_a_file_without_lines_has_no_chunk(tmp_path: Path) -> None:
    assert rows_of(LineTable(lines_file(tmp_path, b""), max_line_bytes=100), Position()) == []


def test_a_chunk_says_where_the_next_one_starts(tmp_path: Path) -> None:
    body = b"".join(b"%d\n" % number for number in range(1, 2 * CHUNK_ROWS + 8))
    table = LineTable(lines_file(tmp_path, body), max_line_bytes=100)
    whole = rows_of(table, Position())
    assert len(whole) == 2 * CHUNK_ROWS + 7
    for chunk in table.chunks():
        assert rows_of(table, chunk.end) == whole[chunk.end.row :]
    assert chunk.end == Position(2 * CHUNK_ROWS + 7, len(body))


def test_a_line_over_the_limit_is_cut_and_the_next_one_is_whole(tmp_path: Path) -> None:
    body = b"x" * 5_000_000 + b"\nshort\n" + b"y" * 11
    table = LineTable(lines_file(tmp_path, body), max_line_bytes=10)
    chunks = list(table.chunks())
    assert [(number, line[:1], len(line)) for chunk in chunks for number, line in chunk.rows()] == [
        (1, b"x", 12),
        (2, b"s", 5),
        (3, b"y", 11),
    ]
    assert chunks[-1].end == Position(3, len(body))


def test_a_line_of_exactly_the_limit_is_whole(tmp_path: Path) -> None:
    table = LineTable(lines_file(tmp_path, b"0123456789\n0123456789\r\nz"), max_line_bytes=10)
    assert rows_of(table, Position()) == [(1, b"0123456789"), (2, b"0123456789"), (3, b"z")]


def test_long_lines_make_small_chunks(tmp_path: Path) -> None:
    table = LineTable(lines_file(tmp_path, (b"x" * 400_000 + b"\n") * 9), max_line_bytes=1 << 20)
    assert [len(chunk.lines) for chunk in table.chunks()] == [3, 3, 3]


def test_chunks_can_be_sent_to_another_process(tmp_path: Path) -> None:
    (chunk,) = LineTable(lines_file(tmp_path, b"a\nb\n"), max_line_bytes=10).chunks()
    assert pickle.loads(pickle.dumps(chunk)) == chunk  # noqa: S301 - our own


def test_standard_input_is_read_once_and_cannot_be_resumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\nb\n")))
    table = LineTable("-", max_line_bytes=10)
    assert (table.name, table.total) == ("standard input", None)
    assert [row for chunk in table.chunks(Position()) for row in chunk.rows()] == [(1, b"a"), (2, b"b")]
    with pytest.raises(ConfigurationError, match="cannot be read twice"):
        table.fingerprint()


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file"):
        LineTable(str(tmp_path / "none.jsonl"), max_line_bytes=10)
    with pytest.raises(ConfigurationError, match="is a folder"):
        size_of(tmp_path)


def test_the_fingerprint_changes_with_size_and_with_either_end(tmp_path: Path) -> None:
    path = tmp_path / "tickets.jsonl"
    bodies = (b"a" * 300_000, b"b" + b"a" * 299_999, b"a" * 299_999 + b"b", b"a" * 300_001)
    seen = set()
    for body in bodies:
        path.write_bytes(body)
        seen.add(fingerprint_file(path))
    assert len(seen) == 4


def test_a_sink_changes_nothing_before_it_is_told_what_to_keep(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"one\ntwo\nhalf")
    sink = LineSink(path)
    assert path.read_bytes() == b"one\ntwo\nhalf"
    sink.keep(8)
    sink.write(b"three\n")
    sink.sync()
    sink.close()
    assert path.read_bytes() == b"one\ntwo\nthree\n"


def test_a_sink_refuses_to_keep_what_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"one\n")
    sink = LineSink(path)
    with pytest.raises(ConfigurationError, match="has 4 bytes where 9 were written"):
        sink.keep(9)
    sink.close()


def test_two_sinks_cannot_write_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    first = LineSink(path)
    with pytest.raises(ConfigurationError, match="another run is writing"):
        LineSink(path)
    first.close()
    LineSink(path).close()


def test_a_sink_in_a_folder_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        LineSink(tmp_path / "none" / "out.jsonl")


def test_a_device_is_a_sink_too() -> None:
    sink = LineSink(Path("/dev/null"))
    sink.keep(0)
    sink.write(b"gone\n")
    sink.sync()
    sink.close()


def test_standard_output_gets_the_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    sink = StandardOutput()
    sink.keep(0)
    sink.write("ৎ\n".encode())
    sink.sync()
    sink.close()
    assert capfdbinary.readouterr().out == "ৎ\n".encode()


def test_a_replaced_file_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    replace_file(path, b"1")
    replace_file(path, b"2")
    assert path.read_bytes() == b"2"
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.json"]
