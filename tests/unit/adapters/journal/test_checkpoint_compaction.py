"""The checkpoint file gets shorter and forgets nothing, whoever writes meanwhile and wherever it dies."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casewright.adapters.journal.chain import FaultKind, Head
from casewright.adapters.journal.checkpoint_compaction import Compaction, compact_checkpoints
from casewright.adapters.journal.checkpoints import (
    CheckpointFile,
    CheckpointReading,
    make_signing_key,
    read_checkpoints,
)
from casewright.domain.errors import ConfigurationError

SECRET = bytes(range(32))
KEY = make_signing_key(SECRET)
DIES = """
import os, signal, sys
from pathlib import Path
from casewright.adapters.journal.checkpoint_compaction import compact_checkpoints
from casewright.adapters.journal.checkpoints import make_signing_key
def die(new, path):
    os.kill(os.getpid(), signal.SIGKILL)
compact_checkpoints(Path(sys.argv[1]), make_signing_key(bytes(range(32))), writer_id="c1", put=die)
"""


def head(case: str, entries: int) -> Head:
    return Head("t", case, entries, f"{entries % 10}" * 64)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Forty lines of two cases."""
    place = tmp_path / "checkpoints.jsonl"
    file = CheckpointFile(place, KEY, "w1")
    for entries in range(1, 21):
        file.append([head("a", entries)])
        file.append([head("b", entries)])
    return place


def read(path: Path) -> CheckpointReading:
    return read_checkpoints(path, KEY.verify_key)


def compact(path: Path, writer_id: str = "c1") -> Compaction:
    return compact_checkpoints(path, KEY, writer_id=writer_id)


def kinds(path: Path) -> list[FaultKind]:
    return [fault.kind for fault in read(path).faults]


def test_marks_stay_and_lines_go(path: Path) -> None:
    before = read(path)
    done = compact(path)
    after = read(path)
    assert after.marks == before.marks == {("t", "a"): (20, "0" * 64), ("t", "b"): (20, "0" * 64)}
    assert (done.lines_before, done.lines_after, after.lines, after.faults) == (40, 1, 1, ())
    assert done.bytes_after == path.stat().st_size < done.bytes_before
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_writer_goes_on_after_a_compaction_and_after_the_next(path: Path) -> None:
    writer = CheckpointFile(path, KEY, "w2")
    writer.append([head("a", 21)])
    compact(path)
    writer.append([head("a", 22)])
    compact(path, "c2")
    writer.append([head("c", 1)])
    reading = read(path)
    assert reading.faults == ()
    assert reading.numbers == {"w1": 40, "w2": 3}
    assert reading.marks == {
        ("t", "a"): (22, "2" * 64),
        ("t", "b"): (20, "0" * 64),
        ("t", "c"): (1, "1" * 64),
    }


def test_a_line_taken_away_after_a_compaction_is_missed(path: Path) -> None:
    writer = CheckpointFile(path, KEY, "w2")
    compact(path)
    for entries in (21, 22, 23):
        writer.append([head("a", entries)])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[1], lines[3]]))
    assert kinds(path) == [FaultKind.CHECKPOINT_DROPPED]


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_a_compacted_line_that_is_taken_away_is_missed(path: Path, taken: int) -> None:
    CheckpointFile(path, KEY, "w2").append(head(f"many-{number}", 1) for number in range(600))
    assert compact(path).lines_after == 3
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for place, line in enumerate(lines) if place != taken))
    assert FaultKind.CHECKPOINT_DROPPED in kinds(path)


def test_an_old_baseline_put_among_later_lines_is_missed(path: Path) -> None:
    compact(path)
    baseline = path.read_bytes()
    CheckpointFile(path, KEY, "w2").append([head("a", 21)])
    path.write_bytes(path.read_bytes() + baseline)
    assert FaultKind.CHECKPOINT_DROPPED in kinds(path)


def test_a_file_with_a_fault_stays_as_it_is(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"a",2,', b'"a",3,', 1))
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="not compacted"):
        compact(path)
    assert path.read_bytes() == before


def test_no_file_stays_none(tmp_path: Path) -> None:
    assert compact(tmp_path / "checkpoints.jsonl") == Compaction(0, 0, 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_process_killed_between_writing_and_renaming_leaves_the_old_file_whole(path: Path) -> None:
    before = path.read_bytes()
    killed = subprocess.run([sys.executable, "-c", DIES, str(path)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert path.read_bytes() == before
    assert {each.name for each in path.parent.iterdir()} == {path.name, f"{path.name}.new"}
    CheckpointFile(path, KEY, "w2").append([head("a", 21)])
    assert compact(path).lines_before == 41
    assert read(path).marks[("t", "a")] == (21, "1" * 64)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_rename_that_fails_leaves_the_old_file_and_nothing_else(path: Path) -> None:
    def refuse(new: Path, old: Path) -> None:
        raise PermissionError(13, "Permission denied")

    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="cannot be compacted: Permission denied"):
        compact_checkpoints(path, KEY, writer_id="c1", put=refuse)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_nothing_is_lost_of_what_others_write_while_it_is_compacted(path: Path) -> None:
    def write(number: int) -> None:
        file = CheckpointFile(path, KEY, f"writer-{number}")
        for entries in range(1, 26):
            file.append([head(f"case-{number}", entries)])

    with ThreadPoolExecutor(5) as pool:
        writing = [pool.submit(write, number) for number in range(4)]
        for number in range(12):
            compact(path, f"c-{number}")
        for each in writing:
            each.result()
    compact(path, "c-last")
    reading = read(path)
    assert reading.faults == ()
    assert [reading.marks[("t", f"case-{number}")][0] for number in range(4)] == [25] * 4
    assert reading.marks[("t", "a")][0] == 20


def test_the_new_file_is_put_by_one_rename(path: Path) -> None:
    seen: list[tuple[str, bytes]] = []

    def put(new: Path, old: Path) -> None:
        seen.append((new.name, new.read_bytes()))
        os.replace(new, old)

    compact_checkpoints(path, KEY, writer_id="c1", put=put)
    assert seen == [(f"{path.name}.new", path.read_bytes())]
