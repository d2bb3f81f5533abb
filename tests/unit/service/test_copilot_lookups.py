"""Look-ups of the copilot: one for many at once, new ones after a change, each tenant's own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from casewright.adapters.redis_link import open_redis_link
from casewright.domain.client import Client
from casewright.domain.knowledge import FoundPassage, Passage, Query, Retrieved, SourceKind
from casewright.ports.web_search import WebResult
from casewright.service.copilot_lookups import CopilotLookUps, Sources

WAITS_S = 30
DAY = date(2026, 7, 1)


class CountedClients:
    """Clients in memory that count how often they are asked."""

    def __init__(self, *clients: Client) -> None:
        self.clients = {client.client_id: client for client in clients}
        self.asked: list[str] = []
        self.changes = 0
        self.gate = threading.Event()
        self.gate.set()

    def names(self) -> Sequence[tuple[str, str]]:
        self.asked.append("names")
        assert self.gate.wait(WAITS_S)
        return [(client.client_id, client.name) for client in self.clients.values()]

    def find(self, client_id: str) -> Client | None:
        self.asked.append(client_id)
        assert self.gate.wait(WAITS_S)
        return self.clients.get(client_id)

    def generation(self) -> int:
        return self.changes


class CountedPlaybook:
    """One passage for everything, counted."""

    def __init__(self) -> None:
        self.asked: list[Query] = []
        self.gate = threading.Event()
        self.gate.set()

    def search(self, query: Query) -> Retrieved:
        self.asked.append(query)
        assert self.gate.wait(WAITS_S)
        return Retrieved((FoundPassage(Passage("d", 1, 0, "T", query.text, 0, 1), 1, 1),))


LUMEN = Client("c-1", "Lumen Foods", "fmcg", None, None, None)


class World:
    def __init__(self, web: Callable[[str], tuple[WebResult, ...]] | None = None) -> None:
        self.main, self.other = CountedClients(LUMEN), CountedClients()
        self.playbook = CountedPlaybook()
        self.passages_changed = 0
        self.look_ups = CopilotLookUps(
            Sources(
                clients=lambda tenant: self.main if tenant == "main" else self.other,
                playbook=lambda tenant: self.playbook,
                playbook_generation=lambda tenant: self.passages_changed,
                web=web,
            )
        )


def test_fifty_at_once_make_one_look_up_of_each_kind() -> None:
    world = World()
    world.main.gate.clear()
    world.playbook.gate.clear()

    def look_up() -> tuple[object, object, object]:
        tools = world.look_ups.of("main")
        return tools.names(), tools.client("c-1"), tools.playbook(Query("pitch", DAY))

    with ThreadPoolExecutor(50) as pool:
        answers = [pool.submit(look_up) for _ in range(50)]
        world.main.gate.set()
        world.playbook.gate.set()
        found = {repr(answer.result(WAITS_S)) for answer in answers}
    assert len(found) == 1
    assert sorted(world.main.asked) == ["c-1", "names"]
    assert len(world.playbook.asked) == 1


def test_unknown_client_is_looked_up_once() -> None:
    world = World()
    assert [world.look_ups.of("main").client("nobody") for _ in range(3)] == [None] * 3
    assert world.main.asked == ["nobody"]


def test_a_change_is_seen_by_the_next_question() -> None:
    world = World()
    tools = world.look_ups.of("main")
    assert tools.client("c-1") == LUMEN
    changed = Client("c-1", "Lumen Foods", "retail", None, None, None)
    world.main.clients["c-1"] = changed
    assert world.look_ups.of("main").client("c-1") == LUMEN
    world.main.changes += 1
    assert world.look_ups.of("main").client("c-1") == changed
    tools.playbook(Query("pitch", DAY))
    world.passages_changed += 1
    world.look_ups.of("main").playbook(Query("pitch", DAY))
    assert len(world.playbook.asked) == 2


def test_spelling_of_a_search_is_no_other_search_and_its_day_and_kinds_are() -> None:
    world = World()
    search = world.look_ups.of("main").playbook
    search(Query("What  to Pitch", DAY))
    search(Query("what to pitch", DAY))
    assert len(world.playbook.asked) == 1
    search(Query("what to pitch", date(2026, 7, 2)))
    search(Query("what to pitch", DAY, frozenset({SourceKind.PLAYBOOK})))
    search(Query("what to pitch", DAY, limit=2))
    assert len(world.playbook.asked) == 4


def test_what_one_tenant_has_looked_up_is_not_another_s() -> None:
    world = World()
    assert world.look_ups.of("main").client("c-1") == LUMEN
    assert world.look_ups.of("other").client("c-1") is None


def test_numbers_of_each_cache_and_nothing_after_forgetting() -> None:
    world = World()
    for _ in range(4):
        world.look_ups.of("main").client("c-1")
    names, client, playbook = world.look_ups.numbers()
    assert (names.size, playbook.size) == (0, 0)
    assert (client.name, client.hits, client.misses, client.size, client.hit_permille) == (
        "client",
        3,
        1,
        1,
        750,
    )
    world.look_ups.forget()
    assert world.look_ups.numbers()[1].size == 0


def test_web_is_searched_once_where_it_is_on() -> None:
    asked: list[str] = []

    def search(text: str) -> tuple[WebResult, ...]:
        asked.append(text)
        return (WebResult("T", "https://stats.example.com/", "S"),)

    assert World().look_ups.of("main").web is None
    world = World(search)
    for text in ("Ad spend", "ad  spend"):
        web = world.look_ups.of("main").web
        assert web is not None
        assert web(text)[0].title == "T"
    assert asked == ["Ad spend"]
    assert [cache.name for cache in world.look_ups.numbers()][-1] == "web"


def test_two_databases_in_one_redis_share_nothing(redis_url: str) -> None:
    link = open_redis_link(redis_url, timeout_s=WAITS_S)

    def installation(mark: str, *clients: Client) -> CopilotLookUps:
        source = CountedClients(*clients)
        playbook = CountedPlaybook()
        sources = Sources(
            lambda tenant: source, lambda tenant: playbook, lambda tenant: 1, mark=lambda _: mark
        )
        return CopilotLookUps(sources, link=link)

    theirs = Client("c-1", "Another Company", "retail", None, None, None)
    assert installation("mark_a", LUMEN).of("main").client("c-1") == LUMEN
    assert installation("mark_b", theirs).of("main").client("c-1") == theirs
    assert installation("mark_b", LUMEN).of("main").client("c-1") == theirs, "its own are shared"
    link.close()


def test_another_model_of_the_playbook_is_another_search() -> None:
    playbook, models = CountedPlaybook(), ["minilm:1"]
    clients = CountedClients()
    sources = Sources(
        lambda tenant: clients,
        lambda tenant: playbook,
        lambda tenant: 1,
        playbook_models=lambda: tuple(models),
    )
    look_ups = CopilotLookUps(sources)
    look_ups.of("main").playbook(Query("pitch", DAY))
    models[0] = "e5:1"
    for _ in range(2):
        look_ups.of("main").playbook(Query("pitch", DAY))
    assert len(playbook.asked) == 2


def test_of_a_tenant_s_lists_of_names_the_newest_alone_is_kept() -> None:
    world = World()
    for _ in range(3):
        assert world.look_ups.of("main").names() == (("c-1", "Lumen Foods"),)
        world.main.changes += 1
    world.look_ups.of("other").names()
    assert world.look_ups.numbers()[0].size == 2
