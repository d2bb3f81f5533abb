"""Reply: the words that leave, and where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass

from casewright.domain.case import Language

TEMPLATE_SOURCE = "template"
MODEL_SOURCE = "model:"
VERSION_MARK = "@"


def name_writer(source: str) -> str:
    """The source without the model's version: one of the configured names, whatever a server calls itself."""
    return source.partition(VERSION_MARK)[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """Shielded texts by field, and their source: `template` or `model:<provider>/<model>[@<version>]`."""

    fields: Mapping[str, str]
    language: Language
    source: str = TEMPLATE_SOURCE
    blocked: tuple[str, ...] = ()
    """Shield rules that a model's text broke before the template replaced it."""
