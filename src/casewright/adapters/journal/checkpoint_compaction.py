"""Compaction of the checkpoint file: the newest head of each case, and nothing of the way there.

The new file is written whole beside the old one, brought to the disk, and put in its place by one rename,
under the lock that every writer takes. Invariants: a crash at any point leaves the old file or the new one,
each whole; no mark and no writer's number is lost, so that a tail that was cut off, and a line taken away
later, are found as before; a file with a fault is evidence, and stays as it is.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nacl.signing import SigningKey

from casewright.adapters.journal.checkpoints import (
    HEADS_PER_LINE,
    CheckpointReading,
    build_line,
    locked,
    read_checkpoints,
)
from casewright.domain.errors import ConfigurationError

NEW_SUFFIX = ".new"


@dataclass(frozen=True, slots=True)
class Compaction:
    """What became of the file."""

    lines_before: int
    lines_after: int
    bytes_before: int
    bytes_after: int


def compact_checkpoints(
    path: Path, key: SigningKey, *, writer_id: str, put: Callable[[Path, Path], None] = os.replace
) -> Compaction:
    """Put a file of the same marks in the place of the one that is there; an absent one stays absent.

    `put` renames, and tests stop there. Raises ConfigurationError where the file holds a fault or cannot be
    written.
    """
    if not path.exists():
        return Compaction(0, 0, 0, 0)
    try:
        with locked(path):
            reading = read_checkpoints(path, key.verify_key)
            if reading.faults:
                raise ConfigurationError(
                    f"{path} is not compacted: {reading.faults[0].detail}."
                    " `casewright ledger verify` names every fault; keep the file as it is."
                )
            lines = _build_lines(reading, key, writer_id)
            before = path.stat().st_size
            _put_whole(path, b"".join(lines), put)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be compacted: {error.strerror}") from error
    return Compaction(reading.lines, len(lines), before, sum(map(len, lines)))


def _build_lines(reading: CheckpointReading, key: SigningKey, writer_id: str) -> list[bytes]:
    rows: list[list[str | int]] = [
        [tenant, case_id, entries, mac] for (tenant, case_id), (entries, mac) in reading.marks.items()
    ]
    pages = [rows[start : start + HEADS_PER_LINE] for start in range(0, len(rows), HEADS_PER_LINE)] or [[]]
    baseline = {"lines": len(pages), "writers": dict(reading.numbers)}
    return [
        build_line(key, writer_id, number, page, baseline if number == 1 else None)
        for number, page in enumerate(pages, start=1)
    ]


def _put_whole(path: Path, content: bytes, put: Callable[[Path, Path], None]) -> None:
    """The content under that name, durable, or the name as it was."""
    new = path.with_name(path.name + NEW_SUFFIX)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
