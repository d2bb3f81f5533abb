"""Keys outside the database: made once, kept, and refused where others may read them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casewright.adapters.key_files import key_path, load_key
from casewright.domain.errors import ConfigurationError

GIVEN = "0f" * 16 + "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def test_first_start_creates_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    key = load_key("vault", tmp_path / "home")
    path = key_path("vault", tmp_path / "home")
    assert path == tmp_path / "home" / "keys" / "vault.key"
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert bytes.fromhex(path.read_text().strip()) == key
    assert [entry.name for entry in path.parent.iterdir()] == ["vault.key"]


def test_key_that_exists_is_kept(tmp_path: Path) -> None:
    first = load_key("vault", tmp_path)
    assert load_key("vault", tmp_path) == first
    assert load_key("ledger", tmp_path) != first


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: load_key("vault", tmp_path), range(64)))
    assert len(keys) == 1


def test_given_key_comes_first_and_makes_no_file(tmp_path: Path) -> None:
    assert load_key("vault", tmp_path, given=f" {GIVEN}\n") == bytes.fromhex(GIVEN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["short", "g" * 64, "0" * 63])
def test_given_key_that_is_none_is_refused_and_not_shown(tmp_path: Path, given: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_key("vault", tmp_path, given=given)
    assert "CASEWRIGHT_VAULT_KEY" in raised.value.message
    assert given not in raised.value.message


def test_file_that_others_may_read_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    load_key("vault", tmp_path)
    key_path("vault", tmp_path).chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_key("vault", tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a key\n", b"\xff\xfe"])
def test_damaged_file_is_refused_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    load_key("vault", tmp_path)
    key_path("vault", tmp_path).write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"vault\.key"):
        load_key("vault", tmp_path)
    assert key_path("vault", tmp_path).read_bytes() == content
