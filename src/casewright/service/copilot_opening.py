"""The copilot of this installation, opened: clients, playbook, caches and records of one database, wired.

It opens no database, ledger or knowledge: they are handed in, and are their openers' to close.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from casewright.bootstrap import load_desk
from casewright.ports.knowledge import Embedder, KnowledgeStore, Retrieval
from casewright.ports.text_model import TextModel
from casewright.runner import at_once
from casewright.service.copilot import Copilot, CopilotKit
from casewright.service.copilot_lookups import CopilotLookUps, Sources
from casewright.service.shop import RulesetShelf

if TYPE_CHECKING:
    from casewright.adapters.journal.ledger import Ledger
    from casewright.adapters.redis_link import RedisLink
    from casewright.adapters.store.engine import Database
    from casewright.adapters.web_search import HttpWebSearch
    from casewright.settings import Settings

SALES = "sales"
LOOKUP_THREADS = 32


class KnowledgeOfTenants(Protocol):
    """Passages and their store, by tenant."""

    def retrieval(self, tenant: str) -> Retrieval: ...

    def store(self, tenant: str) -> KnowledgeStore: ...

    @property
    def embedders(self) -> tuple[Embedder, ...]: ...


def open_copilot(
    settings: "Settings",
    database: "Database",
    ledger: "Ledger",
    knowledge: KnowledgeOfTenants,
    *,
    model: TextModel | None = None,
) -> Copilot:
    """The copilot over an open database; `model` puts its answers into words, None: templates do.

    Raises ConfigurationError, PolicyError.
    """
    from casewright.adapters import clock, ids
    from casewright.adapters.journal.answer_records import AnswerRecords
    from casewright.adapters.store.cases import StoredCases
    from casewright.adapters.store.client_records import StoredClients, read_lookup_mark

    link = _open_link(settings)
    web = _open_web_search(settings)
    sources = Sources(
        clients=lambda tenant: StoredClients(database, tenant),
        playbook=knowledge.retrieval,
        playbook_generation=lambda tenant: knowledge.store(tenant).generation(),
        web=None if web is None else web.search,
        mark=lambda tenant: "" if link is None else read_lookup_mark(database, tenant, ids.new_id("mark")),
        playbook_models=lambda: tuple(embedder.model for embedder in knowledge.embedders),
    )
    writer = judge = None
    if model is not None:
        from casewright.service.copilot_voice import make_judge, make_writer

        writer, judge = make_writer(model, SALES), make_judge(model)
    words = ThreadPoolExecutor(settings.text_threads, thread_name_prefix="words")
    threads = ThreadPoolExecutor(LOOKUP_THREADS, thread_name_prefix="look-ups")

    def close() -> None:
        threads.shutdown(wait=True)
        words.shutdown(wait=False, cancel_futures=True)
        for part in (web, link):
            if part is not None:
                part.close()

    kit = CopilotKit(
        desk=load_desk(SALES),
        rules=RulesetShelf(settings.as_of),
        look_ups=CopilotLookUps(sources, link=link),
        records=lambda tenant: AnswerRecords(database, ledger, tenant),
        cases=lambda tenant: StoredCases(database, tenant),
        now=clock.now,
        new_id=ids.new_id,
        timer=time.perf_counter,
        gather=at_once(threads.submit, time.perf_counter),
        as_of=settings.as_of,
        writer=writer,
        judge=judge,
        submit=words.submit,
        text_deadline_s=settings.text_deadline_s,
    )
    return Copilot(kit, close)


def _open_link(settings: "Settings") -> "RedisLink | None":
    from casewright.adapters.redis_link import open_redis_link, tell_log

    url = settings.redis_url
    return None if url is None else open_redis_link(url.get_secret_value(), tell=tell_log)


def _open_web_search(settings: "Settings") -> "HttpWebSearch | None":
    from casewright.adapters.web_search import open_web_search

    key = settings.web_search_key
    return open_web_search(
        settings.web_search_url,
        settings.web_search_kind,
        None if key is None else key.get_secret_value(),
        settings.web_search_domains,
        settings.web_search_timeout_s,
    )
