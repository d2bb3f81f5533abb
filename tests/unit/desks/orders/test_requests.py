"""Who asks, and what exists for whom."""

from casewright.desks.orders.requests import Asker
from casewright.domain.principal import Principal, Role


def _principal(role: Role, customer_id: str | None) -> Principal:
    return Principal("subject", role, "main", "session", frozenset(), customer_id)


def test_a_customer_sees_what_is_the_customers_own() -> None:
    asker = Asker.of(_principal(Role.CUSTOMER, "ana"))
    assert asker.is_known
    assert asker.may_see("ana")
    assert not asker.may_see("ben")


def test_staff_for_a_customer_see_that_customers_things_only() -> None:
    asker = Asker.of(_principal(Role.AGENT, "ana"))
    assert asker.may_see("ana")
    assert not asker.may_see("ben")


def test_staff_for_nobody_in_particular_see_all() -> None:
    asker = Asker.of(_principal(Role.ADMIN, None))
    assert asker.is_known
    assert asker.may_see("ben")


def test_a_customer_without_an_id_is_nobody() -> None:
    asker = Asker.of(_principal(Role.CUSTOMER, None))
    assert not asker.is_known
    assert not asker.may_see("ana")
