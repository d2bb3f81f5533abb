"""The files of models: where they are, whether they are whole, and how they come to be.

A model is built into `models/` of the folder of state: beside its place, and renamed, with a manifest of
hashes; a folder without its manifest counts as absent. Which models there are, `model_catalogue` says.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MANIFEST = "manifest.json"


class Condition(StrEnum):
    """How it stands with the files of a model."""

    READY = "ready"
    ABSENT = "absent"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ModelState:
    """How it stands, where, and what to do about it."""

    condition: Condition
    place: str = ""
    size: int = 0
    """Bytes."""
    advice: str = ""


def models_folder(home: Path) -> Path:
    """Where built models lie."""
    return home.expanduser() / "models"


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build_folder(folder: Path, build: Callable[[Path], None], facts: dict[str, str]) -> None:
    """Have `build` write files into a folder that is there, with its manifest, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        build(fresh)
        hashes = {path.name: hash_file(path) for path in sorted(fresh.iterdir())}
        (fresh / MANIFEST).write_text(json.dumps({"sha256": hashes, **facts}, indent=1), "utf-8")
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def inspect_folder(folder: Path, name: str) -> ModelState:
    """Whether a built folder is there with all its files."""
    advice = f"casewright models fetch {name}"
    try:
        size = sum((folder / file).stat().st_size for file in read_hashes(folder))
    except FileNotFoundError:
        return ModelState(Condition.ABSENT, str(folder), advice=advice)
    except (ValueError, KeyError, TypeError):
        return ModelState(Condition.DAMAGED, str(folder), advice=advice)
    return ModelState(Condition.READY, str(folder), size)


def verify_folder(folder: Path, name: str) -> ModelState:
    """Whether a built folder is there and every file has the hash of the manifest."""
    state = inspect_folder(folder, name)
    if state.condition is not Condition.READY:
        return state
    if all(hash_file(folder / file) == expected for file, expected in read_hashes(folder).items()):
        return state
    return ModelState(Condition.DAMAGED, str(folder), state.size, f"casewright models fetch {name}")


def read_hashes(folder: Path) -> dict[str, str]:
    """The hash of each file, from the manifest. Raises FileNotFoundError, or ValueError and its kin."""
    hashes: dict[str, str] = json.loads((folder / MANIFEST).read_text("utf-8"))["sha256"]
    return dict(hashes)
