"""Data files of the language layer: words and characters live in YAML beside the code, never in it.

Each file is parsed once, by the small load function of the module that uses it. Nothing else is read here.
"""

from importlib import resources
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_mapping(name: str) -> dict[str, Any]:
    """The top-level mapping of `language/data/<name>`."""
    source = resources.files("casewright.language").joinpath("data", name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(source, Loader=_LOADER)  # noqa: S506 - a safe loader either way
    return content
