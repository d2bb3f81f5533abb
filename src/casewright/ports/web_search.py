"""Web search: a read tool whose results are untrusted text, cited, and never a fact of a decision."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WebResult:
    """One result, redacted and cut; its address is on the allow-list."""

    title: str
    url: str
    snippet: str


class WebSearch(Protocol):
    """Raises Unavailable where the service does not answer in time."""

    def search(self, query: str, *, limit: int = 5) -> tuple[WebResult, ...]: ...
