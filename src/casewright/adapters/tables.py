"""Tables: long files of tickets, read in chunks from any place on, and files of verdicts, written to last.

Invariant: no more than one chunk is in memory, however long the file or a line of it, and a chunk says where
the next one starts. A row is not judged here: whether it is JSON, or a ticket, is for whoever decides it.
Parquet is in `parquet_tables`.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from casewright.domain.errors import ConfigurationError

STANDARD_INPUT = "-"
PARQUET_ENDINGS = (".parquet", ".pq")
CHUNK_ROWS = 200
CHUNK_BYTES = 1 << 20
_FINGERPRINT_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two rows: rows before it, and its offset (bytes of lines, rows of a Parquet table)."""

    row: int = 0
    offset: int = 0


START = Position()


class Chunk(Protocol):
    """Rows that stand together. It is sent to another process, so it is small and can be pickled."""

    @property
    def end(self) -> Position:
        """Where the next chunk starts."""

    def rows(self) -> Iterator[tuple[int, object]]:
        """Number, from 1, and content of every row: bytes that should be JSON, or a decoded document."""


class Table(Protocol):
    """A long file of tickets."""

    @property
    def name(self) -> str:
        """What a message calls it."""

    @property
    def total(self) -> int | None:
        """The offset of its end, if that is known."""

    def fingerprint(self) -> str:
        """Changes when the file does; cheap, so it looks at size and both ends only."""

    def chunks(self, start: Position) -> Iterator[Chunk]:
        """Everything from a place on."""


@dataclass(frozen=True, slots=True)
class LineChunk:
    """Lines as they stand in the file; one that is too long is cut just over the limit."""

    first: int
    lines: tuple[bytes, ...]
    end: Position

    def rows(self) -> Iterator[tuple[int, object]]:
        """Number and bytes of every line."""
        return enumerate(self.lines, start=self.first)


class LineTable:
    """JSON lines in a file, or in a pipe (which is read once and cannot be resumed)."""

    total: int | None = None

    def __init__(self, source: str, *, max_line_bytes: int) -> None:
        self._path = None if source == STANDARD_INPUT else Path(source)
        self._max_line_bytes = max_line_bytes
        self.name = "standard input" if self._path is None else source
        if self._path is not None:
            self.total = size_of(self._path)

    def fingerprint(self) -> str:
        """Size and both ends. Raises ConfigurationError for a pipe."""
        if self._path is None:
            raise ConfigurationError(
                "standard input cannot be read twice; write the tickets to a file to resume"
            )
        return fingerprint_file(self._path)

    def chunks(self, start: Position = START) -> Iterator[LineChunk]:
        """Chunks of whole lines."""
        if self._path is None:
            yield from self._read(sys.stdin.buffer, start)
            return
        with self._path.open("rb", buffering=1 << 18) as handle:
            handle.seek(start.offset)
            yield from self._read(handle, start)

    def _read(self, handle: BinaryIO, start: Position) -> Iterator[LineChunk]:
        row, offset = start.row, start.offset
        lines: list[bytes] = []
        size = 0
        while True:
            line, length = self._read_line(handle)
            if length:
                lines.append(line)
                size += len(line)
                offset += length
            if lines and (not length or len(lines) >= CHUNK_ROWS or size >= CHUNK_BYTES):
                end = Position(row + len(lines), offset)
                yield LineChunk(row + 1, tuple(lines), end)
                lines, size, row = [], 0, end.row
            if not length:
                return

    def _read_line(self, handle: BinaryIO) -> tuple[bytes, int]:
        """A line without its end, and how many bytes it takes in the file; 0 at the end of the file."""
        most = self._max_line_bytes + 2
        line = handle.readline(most)
        length = len(line)
        if length == most and not line.endswith(b"\n"):
            while rest := handle.readline(CHUNK_BYTES):
                length += len(rest)
                if rest.endswith(b"\n"):
                    break
            return line, length
        return line.rstrip(b"\r\n"), length


def size_of(path: Path) -> int:
    """The size of a file. Raises ConfigurationError where it cannot be read."""
    if path.is_dir():
        raise ConfigurationError(f"{path} is a folder; name a file")
    try:
        with path.open("rb") as handle:
            return os.fstat(handle.fileno()).st_size
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path}: there is no such file; use - to read from standard input"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from None


def fingerprint_file(path: Path) -> str:
    """A hash of size, first and last bytes."""
    size = size_of(path)
    digest = hashlib.sha256(str(size).encode("ascii"))
    with path.open("rb") as handle:
        digest.update(handle.read(_FINGERPRINT_BYTES))
        handle.seek(max(0, size - _FINGERPRINT_BYTES))
        digest.update(handle.read(_FINGERPRINT_BYTES))
    return f"sha256:{digest.hexdigest()}"


class LineSink:
    """A file that grows at its end. It is locked, so that two runs cannot write to one file."""

    def __init__(self, path: Path) -> None:
        """Changes nothing yet. Raises ConfigurationError where the file cannot be written or is in use."""
        self._path = path
        try:
            self._handle = path.open("r+b" if path.exists() else "w+b")
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from None
        try:
            lock_file(self._handle)
        except BlockingIOError:
            self._handle.close()
            raise ConfigurationError(
                f"another run is writing {path}; wait for it, or name another file"
            ) from None

    def keep(self, size: int) -> None:
        """Drop what stands after `size` bytes. Raises ConfigurationError where there is less."""
        found = self._handle.seek(0, os.SEEK_END)
        if found < size:
            raise ConfigurationError(
                f"{self._path} has {found} bytes where {size} were written: it was changed, or is another "
                "run's; start over without --resume"
            )
        with suppress(OSError):  # a device such as /dev/null
            self._handle.truncate(size)
            self._handle.seek(size)

    def write(self, data: bytes) -> None:
        """Add to the end; on disk only after `sync`."""
        self._handle.write(data)

    def sync(self) -> None:
        """Everything written so far survives a crash of the machine."""
        self._handle.flush()
        with suppress(OSError):  # a device such as /dev/null
            os.fsync(self._handle.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._handle.close()


class StandardOutput:
    """Standard output as a sink: nothing is kept of what was there."""

    def keep(self, size: int) -> None:
        """Nothing can be dropped."""

    def write(self, data: bytes) -> None:
        """Print."""
        sys.stdout.buffer.write(data)

    def sync(self) -> None:
        """Hand on what is buffered."""
        sys.stdout.buffer.flush()

    def close(self) -> None:
        """Nothing to let go of."""


def lock_file(handle: BinaryIO) -> None:
    """Lock a file while it is open, where locks are known. Raises BlockingIOError where it is locked."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return  # a file system without locks


def replace_file(path: Path, data: bytes) -> None:
    """Write a small file whole or not at all, whatever happens meanwhile."""
    draft = path.with_name(f"{path.name}.tmp")
    with draft.open("wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A rename or a new file in the folder survives a crash of the machine."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
