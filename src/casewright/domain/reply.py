"""Reply: the words that leave, and where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass

from casewright.domain.case import Language

TEMPLATE_SOURCE = "template"


@dataclass(frozen=True, slots=True)
class Reply:
    """Shielded text fields by name, and their source: `template` or `model:<provider>/<model>`."""

    fields: Mapping[str, str]
    language: Language
    source: str = TEMPLATE_SOURCE
    blocked: tuple[str, ...] = ()
    """Shield rules that a model's text broke before the template replaced it."""
