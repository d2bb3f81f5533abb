"""Passwords: the stated parameters, the same work for nobody, and a bounded number at once."""

import threading

import pytest

from casewright.adapters.accounts import passwords
from casewright.adapters.accounts.passwords import PasswordHasher
from casewright.domain.errors import Unavailable


@pytest.fixture(scope="module")
def hasher() -> PasswordHasher:
    return PasswordHasher()


def test_hash_states_argon2id_with_19_mib_two_passes_one_lane(hasher: PasswordHasher) -> None:
    kept = hasher.hash("four plain words here")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.hash("four plain words here") != kept


def test_only_the_password_itself_is_right(hasher: PasswordHasher) -> None:
    kept = hasher.hash("পাসওয়ার্ড \ud800 words")
    assert hasher.verify(kept, "পাসওয়ার্ড \ud800 words")
    assert not hasher.verify(kept, "পাসওয়ার্ড words")
    assert not hasher.verify(kept, "")


def test_account_that_is_not_there_costs_one_hash_and_is_never_right(
    hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bytes] = []
    verify = passwords.argon2id.verify

    def watch(kept: bytes, password: bytes) -> bool:
        checked.append(kept)
        return bool(verify(kept, password))

    monkeypatch.setattr(passwords.argon2id, "verify", watch)
    assert not hasher.verify(None, "anything")
    assert [kept.startswith(b"$argon2id$v=19$m=19456,t=2,p=1$") for kept in checked] == [True]


def test_who_finds_no_place_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(at_once=1, may_wait=1)
    entered, leave = threading.Event(), threading.Event()

    def hash_slowly(_: bytes) -> str:
        entered.set()
        assert leave.wait(30)
        return "hash"

    monkeypatch.setattr(passwords, "_hash", hash_slowly)
    threads = [threading.Thread(target=hasher.hash, args=("x",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert entered.wait(30)
    while hasher._places.acquire(blocking=False):  # until both are in
        hasher._places.release()
    with pytest.raises(Unavailable) as raised:
        hasher.hash("x")
    assert raised.value.code == "sign_in_busy"
    leave.set()
    for thread in threads:
        thread.join()
    assert hasher.hash("x") == "hash"
