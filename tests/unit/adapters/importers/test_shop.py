"""The nouns of an import show no personal value."""

from casewright.adapters.importers.shop import ImportedCustomer, ImportedOrder, Person, write_address
from casewright.domain.shop import Customer, Order, OrderStatus


def test_no_repr_shows_a_personal_value() -> None:
    person = Person("Ada Example", "ada@example.com", "+12025550101", write_address({"city": "Exampleton"}))
    shown = repr(person) + repr(ImportedCustomer(Customer("u1"), person))
    shown += repr(ImportedOrder(Order("#W1", "u1", OrderStatus.PENDING, (), ()), person.address))
    for value in ("Ada", "ada@", "5550101", "Exampleton"):
        assert value not in shown


def test_an_address_is_always_the_same_six_fields() -> None:
    assert write_address({"zip": "1", "city": "Exampleton", "planet": "x"}) == (
        '{"address1":"","address2":"","city":"Exampleton","state":"","country":"","zip":"1"}'
    )
