"""Word lists of the packaged data, as pieces of patterns over the matching form."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from casewright.language.data_files import read_yaml
from casewright.language.normalise import normalise

BANGLA = "\u0980-\u09e5\u09f0-\u09ff"
"""Letters and signs of Bangla, for character classes."""


@cache
def load_data(name: str) -> Mapping[str, Any]:
    """`data/<name>.yaml`, read once."""
    source = resources.files("casewright.text").joinpath(f"data/{name}.yaml").read_text("utf-8")
    data: Mapping[str, Any] = read_yaml(source)
    return data


def alternatives(text: str) -> str:
    """Alternatives divided by "|", over several lines, as one group's content in matching form."""
    return re.sub(r"\s*\|\s*", "|", " ".join(normalise(text).text.split()))


def words(text: str) -> str:
    """Words divided by spaces, the longest first, as one group's content in matching form."""
    return "|".join(sorted(normalise(text).text.split(), key=len, reverse=True))


def whole_words(section: Mapping[str, str]) -> str:
    """A group for a section with `latin` and `bangla` alternatives; Latin ones match whole words."""
    return rf"(?:(?<![a-z])(?:{alternatives(section['latin'])})(?![a-z])|{alternatives(section['bangla'])})"
