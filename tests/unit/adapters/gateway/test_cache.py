import threading

from pydantic import BaseModel

from casewright.adapters.gateway.cache import Flights, ResultCache
from casewright.ports.text_model import Written


class Text(BaseModel):
    text: str


def written(text: str) -> Written[BaseModel]:
    return Written(Text(text=text), "model:a/b")


def test_the_least_recently_used_entry_goes_first() -> None:
    cache = ResultCache(size=2, lifetime_s=60)
    cache.put("a", written("1"), 0)
    cache.put("b", written("2"), 0)
    cache.get("a", 1)
    cache.put("c", written("3"), 2)
    assert cache.get("b", 3) is None
    assert cache.get("a", 3) == written("1")
    assert cache.get("c", 3) == written("3")


def test_an_entry_past_its_lifetime_is_absent() -> None:
    cache = ResultCache(size=2, lifetime_s=60)
    cache.put("a", written("1"), 0)
    assert cache.get("a", 59.9) is not None
    assert cache.get("a", 60) is None
    assert cache.get("a", 0) is None


def test_the_first_leads_and_the_others_get_its_result() -> None:
    flights = Flights()
    flight, is_leader = flights.join("k")
    assert is_leader
    same, is_second_leader = flights.join("k")
    assert same is flight
    assert not is_second_leader
    threading.Timer(0.02, flights.finish, ("k", written("1"))).start()
    assert same.wait(2) == written("1")
    assert flights.join("k")[1]


def test_a_follower_waits_no_longer_than_its_time() -> None:
    flights = Flights()
    flights.join("k")
    follower, _ = flights.join("k")
    assert follower.wait(0.01) is None


def test_other_keys_fly_alone() -> None:
    flights = Flights()
    assert flights.join("k")[1]
    assert flights.join("other")[1]
