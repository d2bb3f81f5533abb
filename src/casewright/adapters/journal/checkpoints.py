"""Checkpoints: heads of chains kept outside the database, so that a truncated tail is found.

An append-only file of JSON lines under CASEWRIGHT_HOME, each signed (Ed25519) and numbered within its writer.
Invariant: a checkpoint is written only of what is committed; a line that was altered or taken away between
others is found. A crash may tear the last line of a writer or lose a head or two; the next start of a worker
writes those again. It does not judge chains: `verification` does. `checkpoint_compaction` may put a shorter
file with the same marks in its place; that file says in its first line which number each writer had reached.
"""

import errno
import fcntl
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hmac import digest as hmac_digest
from pathlib import Path
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from casewright.adapters.journal.chain import Fault, FaultKind, Head
from casewright.domain.errors import ConfigurationError

CHECKPOINT_FILE = "checkpoints.jsonl"
SCHEMA_VERSION = 1
HEADS_PER_LINE = 256
LONGEST_LAG_S = 0.1
"""How long a committed head may wait for its checkpoint while the process lives."""
_PURPOSE = b"casewright ledger checkpoints"
_OPENING, _MIDDLE, _CLOSING = b'{"signature":"', b'","content":', b"}\n"
_HEX = 128
_TEXT_START = len(_OPENING) + _HEX + len(_MIDDLE)

Marks = dict[tuple[str, str], tuple[int, str]]
"""Tenant and case to the largest count that a checkpoint has seen, and the code of that entry."""


def make_signing_key(ledger_key: bytes) -> SigningKey:
    """The key that signs checkpoints, derived: an installation keeps one secret for its ledger."""
    return SigningKey(hmac_digest(ledger_key, _PURPOSE, "sha256"))


class CheckpointFile:
    """Appends signed lines; several processes may, one line at a time."""

    def __init__(self, path: Path, key: SigningKey, writer_id: str) -> None:
        self._path = path
        self._key = key
        self._writer_id = writer_id
        self._number = 0
        self._gate = threading.Lock()

    def append(self, heads: Iterable[Head]) -> None:
        """Write these heads, 256 to a line. Raises OSError."""
        rows: list[list[str | int]] = [[head.tenant, head.case_id, head.entries, head.mac] for head in heads]
        with self._gate:
            for start in range(0, len(rows), HEADS_PER_LINE):
                self._write_line(self._number + 1, rows[start : start + HEADS_PER_LINE])
                self._number += 1

    def _write_line(self, number: int, rows: list[list[str | int]]) -> None:
        line = build_line(self._key, self._writer_id, number, rows)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(self._path) as handle:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line
            if os.write(handle, line) != len(line):
                raise OSError(errno.ENOSPC, "the line was written in part")


def build_line(
    key: SigningKey,
    writer_id: str,
    number: int,
    rows: list[list[str | int]],
    baseline: Mapping[str, Any] | None = None,
) -> bytes:
    """One signed line. `baseline`: what the first line of a compacted file says beside its heads."""
    content: dict[str, Any] = {"schema_version": SCHEMA_VERSION, "writer": writer_id, "number": number}
    if baseline is not None:
        content["baseline"] = dict(baseline)
    content["heads"] = rows
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return _OPENING + key.sign(text).signature.hex().encode("ascii") + _MIDDLE + text + _CLOSING


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """The file of that name, made where it is absent, open and locked. Raises OSError.

    Where another file took its place while the lock was awaited, that one is opened: nothing is ever written
    to a file that has been compacted away.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_current(handle, path):
                yield handle
                return
        finally:
            os.close(handle)


def _is_current(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


class CheckpointWriter:
    """Takes heads after their commit and writes them from a thread of its own, at most a tenth second later.

    Of a case that moved several times only the newest head is written.
    """

    def __init__(self, file: CheckpointFile) -> None:
        self._file = file
        self._waiting: dict[tuple[str, str], Head] = {}
        self._gate = threading.Condition()
        self._is_closed = False
        self._thread: threading.Thread | None = None
        self.trouble: str | None = None
        """Why the last line could not be written; the heads wait and are tried again."""

    def note(self, heads: Iterable[Head]) -> None:
        """Have these written; returns at once."""
        with self._gate:
            for head in heads:
                place = (head.tenant, head.case_id)
                known = self._waiting.get(place)
                if known is None or known.entries < head.entries:
                    self._waiting[place] = head
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._run, name="casewright-checkpoints", daemon=True)
                self._thread.start()
            self._gate.notify()

    def flush(self) -> None:
        """Write what waits, now."""
        with self._gate:
            heads, self._waiting = list(self._waiting.values()), {}
        try:
            self._file.append(heads)
            self.trouble = None
        except OSError as error:
            self.trouble = f"{CHECKPOINT_FILE}: {error.strerror}"
            self.note(heads)

    def close(self) -> None:
        """Write what waits, and stop."""
        with self._gate:
            self._is_closed = True
            self._gate.notify_all()
        if self._thread is not None:
            self._thread.join()
        self.flush()

    def _run(self) -> None:
        is_open = True
        while is_open:
            with self._gate:
                self._gate.wait_for(lambda: bool(self._waiting) or self._is_closed)
                is_open = not self._gate.wait_for(lambda: self._is_closed, LONGEST_LAG_S)
            self.flush()


@dataclass(frozen=True, slots=True)
class CheckpointReading:
    """What the file says. `torn` counts lines that a crash cut off."""

    marks: Marks
    faults: tuple[Fault, ...]
    lines: int
    torn: int
    numbers: Mapping[str, int] = field(default_factory=dict)
    """The last number of each writer; of the one that compacted the file, none: it never writes again."""


def read_checkpoints(path: Path, key: VerifyKey) -> CheckpointReading:
    """Read and check the whole file; an absent one holds nothing. Raises ConfigurationError."""
    reader = _Reader(key)
    try:
        with path.open("rb") as file:
            for place, line in enumerate(file, start=1):
                reader.take(place, line.strip())
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    return reader.finish()


class _Reader:
    """Line by line: signature, number within its writer, heads."""

    def __init__(self, key: VerifyKey) -> None:
        self._key = key
        self._numbers: dict[str, int] = {}
        self._base: tuple[str, int] | None = None
        """The writer of a compacted file's baseline, and how many lines that has."""
        self.marks: Marks = {}
        self.faults: list[Fault] = []
        self.lines = 0
        self.torn = 0

    def take(self, place: int, line: bytes) -> None:
        if not line:
            return
        self.lines += 1
        text = line[_TEXT_START : -len(_CLOSING.strip())]
        if not line.endswith(b"]}}"):
            self.torn += 1
        elif not self._is_signed(line, text):
            self._fault(FaultKind.CHECKPOINT_FORGED, f"line {place}: the signature does not fit the line")
        else:
            content = json.loads(text)
            writer, number = content["writer"], content["number"]
            if "baseline" in content:
                self._begin(place, writer, content["baseline"])
            expected = self._numbers.get(writer, 0) + 1
            if number != expected:
                detail = f"line {place}: number {number} of its writer where {expected} belongs"
                self._fault(FaultKind.CHECKPOINT_DROPPED, detail)
            self._numbers[writer] = number
            self._collect(content["heads"])

    def _begin(self, place: int, writer: str, baseline: Mapping[str, Any]) -> None:
        if self.lines > 1:
            detail = f"line {place}: a baseline stands where lines of the file before it belong"
            self._fault(FaultKind.CHECKPOINT_DROPPED, detail)
            return
        self._numbers.update(baseline["writers"])
        self._base = (writer, baseline["lines"])

    def finish(self) -> CheckpointReading:
        """What was found, when the last line is read."""
        if self._base is not None:
            writer, lines = self._base
            found = self._numbers.pop(writer, 0)
            if found != lines:
                self._fault(FaultKind.CHECKPOINT_DROPPED, f"has {found} lines of its {lines} compacted ones")
        return CheckpointReading(self.marks, tuple(self.faults), self.lines, self.torn, self._numbers)

    def _is_signed(self, line: bytes, text: bytes) -> bool:
        try:
            self._key.verify(text, bytes.fromhex(line[len(_OPENING) : len(_OPENING) + _HEX].decode("ascii")))
        except (BadSignatureError, ValueError):
            return False
        return line.startswith(_OPENING) and line[_TEXT_START - len(_MIDDLE) : _TEXT_START] == _MIDDLE

    def _collect(self, heads: Iterable[tuple[str, str, int, str]]) -> None:
        for tenant, case_id, entries, mac in heads:
            known = self.marks.get((tenant, case_id), (0, ""))
            if entries > known[0]:
                self.marks[(tenant, case_id)] = (entries, mac)
            elif entries == known[0] and mac != known[1]:
                detail = "two checkpoints have seen different entries here"
                self.faults.append(Fault(FaultKind.REWRITTEN, tenant, case_id, entries, detail))

    def _fault(self, kind: FaultKind, detail: str) -> None:
        self.faults.append(Fault(kind, "", "", None, f"{CHECKPOINT_FILE} {detail}"))
