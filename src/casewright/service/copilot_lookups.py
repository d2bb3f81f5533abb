"""Look-ups of the copilot: clients and playbook of a tenant, each kept for a while and made once at a time.

Invariant: what is kept is found under the arguments, the tenant and the generation of its source, so that a
change is seen by the next question, whoever made it and in whichever process.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from casewright.adapters.cache.lookups import CacheNumbers, LookupCache, SharedEntries
from casewright.answering import LookUps
from casewright.domain.client import Client
from casewright.domain.knowledge import Query, Retrieved
from casewright.ports.clients import ClientRecords
from casewright.ports.knowledge import Retrieval
from casewright.ports.web_search import WebResult

if TYPE_CHECKING:
    from casewright.adapters.redis_link import RedisLink

CLIENT_LIFETIME_S = 300.0
PLAYBOOK_LIFETIME_S = 600.0
MOST_CLIENTS, MOST_PASSAGES = 100_000, 5_000
MOST_LISTS = 64
"""Lists of names: the newest of each tenant."""
Names = tuple[tuple[str, str], ...]


class ChangingClients(ClientRecords, Protocol):
    """Clients of one tenant, and how often they have changed."""

    def generation(self) -> int:
        """Grows with every change."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Where look-ups go, by tenant."""

    clients: Callable[[str], ChangingClients]
    playbook: Callable[[str], Retrieval]
    playbook_generation: Callable[[str], int]
    web: Callable[[str], tuple[WebResult, ...]] | None = None
    mark: Callable[[str], str] = lambda tenant: ""
    """Of the database, by tenant: no other's entries are ours, where several share one cache."""
    playbook_models: Callable[[], tuple[str, ...]] = lambda: ()
    """What the playbook is searched with, by identity."""


class CopilotLookUps:
    """Cached look-ups of every tenant. Thread-safe."""

    def __init__(
        self,
        sources: Sources,
        *,
        link: "RedisLink | None" = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources = sources
        self._marks: dict[str, str] = {}
        shared = _share(link) if link is not None else {}
        self.names: LookupCache[Names] = LookupCache(
            "client_names",
            CLIENT_LIFETIME_S,
            clock,
            most=MOST_LISTS,
            shared=shared.get("client_names"),
            family=_tenant_of,
        )
        self.client: LookupCache[Client | None] = LookupCache(
            "client", CLIENT_LIFETIME_S, clock, most=MOST_CLIENTS, shared=shared.get("client")
        )
        self.playbook: LookupCache[Retrieved] = LookupCache(
            "playbook", PLAYBOOK_LIFETIME_S, clock, most=MOST_PASSAGES, shared=shared.get("playbook")
        )
        self.web: LookupCache[tuple[WebResult, ...]] = LookupCache(
            "web", PLAYBOOK_LIFETIME_S, clock, most=MOST_PASSAGES, shared=shared.get("web")
        )

    def of(self, tenant: str) -> LookUps:
        """The look-ups of one question of a tenant."""
        clients = self._sources.clients(tenant)
        generation = clients.generation()
        known_passages = self._sources.playbook_generation(tenant)
        ours = (self._mark(tenant), tenant)

        def list_names() -> Sequence[tuple[str, str]]:
            return self.names.find((*ours, generation), lambda: tuple(clients.names()))

        def find_client(client_id: str) -> Client | None:
            return self.client.find((*ours, generation, client_id), lambda: clients.find(client_id))

        def search(query: Query) -> Retrieved:
            retrieval = self._sources.playbook(tenant)
            models = self._sources.playbook_models()
            key = (*ours, known_passages, models, *_key_of(query))
            return self.playbook.find(key, lambda: retrieval.search(query))

        web = self._sources.web

        def search_web(text: str) -> tuple[WebResult, ...]:
            assert web is not None  # noqa: S101 - handed out only where there is one
            return self.web.find((*ours, _fold(text)), lambda: web(text))

        return LookUps(list_names, find_client, search, None if web is None else search_web)

    def forget(self) -> None:
        """Drop everything that is kept in this process."""
        for cache in self._caches():
            cache.forget()

    def numbers(self) -> tuple[CacheNumbers, ...]:
        """What each cache has done in this process."""
        return tuple(cache.numbers() for cache in self._caches())

    def _mark(self, tenant: str) -> str:
        """Read once; two threads that both do read the same."""
        mark = self._marks.get(tenant)
        if mark is None:
            mark = self._marks[tenant] = self._sources.mark(tenant)
        return mark

    def _caches(self) -> tuple[LookupCache[Any], ...]:
        caches: tuple[LookupCache[Any], ...] = (self.names, self.client, self.playbook)
        return caches if self._sources.web is None else (*caches, self.web)


def _tenant_of(key: Hashable) -> Hashable:
    """What leads every key of this module: mark and tenant."""
    return key[:2] if isinstance(key, tuple) else key


def _key_of(query: Query) -> tuple[Any, ...]:
    """The arguments of a search, so that two spellings of one search are one."""
    return (
        _fold(query.text),
        query.as_of.isoformat(),
        tuple(sorted(query.kinds)),
        query.limit,
    )


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _share(link: "RedisLink") -> Mapping[str, SharedEntries[Any]]:
    from pydantic import TypeAdapter

    from casewright.adapters.cache.shared import RedisEntries

    kinds: dict[str, tuple[float, Any]] = {
        "client_names": (CLIENT_LIFETIME_S, Names),
        "client": (CLIENT_LIFETIME_S, Client | None),
        "playbook": (PLAYBOOK_LIFETIME_S, Retrieved),
        "web": (PLAYBOOK_LIFETIME_S, tuple[WebResult, ...]),
    }
    return {
        name: RedisEntries(link, name, lifetime_s, TypeAdapter(kind))
        for name, (lifetime_s, kind) in kinds.items()
    }
