"""Redis is a convenience: its absence is told once, counted, and fails nobody."""

import builtins
from typing import Any

import pytest
from redis import Redis

from casewright.adapters.redis_link import open_redis_link, tell_log
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.local_redis import LocalRedis


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def count_up(client: "Redis") -> int:
    return int(client.incr("count"))


def test_what_redis_answers_is_the_answer(redis_url: str) -> None:
    link = open_redis_link(redis_url, timeout_s=30)
    assert [link.run(count_up, lambda: -1) for _ in range(2)] == [1, 2]
    assert link.is_there
    link.close()


def test_an_outage_is_told_once_and_so_is_its_end() -> None:
    told: list[bool] = []
    clock = Clock()
    with LocalRedis() as server:
        link = open_redis_link(server.url, tell=told.append, clock=clock, timeout_s=30)
        assert link.run(count_up, lambda: -1) == 1
        server.stop()
        assert [link.run(count_up, lambda: -1) for _ in range(3)] == [-1, -1, -1]
        assert (told, link.failures, link.is_there) == ([False], 1, False)
        clock.now_s += 5
        assert link.run(count_up, lambda: -1) == -1
        assert (told, link.failures) == ([False], 2)
        server.start()
        assert link.run(count_up, lambda: -1) == -1, "left alone for a while after a failure"
        clock.now_s += 5
        assert link.run(count_up, lambda: -1) == 1
        assert (told, link.is_there) == ([False, True], True)
        assert link.run(count_up, lambda: -1) == 2
        link.close()


def test_a_redis_that_was_never_there_fails_nobody() -> None:
    link = open_redis_link("redis://127.0.0.1:9/0")
    assert link.run(count_up, lambda: -1) == -1
    assert not link.is_there


@pytest.mark.parametrize("url", ["", "host:6379", "http://host"])
def test_what_is_no_address_is_told_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigurationError, match="redis://host:6379/0"):
        open_redis_link(url)


def test_without_the_client_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "redis":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ConfigurationError, match="pip install"):
        open_redis_link("redis://127.0.0.1:6379/0")


def test_the_log_hears_of_an_outage_and_of_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    for is_there in (False, True):
        tell_log(is_there)
    written = capsys.readouterr()
    assert "redis does not answer" in written.err + written.out
    assert "redis is back" in written.err + written.out
