"""Signing in: a new session each time, one answer for every no, and a bounded number of guesses."""

from typing import Any

import pytest

from casewright.domain.errors import MeaninglessRequest, NotFound
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
from casewright.service.sign_in import Refusal, RefusalCode, SignedIn

PASSWORD = "four words make sense"
NEW_PASSWORD = "another four plain words"
WRONG = Refusal(RefusalCode.WRONG)


@pytest.fixture
def ana(house: Any) -> Any:
    return house.gatehouse.book.add_user("main", "ana@example.com", PASSWORD, Role.AGENT)


def sign_in(house: Any, login: str = "ana@example.com", password: str = PASSWORD, **how: Any) -> Any:
    how = {"tenant": "main", "address": "203.0.113.9", **how}
    return house.gatehouse.sign_in.sign_in(how.pop("tenant"), login, password, **how)


def test_right_password_opens_a_session_of_the_role(house: Any, ana: Any) -> None:
    signed = sign_in(house, " ANA@example.com")
    assert isinstance(signed, SignedIn)
    assert signed.principal == Principal(
        ana.user_id, Role.AGENT, "main", signed.principal.session_id, SCOPES_OF_ROLE[Role.AGENT]
    )
    assert (signed.expires_at - house.clock.at).total_seconds() == 12 * 3600
    assert house.gatehouse.access.principal_of_session(signed.secret) == signed.principal
    assert signed.secret not in repr(signed)
    assert signed.csrf_token not in repr(signed)


def test_customer_s_session_names_the_customer(house: Any) -> None:
    house.gatehouse.book.add_user("main", "c@example.com", PASSWORD, Role.CUSTOMER, "CUS-1")
    assert sign_in(house, "c@example.com").principal.customer_id == "CUS-1"


def test_wrong_unknown_and_disabled_are_one_answer_after_the_same_work(house: Any, ana: Any) -> None:
    disabled = house.gatehouse.book.add_user("main", "ben", PASSWORD, Role.AGENT)
    house.gatehouse.book.change_user("main", disabled.user_id, is_disabled=True)
    assert sign_in(house, password="wrong") == WRONG
    assert sign_in(house, "nobody") == WRONG
    assert sign_in(house, "ben") == WRONG
    assert sign_in(house, tenant="elsewhere") == WRONG
    assert house.checked == [ana.password_hash, None, None, None]


@pytest.mark.parametrize(
    ("login", "password", "tenant"),
    [("x" * 255, PASSWORD, "main"), ("ana", "x" * 1025, "main"), ("ana", PASSWORD, "../etc")],
)
def test_what_no_account_can_have_is_wrong_without_work(
    house: Any, login: str, password: str, tenant: str
) -> None:
    assert sign_in(house, login, password, tenant=tenant) == WRONG
    assert house.checked == []


def test_sixth_guess_from_one_address_waits_though_it_were_right(house: Any, ana: Any) -> None:
    assert [sign_in(house, password="wrong") for _ in range(5)] == [WRONG] * 5
    house.clock.move(minutes=5)
    assert sign_in(house) == Refusal(RefusalCode.TOO_MANY, 600)
    assert len(house.checked) == 5
    assert isinstance(sign_in(house, address="198.51.100.7"), SignedIn)
    house.clock.move(minutes=10)
    assert isinstance(sign_in(house), SignedIn)


def test_unknown_account_is_throttled_like_a_known_one(house: Any) -> None:
    answers = [sign_in(house, "nobody", "wrong") for _ in range(6)]
    assert answers == [*[WRONG] * 5, Refusal(RefusalCode.TOO_MANY, 900)]


def test_account_is_throttled_over_all_addresses_and_an_address_over_all_accounts(house: Any) -> None:
    by_account = [sign_in(house, "a", "x", address=f"10.0.0.{number}") for number in range(51)]
    assert by_account == [*[WRONG] * 50, Refusal(RefusalCode.TOO_MANY, 900)]
    by_address = [sign_in(house, f"user {number}", "x", address="192.0.2.1") for number in range(51)]
    assert by_address == [*[WRONG] * 50, Refusal(RefusalCode.TOO_MANY, 900)]


def test_signing_in_forgets_the_wrong_guesses_of_that_account_and_address(house: Any, ana: Any) -> None:
    for _ in range(3):
        assert [sign_in(house, password="wrong") for _ in range(4)] == [WRONG] * 4
        assert isinstance(sign_in(house), SignedIn)


def test_every_sign_in_makes_a_new_secret_and_ends_the_former_session(house: Any, ana: Any) -> None:
    first = sign_in(house)
    second = sign_in(house, former=first.secret)
    assert second.secret != first.secret
    assert second.principal.session_id != first.principal.session_id
    assert second.csrf_token != first.csrf_token
    assert house.gatehouse.access.principal_of_session(first.secret) is None
    assert isinstance(sign_in(house, former="main.planted-by-somebody-else"), SignedIn)


def test_signing_out_ends_the_session_on_the_server(house: Any, ana: Any) -> None:
    signed = sign_in(house)
    house.gatehouse.sign_in.sign_out(signed.secret)
    house.gatehouse.sign_in.sign_out(signed.secret)
    house.gatehouse.sign_in.sign_out("nonsense")
    assert house.gatehouse.access.principal_of_session(signed.secret) is None


def test_new_password_needs_the_old_one_and_ends_every_session(house: Any, ana: Any) -> None:
    one, other = sign_in(house), sign_in(house)
    change = house.gatehouse.sign_in.change_password
    assert change(one.principal, "wrong", NEW_PASSWORD, address="203.0.113.9") == WRONG
    assert house.gatehouse.access.principal_of_session(one.secret) is not None
    assert change(one.principal, PASSWORD, NEW_PASSWORD, address="203.0.113.9") is None
    for signed in (one, other):
        assert house.gatehouse.access.principal_of_session(signed.secret) is None
    assert sign_in(house) == WRONG
    assert isinstance(sign_in(house, password=NEW_PASSWORD), SignedIn)


def test_old_password_may_be_guessed_five_times_only(house: Any, ana: Any) -> None:
    principal = sign_in(house).principal
    change = house.gatehouse.sign_in.change_password
    answers = [change(principal, "wrong", NEW_PASSWORD, address="203.0.113.9") for _ in range(6)]
    assert answers == [*[WRONG] * 5, Refusal(RefusalCode.TOO_MANY, 900)]


def test_weak_new_password_is_refused_and_a_key_has_none(house: Any, ana: Any) -> None:
    principal = sign_in(house).principal
    with pytest.raises(MeaninglessRequest):
        house.gatehouse.sign_in.change_password(principal, PASSWORD, "short", address="")
    key = Principal("key_1", Role.AGENT, "main", "key_1", frozenset())
    with pytest.raises(NotFound):
        house.gatehouse.sign_in.change_password(key, PASSWORD, NEW_PASSWORD, address="")
