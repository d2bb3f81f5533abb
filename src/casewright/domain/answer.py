"""Answer: what a question-and-answer desk says, before and after its review.

Bounds are built from facts, policy and passages alone: no question and no model widens them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casewright.domain.case import Language
from casewright.domain.knowledge import Citation
from casewright.domain.reply import TEMPLATE_SOURCE


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as it was written. `source` is `template` or `model:<provider>/<model>`."""

    message: str
    rationale: str
    citations: tuple[Citation, ...] = ()
    tools_used: tuple[str, ...] = ()
    is_irrelevant: bool = False
    source: str = TEMPLATE_SOURCE


@dataclass(frozen=True, slots=True)
class Element:
    """Something an answer must say: its name, and spellings of which one is enough."""

    name: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an answer may and must say."""

    facts: frozenset[str]
    """Every number, id, date, name and product that was handed to the writer, as it may be written."""
    names: frozenset[str] = frozenset()
    """Names of records in full: handed facts, whatever their words or letters would say elsewhere."""
    passages: tuple[str, ...] = ()
    """Texts that were retrieved; what they say may be said."""
    citable: frozenset[Citation] = frozenset()
    tools_expected: frozenset[str] = frozenset()
    tools_allowed: frozenset[str] = frozenset()
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Every product of the desk with its spellings, in lower case."""
    forbidden_products: frozenset[str] = frozenset()
    restricted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Topics that no answer may touch, with the words that give each away, in lower case."""
    required: tuple[Element, ...] = ()
    is_ordered: bool = False
    """Whether the required elements must come in their order."""
    language: Language = Language.EN
    max_chars: int = 1_500
    is_for_staff: bool = True
    """Read by an account manager or an agent; False: by a customer, for whom the shield is stricter."""
    channels: frozenset[str] = frozenset()
    """Official links, numbers and addresses that it may name."""
    is_refund_recorded: bool = False
    """The records hold a refund that the answer may state."""


class FindingCode(StrEnum):
    """What a review may hold against an answer."""

    TOOL_MISSING = "tool_missing"
    TOOL_NOT_ALLOWED = "tool_not_allowed"
    UNSUPPORTED_NUMBER = "unsupported_number"
    UNSUPPORTED_NAME = "unsupported_name"
    UNSUPPORTED_PRODUCT = "unsupported_product"
    UNSUPPORTED_CLAIM = "unsupported_claim"
    """A result for a customer that the decision does not hold."""
    FORBIDDEN_PRODUCT = "forbidden_product"
    RESTRICTED_TOPIC = "restricted_topic"
    ELEMENT_MISSING = "element_missing"
    ORDER_BROKEN = "order_broken"
    CITATION_UNKNOWN = "citation_unknown"
    CITATION_MISSING = "citation_missing"
    SHIELD = "shield"
    """A rule of the outbound shield; `detail` names it. It is never asked for again: the template answers."""
    JUDGE = "judge"
    """A model's opinion: it may ask for another try, and can neither pass nor fail an answer for good."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `detail` names a fact, product, tool or element: never a person's text."""

    code: FindingCode
    detail: str = ""


Offer = Draft | tuple[Finding, ...] | None
"""What a writer comes with: a draft; why its text was held back before anybody read it; or nothing."""


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at an answer: who wrote it and what the review found; none: it passed."""

    source: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The answer that leaves, and every try before it."""

    draft: Draft
    tries: tuple[Try, ...]
    is_fallback: bool = False
    """The safest template, because no try passed."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation was last about: ids, codes and numbers, never words of a question."""

    client_ids: tuple[str, ...] = ()
    """The clients that were spoken of last."""
    offered: tuple[str, ...] = ()
    """Clients that were listed for a choice, in their order; the next answer may pick one."""
    kind: str | None = None
    """The kind of the last question that was about the desk's work."""
    industry: str | None = None
    """Of a question about no client in particular."""
    spend_minor: int | None = None
    topics: tuple[str, ...] = ()
