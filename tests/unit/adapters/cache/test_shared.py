"""Results that processes share in Redis: the same for all, for their time, and gone without a fuss."""

from collections.abc import Iterator
from datetime import date

import pytest
import redis
from pydantic import TypeAdapter

from casewright.adapters.cache.lookups import LookupCache
from casewright.adapters.cache.shared import RedisEntries
from casewright.adapters.redis_link import RedisLink, open_redis_link
from casewright.domain.client import Client
from casewright.domain.knowledge import FoundPassage, Passage, Retrieved
from casewright.domain.money import Money

CLIENT = Client("c-1", "Lumen Foods", "fmcg", Money(12_000_000, "USD"), date(2026, 3, 5), None)
RETRIEVED = Retrieved((FoundPassage(Passage("d", 1, 0, "Title", "Text", 0, 4, ("A", "B"), 2), 9, 8),), "m", 4)


@pytest.fixture
def link(redis_url: str) -> Iterator[RedisLink]:
    link = open_redis_link(redis_url, timeout_s=30)
    yield link
    link.close()


def test_values_come_back_as_they_were_with_their_age(link: RedisLink) -> None:
    clients = RedisEntries[Client | None](link, "client", 300, TypeAdapter(Client | None))
    clients.put(("main", 3, "c-1"), CLIENT)
    clients.put(("main", 3, "c-2"), None)
    found, nobody = clients.get(("main", 3, "c-1")), clients.get(("main", 3, "c-2"))
    assert found is not None
    assert found.value == CLIENT
    assert 0 <= found.age_s < 300
    assert nobody is not None
    assert nobody.value is None
    assert clients.get(("main", 4, "c-1")) is None
    passages = RedisEntries[Retrieved](link, "playbook", 600, TypeAdapter(Retrieved))
    passages.put(("main", "q"), RETRIEVED)
    kept = passages.get(("main", "q"))
    assert kept is not None
    assert kept.value == RETRIEVED


def test_one_process_takes_what_another_looked_up(link: RedisLink) -> None:
    def cache() -> LookupCache[Client | None]:
        shared = RedisEntries[Client | None](link, "client", 300, TypeAdapter(Client | None))
        return LookupCache("client", 300, lambda: 0.0, shared=shared)

    def fail() -> Client:
        raise AssertionError("it was looked up again")

    assert cache().find(("main", "c-1"), lambda: CLIENT) == CLIENT
    assert cache().find(("main", "c-1"), fail) == CLIENT


def test_no_text_of_a_key_stands_in_redis_and_entries_end_by_themselves(
    link: RedisLink, redis_url: str
) -> None:
    entries = RedisEntries[int](link, "playbook", 600, TypeAdapter(int))
    entries.put(("main", "what may I pitch to Lumen"), 1)
    with redis.Redis.from_url(redis_url) as client:
        (key,) = client.keys("*")
        assert b"Lumen" not in key
        assert 0 < client.pttl(key) <= 600_000


def test_what_another_version_wrote_is_not_there(link: RedisLink) -> None:
    RedisEntries[str](link, "client", 300, TypeAdapter(str)).put("k", "words")
    assert RedisEntries[int](link, "client", 300, TypeAdapter(int)).get("k") is None


def test_without_redis_there_is_nothing_and_nothing_fails() -> None:
    link = open_redis_link("redis://127.0.0.1:1/0")
    entries = RedisEntries[int](link, "client", 300, TypeAdapter(int))
    entries.put("k", 1)
    assert entries.get("k") is None
    link.close()
