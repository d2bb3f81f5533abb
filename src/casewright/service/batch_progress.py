"""Progress of a batch: how far it came, in a small file beside its output, so that it can be taken up again.

Invariant: what the file records is on disk before the file says so. Whatever stands in the output beyond the
recorded length was written after, and is written again.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casewright.adapters.tables import START, Position, replace_file
from casewright.domain.errors import ConfigurationError

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """One state of a run. Two runs of one input, decided by the same, write the same lines."""

    fingerprint: str
    decided_by: str
    """Version and ruleset: what else the lines depend on."""
    position: Position = START
    output_bytes: int = 0
    errors_bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    is_finished: bool = False


def progress_path(output: Path) -> Path:
    """Where the progress of an output is kept."""
    return output.with_name(f"{output.name}.progress.json")


def save_progress(path: Path, progress: Progress) -> None:
    """Record a state, whole or not at all."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "input": progress.fingerprint,
        "decided_by": progress.decided_by,
        "row": progress.position.row,
        "offset": progress.position.offset,
        "output_bytes": progress.output_bytes,
        "errors_bytes": progress.errors_bytes,
        "counts": dict(sorted(progress.counts.items())),
        "is_finished": progress.is_finished,
    }
    replace_file(path, json.dumps(document, indent=1).encode("utf-8"))


def load_progress(path: Path) -> Progress | None:
    """The recorded state, or None where there is none. Raises ConfigurationError where it cannot be read."""
    try:
        document = json.loads(path.read_bytes())
        return _read(document)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigurationError(
            f"{path} cannot be read as the progress of a batch; start over without --resume"
        ) from None


def _read(document: dict[str, Any]) -> Progress:
    if document["schema_version"] != SCHEMA_VERSION:
        raise ValueError(document["schema_version"])
    return Progress(
        fingerprint=document["input"],
        decided_by=document["decided_by"],
        position=Position(document["row"], document["offset"]),
        output_bytes=document["output_bytes"],
        errors_bytes=document["errors_bytes"],
        counts=Counter(document["counts"]),
        is_finished=document["is_finished"],
    )
