"""Look-ups are made once, kept for their time, and forgotten when their source has changed."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from casewright.adapters.cache.lookups import Aged, LookupCache
from casewright.domain.errors import Unavailable

WAITS_S = 30


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Counts how often it is asked."""

    def __init__(self, answer: Any = "found") -> None:
        self.asked = 0
        self.answer = answer

    def __call__(self) -> Any:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class SharedMemory:
    """Shared entries in this process."""

    def __init__(self, **entries: Aged[Any]) -> None:
        self.entries: dict[Hashable, Aged[Any]] = dict(entries)

    def get(self, key: Hashable) -> Aged[Any] | None:
        return self.entries.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        self.entries[key] = Aged(value, 0.0)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def cache(watch: Watch) -> LookupCache[Any]:
    return LookupCache("clients", 300, watch)


def test_second_look_up_is_answered_from_the_cache(cache: LookupCache[Any]) -> None:
    source = Source()
    assert [cache.find("a", source) for _ in range(3)] == ["found"] * 3
    assert source.asked == 1
    numbers = cache.numbers()
    assert (numbers.hits, numbers.misses, numbers.size, numbers.hit_permille) == (2, 1, 1, 666)


def test_a_kept_not_found_is_a_hit(cache: LookupCache[Any]) -> None:
    source = Source(None)
    assert [cache.find("nobody", source) for _ in range(2)] == [None, None]
    assert source.asked == 1
    assert cache.numbers().hits == 1


def test_result_is_absent_once_it_is_as_old_as_its_lifetime(cache: LookupCache[Any], watch: Watch) -> None:
    source = Source()
    cache.find("a", source)
    watch.now += 299.9
    cache.find("a", source)
    assert source.asked == 1
    watch.now += 0.1
    assert cache.numbers().size == 0
    cache.find("a", source)
    assert source.asked == 2


def test_age_is_that_of_the_oldest_entry(cache: LookupCache[Any], watch: Watch) -> None:
    cache.put("a", 1)
    watch.now += 7
    cache.put("b", 2)
    watch.now += 2
    assert cache.numbers().oldest_s == 9
    kept = cache.get("b")
    assert kept == Aged(2, 2)
    assert cache.get("c") is None


def test_the_oldest_go_where_there_are_too_many(watch: Watch) -> None:
    cache: LookupCache[int] = LookupCache("few", 300, watch, most=3)
    for number in range(5):
        cache.put(number, number)
    assert [number for number in range(5) if cache.get(number)] == [2, 3, 4]


def test_what_is_put_again_is_young_again(watch: Watch) -> None:
    cache: LookupCache[int] = LookupCache("few", 300, watch, most=2)
    for key in ("a", "b", "a", "c"):
        cache.put(key, 1)
    assert cache.get("a") is not None
    assert cache.get("b") is None


def test_failed_look_up_is_raised_and_not_kept(cache: LookupCache[Any]) -> None:
    source = Source(OSError("gone"))
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            cache.find("a", source)
    assert source.asked == 2
    assert cache.numbers().size == 0


def wait_until(is_so: Callable[[], bool]) -> None:
    given_up = threading.Event()
    for _ in range(WAITS_S * 100):
        if is_so():
            return
        given_up.wait(0.01)
    raise AssertionError("it did not come to that")


def test_fifty_at_once_make_one_look_up(cache: LookupCache[Any]) -> None:
    may_end = threading.Event()
    asked = []

    def look_up() -> str:
        asked.append(1)
        assert may_end.wait(WAITS_S)
        return "found"

    with ThreadPoolExecutor(50) as pool:
        answers = [pool.submit(cache.find, "a", look_up) for _ in range(50)]
        wait_until(lambda: cache.numbers().joined == 49)
        may_end.set()
        assert [answer.result(WAITS_S) for answer in answers] == ["found"] * 50
    assert len(asked) == 1


def test_those_who_waited_for_a_failed_look_up_are_told(cache: LookupCache[Any]) -> None:
    may_end = threading.Event()

    def look_up() -> str:
        assert may_end.wait(WAITS_S)
        raise OSError("gone")

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(cache.find, "a", look_up) for _ in range(4)]
        wait_until(lambda: cache.numbers().joined == 3)
        may_end.set()
        for answer in answers:
            with pytest.raises(OSError, match="gone"):
                answer.result(WAITS_S)
    assert cache.find("a", Source()) == "found"


def test_look_up_from_before_a_change_is_not_kept_after_it(cache: LookupCache[Any]) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def look_up() -> str:
        has_begun.set()
        assert may_end.wait(WAITS_S)
        return "old"

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(cache.find, "a", look_up)
        assert has_begun.wait(WAITS_S)
        cache.forget()
        assert cache.find("a", lambda: "new") == "new"
        may_end.set()
        assert answer.result(WAITS_S) == "old"
    assert cache.find("a", Source("never")) == "new"


def test_what_another_process_looked_up_is_taken_with_its_age(watch: Watch) -> None:
    shared = SharedMemory(a=Aged("theirs", 290.0))
    cache: LookupCache[Any] = LookupCache("clients", 300, watch, shared=shared)
    source = Source("mine")
    assert cache.find("a", source) == "theirs"
    watch.now += 9
    assert cache.find("a", source) == "theirs"
    assert cache.numbers().shared_hits == 1
    watch.now += 1
    shared.entries.clear()
    assert cache.find("a", source) == "mine"
    assert shared.entries["a"].value == "mine"


def test_only_the_newest_entry_of_a_family_is_kept(watch: Watch) -> None:
    cache: LookupCache[int] = LookupCache("lists", 300, watch, family=lambda key: str(key)[0])
    for number, key in enumerate(("a1", "b1", "a2", "a3")):
        cache.put(key, number)
    assert [key for key in ("a1", "a2", "a3", "b1") if cache.get(key) is not None] == ["a3", "b1"]
    cache.put("a3", 9)
    assert cache.get("a3") == Aged(9, 0)


def test_who_waits_too_long_for_another_s_look_up_is_told_and_the_next_looks_up_anew(watch: Watch) -> None:
    cache: LookupCache[Any] = LookupCache("clients", 300, watch, patience_s=0)
    begun, gate = threading.Event(), threading.Event()

    def hang() -> str:
        begun.set()
        assert gate.wait(WAITS_S)
        return "late"

    with ThreadPoolExecutor(1) as pool:
        leading = pool.submit(cache.find, "a", hang)
        assert begun.wait(WAITS_S)
        with pytest.raises(Unavailable, match="clients"):
            cache.find("a", Source())
        assert cache.find("a", Source()) == "found"
        gate.set()
        assert leading.result(WAITS_S) == "late"
