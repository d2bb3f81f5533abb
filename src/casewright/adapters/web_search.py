"""Web search: Tavily- and SearXNG-compatible services behind `ports.web_search`. Off unless it is configured.

A query leaves redacted and cut. A result comes back only if its address is https on the list of domains; its
title and snippet are redacted, without hidden characters and fences, and cut. They are untrusted text: cited
and quoted as data, and no decision reads them. The service has one deadline by the wall clock, one size, and
no redirect is followed. An answer of another shape is an answer without results.
"""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from casewright.adapters.connectors.link import Answer, ServiceAddress, ServiceLink, check_address
from casewright.adapters.gateway.deadline import call_within
from casewright.domain.errors import ConfigurationError, RetryableError, Unavailable
from casewright.ports.web_search import WebResult
from casewright.text.redaction import redact
from casewright.writing.prompts import fence_text

MAX_QUERY_CHARS = 300
MAX_TITLE_CHARS = 160
MAX_SNIPPET_CHARS = 600
MAX_URL_CHARS = 500
MOST_RESULTS = 10
MAX_IN_FLIGHT = 4
_OK = 200
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_PLAIN_URL = re.compile(r"https://[!-~]+")
_UNQUOTED = frozenset("\"'<>\\^`{|}[]")


class SearchKind(StrEnum):
    """Whose protocol a service speaks."""

    TAVILY = "tavily"
    SEARXNG = "searxng"


@dataclass(frozen=True, slots=True)
class SearchService:
    """One service and what may come back from it."""

    kind: SearchKind
    address: ServiceAddress
    domains: tuple[str, ...]
    """Hosts whose pages may be shown, each with what lies below it."""


class HttpWebSearch:
    """`ports.web_search.WebSearch` over HTTP. Thread-safe; close it at the end."""

    def __init__(self, service: SearchService) -> None:
        check_service(service)
        self._service = service
        self._link = ServiceLink(service.address)
        self._room = threading.BoundedSemaphore(MAX_IN_FLIGHT)

    def search(self, query: str, *, limit: int = 5) -> tuple[WebResult, ...]:
        """The best results on the allowed domains. Raises Unavailable where there is no answer in time."""
        asked = " ".join(redact(query).text.split())[:MAX_QUERY_CHARS].strip()
        if not asked:
            return ()
        wanted = max(1, min(limit, MOST_RESULTS))
        answer = self._ask(lambda: self._call(asked, wanted))
        if answer.status != _OK:
            raise Unavailable(f"web search answered with status {answer.status}", code="web_search_failed")
        found = answer.document.get("results")
        return self._read(found if isinstance(found, list) else (), wanted)

    def close(self) -> None:
        """No call after this."""
        self._link.close()

    def _call(self, query: str, limit: int) -> Answer:
        if self._service.kind is SearchKind.TAVILY:
            document = {
                "query": query,
                "max_results": limit,
                "search_depth": "basic",
                "include_domains": list(self._service.domains),
            }
            return self._link.query("/search", document)
        return self._link.get("/search?" + urlencode({"q": query, "format": "json", "safesearch": "1"}))

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """The call, left behind at the deadline: name resolution knows none."""
        if not self._room.acquire(blocking=False):
            raise Unavailable("web search is busy", code="web_search_busy")

        def work() -> Answer | RetryableError:
            try:
                return call()
            except RetryableError as error:
                return error
            finally:
                self._room.release()

        def late() -> Answer | RetryableError:
            return Unavailable("web search did not answer in time", code="web_search_late")

        def failed() -> Answer | RetryableError:
            return Unavailable("web search cannot be reached", code="web_search_failed")

        result = call_within(work, self._service.address.timeout_s, late=late, failed=failed)
        if isinstance(result, RetryableError):
            raise result
        return result

    def _read(self, found: Sequence[object], limit: int) -> tuple[WebResult, ...]:
        results: dict[str, WebResult] = {}
        for item in found:
            read = self._read_one(item) if isinstance(item, Mapping) else None
            if read is not None and read.url not in results:
                results[read.url] = read
            if len(results) == limit:
                break
        return tuple(results.values())

    def _read_one(self, item: Mapping[str, Any]) -> WebResult | None:
        url, title, content = (item.get(name) for name in ("url", "title", "content"))
        if not isinstance(url, str) or not is_allowed(url, self._service.domains):
            return None
        host = urlsplit(url).hostname or ""
        return WebResult(_clean(title, MAX_TITLE_CHARS) or host, url, _clean(content, MAX_SNIPPET_CHARS))


def is_allowed(url: str, domains: Sequence[str]) -> bool:
    """Whether an address is https, plain, without login, port or personal data, and on one of the domains."""
    if len(url) > MAX_URL_CHARS or not _PLAIN_URL.fullmatch(url) or not _UNQUOTED.isdisjoint(url):
        return False
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if port is not None or "@" in parts.netloc or not _DOMAIN.fullmatch(host) or redact(url).text != url:
        return False
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def check_service(service: SearchService) -> None:
    """Raises ConfigurationError for a service that cannot be used, or not safely."""
    check_address(service.address, variable="CASEWRIGHT_WEB_SEARCH_URL")
    if service.kind is SearchKind.TAVILY and service.address.token is None:
        raise ConfigurationError("web_search_kind tavily needs a key; set CASEWRIGHT_WEB_SEARCH_KEY")
    if not service.domains:
        raise ConfigurationError(
            "web search is on without a domain that may be shown; "
            "set CASEWRIGHT_WEB_SEARCH_DOMAINS, for example stats.example.com"
        )
    wrong = [domain for domain in service.domains if not _DOMAIN.fullmatch(domain)]
    if wrong:
        raise ConfigurationError(
            f"web_search_domains: {', '.join(map(repr, wrong))} is no domain; "
            "write for example stats.example.com"
        )


def open_web_search(
    url: str | None, kind: str, key: str | None, domains: Sequence[str], timeout_s: float
) -> HttpWebSearch | None:
    """The configured search; None where no address is given. Raises ConfigurationError."""
    if url is None:
        return None
    address = ServiceAddress("web search", url, key, timeout_s)
    return HttpWebSearch(SearchService(SearchKind(kind), address, tuple(map(str.lower, domains))))


def _clean(value: object, most: int) -> str:
    """A text as data: redacted, on one line, without hidden characters and fences, cut."""
    if not isinstance(value, str):
        return ""
    visible = fence_text(value[: most * 8], most * 8)
    return fence_text(" ".join(redact(visible).text.split()), most)
