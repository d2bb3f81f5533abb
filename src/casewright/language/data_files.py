"""Data files that ship with the code: words, patterns, templates and cases live in YAML, never in code.

The one way to read them. Each file is parsed once, by the small load function of the module that uses it;
nothing else is read here.
"""

from importlib import resources
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without its C part: the same, only slower
    from yaml import SafeLoader  # type: ignore[assignment]


def read_yaml(text: str) -> Any:
    """The content of a YAML text; only plain values, never objects."""
    return yaml.load(text, Loader=SafeLoader)


def load_packaged(package: str, name: str) -> Any:
    """The content of a YAML file of a package: `load_packaged("casewright.language", "data/times.yaml")`."""
    return read_yaml(resources.files(package).joinpath(name).read_text("utf-8"))


def load_mapping(name: str) -> dict[str, Any]:
    """The top-level mapping of `language/data/<name>`."""
    content: dict[str, Any] = load_packaged("casewright.language", f"data/{name}")
    return content
