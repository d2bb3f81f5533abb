from pathlib import Path

import pytest

from casewright.adapters.journal.chain import FaultKind, Head
from casewright.adapters.journal.checkpoints import (
    CheckpointFile,
    CheckpointReading,
    CheckpointWriter,
    make_signing_key,
    read_checkpoints,
)
from casewright.domain.errors import ConfigurationError

KEY = make_signing_key(bytes(range(32)))
A1, A2, B1 = Head("t", "a", 1, "1" * 64), Head("t", "a", 2, "2" * 64), Head("t", "b", 1, "3" * 64)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "checkpoints.jsonl"


def read(path: Path) -> CheckpointReading:
    return read_checkpoints(path, KEY.verify_key)


def kinds(path: Path) -> list[FaultKind]:
    return [fault.kind for fault in read(path).faults]


def test_what_is_written_is_read_and_the_newest_head_of_a_case_counts(path: Path) -> None:
    file = CheckpointFile(path, KEY, "w1")
    file.append([A1, B1])
    file.append([A2])
    reading = read(path)
    assert reading.marks == {("t", "a"): (2, "2" * 64), ("t", "b"): (1, "3" * 64)}
    assert (reading.faults, reading.lines, reading.torn) == ((), 2, 0)


def test_no_file_says_nothing(path: Path) -> None:
    assert read(path) == CheckpointReading({}, (), 0, 0)


def test_the_file_is_its_owners_alone(path: Path) -> None:
    CheckpointFile(path, KEY, "w1").append([A1])
    assert path.stat().st_mode & 0o777 == 0o600


def test_257_heads_are_two_lines(path: Path) -> None:
    CheckpointFile(path, KEY, "w1").append(Head("t", str(number), 1, "1" * 64) for number in range(257))
    reading = read(path)
    assert (reading.lines, len(reading.marks)) == (2, 257)


def test_an_altered_line_is_forged_and_counts_for_nothing(path: Path) -> None:
    CheckpointFile(path, KEY, "w1").append([A2])
    path.write_text(path.read_text().replace('"a",2', '"a",1'))
    assert kinds(path) == [FaultKind.CHECKPOINT_FORGED]
    assert read(path).marks == {}


def test_a_line_signed_by_another_key_is_forged(path: Path) -> None:
    CheckpointFile(path, make_signing_key(bytes(32)), "w1").append([A1])
    assert kinds(path) == [FaultKind.CHECKPOINT_FORGED]


def test_a_line_taken_away_between_others_is_missed(path: Path) -> None:
    file = CheckpointFile(path, KEY, "w1")
    for head in (A1, A2, B1):
        file.append([head])
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[2])
    assert kinds(path) == [FaultKind.CHECKPOINT_DROPPED]


def test_lines_of_several_writers_may_mix(path: Path) -> None:
    one, two = CheckpointFile(path, KEY, "w1"), CheckpointFile(path, KEY, "w2")
    one.append([A1])
    two.append([B1])
    one.append([A2])
    assert kinds(path) == []


def test_a_torn_line_is_no_fault_and_spoils_no_other(path: Path) -> None:
    CheckpointFile(path, KEY, "w1").append([A1])
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    CheckpointFile(path, KEY, "w2").append([A2, B1])
    reading = read(path)
    assert (reading.torn, reading.faults) == (1, ())
    assert reading.marks == {("t", "a"): (2, "2" * 64), ("t", "b"): (1, "3" * 64)}


def test_two_different_entries_at_one_place_are_a_chain_rewritten(path: Path) -> None:
    file = CheckpointFile(path, KEY, "w1")
    file.append([A2])
    file.append([Head("t", "a", 2, "9" * 64)])
    assert kinds(path) == [FaultKind.REWRITTEN]


def test_a_folder_in_its_place_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read(path)


def test_the_writer_writes_the_newest_head_of_each_case_when_it_closes(path: Path) -> None:
    writer = CheckpointWriter(CheckpointFile(path, KEY, "w1"))
    writer.note([A2])
    writer.note([A1, B1])
    writer.close()
    assert read(path).marks == {("t", "a"): (2, "2" * 64), ("t", "b"): (1, "3" * 64)}


def test_a_writer_that_cannot_write_says_so_and_writes_later(path: Path) -> None:
    path.mkdir(parents=True)
    writer = CheckpointWriter(CheckpointFile(path, KEY, "w1"))
    writer.note([A1])
    writer.flush()
    assert writer.trouble is not None
    path.rmdir()
    writer.close()
    assert writer.trouble is None
    assert read(path).marks == {("t", "a"): (1, "1" * 64)}
