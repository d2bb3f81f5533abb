"""Access: static keys, plain or hashed; principals of sessions and keys, until they end."""

import hashlib
from typing import Any

import pytest

from casewright.domain.principal import Role, Scope
from casewright.service.access import KeyRing, csrf_token_of, is_csrf_token, is_tenant_name

KEY = "a-key-of-the-service"
HASHED = "sha256:" + hashlib.sha256(b"another-key-0123456").hexdigest()


def test_plain_and_hashed_keys_are_accepted_under_a_short_label() -> None:
    ring = KeyRing([KEY, HASHED])
    first, second = ring.find_label(KEY), ring.find_label("another-key-0123456")
    assert first is not None
    assert second is not None
    assert first != second
    assert first.startswith("key-")
    assert len(first) == 12


@pytest.mark.parametrize("presented", ["", "a-key", KEY + " ", KEY.upper(), HASHED, "ক", "\ud800"])
def test_anything_else_is_refused(presented: str) -> None:
    assert KeyRing([KEY, HASHED]).find_label(presented) is None


def test_ring_without_keys_accepts_nothing() -> None:
    assert not KeyRing([])
    assert KeyRing([]).find_label("") is None


def sign_in(house: Any, role: Role = Role.AGENT) -> Any:
    house.gatehouse.book.add_user("main", "ana", "four words make sense", role)
    return house.gatehouse.sign_in.sign_in("main", "ana", "four words make sense", address="")


def test_session_lapses_after_half_an_hour_without_use(house: Any) -> None:
    signed = sign_in(house)
    for _ in range(3):
        house.clock.move(minutes=29)
        assert house.gatehouse.access.principal_of_session(signed.secret) == signed.principal
    house.clock.move(minutes=30)
    assert house.gatehouse.access.principal_of_session(signed.secret) is None


def test_session_ends_after_twelve_hours_however_busy(house: Any) -> None:
    signed = sign_in(house)
    for _ in range(35):
        house.clock.move(minutes=20)
        assert house.gatehouse.access.principal_of_session(signed.secret) is not None
    house.clock.move(minutes=20)
    assert house.gatehouse.access.principal_of_session(signed.secret) is None


def test_session_of_a_disabled_account_is_over_at_once(house: Any) -> None:
    signed = sign_in(house)
    user_id = signed.principal.subject_id
    house.gatehouse.book.change_user("main", user_id, is_disabled=True)
    assert house.gatehouse.access.principal_of_session(signed.secret) is None
    house.gatehouse.book.change_user("main", user_id, is_disabled=False)
    assert house.gatehouse.access.principal_of_session(signed.secret) is None


def test_key_is_good_until_it_expires_and_never_for_another_tenant(house: Any) -> None:
    issued = house.gatehouse.book.add_key("main", "bot", Role.AGENT, [Scope.READ], days=1)
    assert house.gatehouse.access.principal_of_key(issued.secret) is not None
    assert house.gatehouse.access.principal_of_key(issued.secret.replace("cw_main_", "cw_other_")) is None
    house.clock.move(hours=24)
    assert house.gatehouse.access.principal_of_key(issued.secret) is None


@pytest.mark.parametrize("presented", ["", "cw_main_", "main.", "x" * 10_000, "main.\ud800", "' OR 1=1 --"])
def test_what_is_no_secret_opens_nothing_and_asks_no_database(house: Any, presented: str) -> None:
    assert house.gatehouse.access.principal_of_session(presented) is None
    assert house.gatehouse.access.principal_of_key(presented) is None


def test_key_opens_no_session_and_a_session_is_no_key(house: Any) -> None:
    signed = sign_in(house)
    issued = house.gatehouse.book.add_key("main", "bot", Role.AGENT, [Scope.READ], days=1)
    assert house.gatehouse.access.principal_of_session(issued.secret) is None
    assert house.gatehouse.access.principal_of_key(signed.secret) is None


def test_csrf_token_belongs_to_one_session() -> None:
    assert is_csrf_token("main.a", csrf_token_of("main.a"))
    for presented in ("", csrf_token_of("main.b"), "main.a", "\ud800"):
        assert not is_csrf_token("main.a", presented)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("main", True),
        ("tau2", True),
        ("a_b-c", True),
        ("Main", False),
        ("", False),
        ("a/b", False),
        ("a" * 64, False),
    ],
)
def test_tenants_have_plain_names(name: str, is_one: bool) -> None:
    assert is_tenant_name(name) is is_one
