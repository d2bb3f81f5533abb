"""The account book: who may be added, what a key may do, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from casewright.domain.errors import Conflict, MeaninglessRequest, NotFound
from casewright.domain.principal import Role, Scope

PASSWORD = "four words make sense"


def refused(kind: type[Exception], call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(kind) as raised:
        call(*arguments, **options)
    return str(raised.value.code)  # type: ignore[attr-defined]


def test_user_is_added_and_listed_with_the_login_as_it_was_typed(house: Any) -> None:
    book = house.gatehouse.book
    ana = book.add_user("main", " Ana@Example.com ", PASSWORD, Role.AGENT)
    assert ana.password_hash.startswith("$argon2id$")
    assert book.users("main") == [(ana, "Ana@Example.com")]
    assert book.user("main", ana.user_id) == ana


def test_login_that_is_taken_is_a_conflict(house: Any) -> None:
    house.gatehouse.book.add_user("main", "ana", PASSWORD, Role.AGENT)
    assert (
        refused(Conflict, house.gatehouse.book.add_user, "main", "ANA", PASSWORD, Role.ADMIN) == "login_taken"
    )


@pytest.mark.parametrize(
    ("tenant", "login", "password", "role", "customer", "code"),
    [
        ("Main", "ana", PASSWORD, Role.AGENT, None, "invalid_tenant"),
        ("main", "  ", PASSWORD, Role.AGENT, None, "invalid_login"),
        ("main", "a\nb", PASSWORD, Role.AGENT, None, "invalid_login"),
        ("main", "a" * 255, PASSWORD, Role.AGENT, None, "invalid_login"),
        ("main", "ana", "short", Role.AGENT, None, "weak_password"),
        ("main", "ana", PASSWORD, Role.CUSTOMER, None, "invalid_customer"),
        ("main", "ana", PASSWORD, Role.AGENT, "CUS-1", "invalid_customer"),
        ("main", "ana", PASSWORD, Role.CUSTOMER, "a b", "invalid_customer"),
    ],
)
def test_user_that_cannot_be_is_refused(
    house: Any, tenant: str, login: str, password: str, role: Role, customer: str | None, code: str
) -> None:
    add = house.gatehouse.book.add_user
    assert refused(MeaninglessRequest, add, tenant, login, password, role, customer) == code
    assert house.gatehouse.book.users("main") == []


def test_change_of_role_keeps_customers_and_staff_apart(house: Any) -> None:
    book = house.gatehouse.book
    customer = book.add_user("main", "c", PASSWORD, Role.CUSTOMER, "CUS-1")
    agent = book.add_user("main", "a", PASSWORD, Role.AGENT)
    change = book.change_user
    assert (
        refused(MeaninglessRequest, change, "main", customer.user_id, role=Role.ADMIN) == "invalid_customer"
    )
    assert (
        refused(MeaninglessRequest, change, "main", agent.user_id, role=Role.CUSTOMER) == "invalid_customer"
    )
    assert change("main", agent.user_id, role=Role.SUPERVISOR).role is Role.SUPERVISOR
    assert refused(MeaninglessRequest, change, "main", agent.user_id, password="short") == "weak_password"
    assert refused(NotFound, change, "main", "absent", is_disabled=True) == "not_found"
    assert refused(NotFound, change, "other", agent.user_id, is_disabled=True) == "not_found"


def test_key_is_shown_once_and_stands_for_its_role_and_scopes(house: Any) -> None:
    issued = house.gatehouse.book.add_key("main", "chat bot", Role.AGENT, [Scope.PROPOSE], days=30)
    assert issued.secret.startswith("cw_main_")
    assert issued.secret not in repr(issued)
    assert issued.key.expires_at - house.clock.at == timedelta(days=30)
    principal = house.gatehouse.access.principal_of_key(issued.secret)
    assert principal is not None
    assert (principal.role, principal.scopes) == (Role.AGENT, frozenset({Scope.PROPOSE}))
    assert house.gatehouse.book.keys("main") == [issued.key]


@pytest.mark.parametrize(
    ("label", "role", "scopes", "days", "customer", "code"),
    [
        ("", Role.AGENT, [Scope.READ], 1, None, "invalid_label"),
        ("ana@example.com", Role.AGENT, [Scope.READ], 1, None, "invalid_label"),
        ("bot", Role.AGENT, [], 1, None, "invalid_scopes"),
        ("bot", Role.AGENT, [Scope.READ, Scope.ADMIN], 1, None, "invalid_scopes"),
        ("bot", Role.CUSTOMER, [Scope.ON_BEHALF], 1, "CUS-1", "invalid_scopes"),
        ("bot", Role.AGENT, [Scope.READ], 0, None, "invalid_expiry"),
        ("bot", Role.AGENT, [Scope.READ], 367, None, "invalid_expiry"),
        ("bot", Role.CUSTOMER, [Scope.READ], 1, None, "invalid_customer"),
        ("bot", Role.AGENT, [Scope.READ], 1, "CUS-1", "invalid_customer"),
    ],
)
def test_key_that_may_more_than_its_role_or_never_ends_is_refused(
    house: Any, label: str, role: Role, scopes: list[Scope], days: int, customer: str | None, code: str
) -> None:
    add = house.gatehouse.book.add_key
    assert (
        refused(MeaninglessRequest, add, "main", label, role, scopes, days=days, customer_id=customer) == code
    )
    assert house.gatehouse.book.keys("main") == []


def test_revoked_key_opens_nothing(house: Any) -> None:
    book = house.gatehouse.book
    issued = book.add_key("main", "bot", Role.AGENT, [Scope.READ], days=30)
    assert book.revoke_key("main", issued.key.key_id).revoked_at == house.clock.at
    assert house.gatehouse.access.principal_of_key(issued.secret) is None
    assert refused(NotFound, book.revoke_key, "main", "absent") == "not_found"
    assert refused(NotFound, book.revoke_key, "other", issued.key.key_id) == "not_found"
