"""The read tools that every acting desk shares: orders, profiles, products, policy, cases.

They load what they show themselves and change nothing. A customer sees the own records only; staff see the
tenant's, with personal values masked.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from casewright.domain.shop import Customer, Order, OrderStatus
from casewright.tools.arguments import (
    WHOLE,
    Arguments,
    Identifier,
    LineOfText,
    Personal,
    check_identifier,
    identifier_schema,
)
from casewright.tools.documents import show_moment
from casewright.tools.reading import Reading
from casewright.tools.shop_documents import show_customer, show_order, show_order_line, show_product
from casewright.tools.spec import ReadOutcome, ToolCall, ToolEffect, ToolSpec

ACTING_DESKS = frozenset({"orders", "returns"})
ORDER_NOT_FOUND, CUSTOMER_NOT_FOUND = "order_not_found", "customer_not_found"
_WAYS = ("order_id", "email", "phone_last4")
_MAIL_SCHEMA = {"type": "string", "minLength": 3, "maxLength": 254, "pattern": r"^[!-?A-~]+@[!-?A-~]+(?!\n)$"}
_DIGITS_SCHEMA = {"type": "string", "pattern": r"^[0-9]{4}(?!\n)$"}


def _check_given(value: str | None) -> str | None:
    if value is None:
        raise ValueError("leave it out, or give a value")
    return value


def _check_mail(value: str | None) -> str | None:
    local, at, domain = (value or "").partition("@")
    is_plain = all("!" <= mark <= "~" for mark in local + domain)
    if not (local and at and domain and is_plain and "@" not in domain and len(value or "") <= 254):
        raise ValueError("write one mail address")
    return value


def _check_digits(value: str | None) -> str | None:
    if not (value and len(value) == 4 and value.isascii() and value.isdigit()):
        raise ValueError("write the last four digits")
    return value


def _check_optional_identifier(value: str | None) -> str | None:
    return check_identifier(_check_given(value) or "")


class LookupOrder(Arguments):
    """Name the order by exactly one of these."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [way]} for way in _WAYS]})

    order_id: Annotated[
        str | None, AfterValidator(_check_optional_identifier), WithJsonSchema(identifier_schema())
    ] = None
    email: Annotated[
        str | None, AfterValidator(_check_mail), WithJsonSchema(_MAIL_SCHEMA), Personal("email")
    ] = None
    phone_last4: Annotated[
        str | None, AfterValidator(_check_digits), WithJsonSchema(_DIGITS_SCHEMA), Personal("phone_last4")
    ] = None

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"give exactly one of {', '.join(_WAYS)}")
        return self


class ListOrders(Arguments):
    """A customer's orders, newest first. Staff name the customer."""

    customer_id: Identifier | None = None
    status: Annotated[OrderStatus | None, Field(strict=False)] = None
    limit: Annotated[int, Field(ge=1, le=50), WHOLE] = 20


class FindProducts(Arguments):
    """Products whose name has every one of the words."""

    words: Annotated[str, LineOfText(100, least=1)]
    limit: Annotated[int, Field(ge=1, le=50), WHOLE] = 20


class PolicyDesk(StrEnum):
    """The desks whose policy may be read."""

    ORDERS = "orders"
    RETURNS = "returns"


class GetPolicy(Arguments):
    """The clauses of a desk's policy in force, or one of them."""

    desk: Annotated[PolicyDesk, Field(strict=False)]
    clause: Identifier | None = None


class GetCaseStatus(Arguments):
    """Where a case stands."""

    case_id: Identifier


class GetCustomer(Arguments):
    """A profile; without an id, the own one."""

    customer_id: Identifier | None = None


class SearchKnowledge(Arguments):
    """Clauses of the policies in force that the words are about."""

    words: Annotated[str, LineOfText(200, least=1)]
    limit: Annotated[int, Field(ge=1, le=20), WHOLE] = 5


def _no(code: str) -> ReadOutcome:
    return ReadOutcome(reason_codes=(code,))


def _look_up_order(call: ToolCall, reading: Reading, rules: Any, as_of: datetime) -> ReadOutcome:
    arguments = call.arguments
    if arguments["order_id"] is not None:
        order = reading.order(str(arguments["order_id"]))
        return _no(ORDER_NOT_FOUND) if order is None else _show_orders(reading, (order,))
    found = reading.records.find_customers(email=arguments["email"], phone_last4=arguments["phone_last4"])
    seen = [customer_id for customer_id in found if reading.may_see(customer_id)]
    lists = reading.together(*(_orders_of(reading, customer_id) for customer_id in seen))
    orders = tuple(order for some in lists for order in some)
    return _show_orders(reading, orders) if orders else _no(ORDER_NOT_FOUND)


def _orders_of(reading: Reading, customer_id: str, limit: int = 20) -> Any:
    return lambda: reading.records.orders_of(customer_id, limit=limit)


def _show_orders(reading: Reading, orders: tuple[Order, ...]) -> ReadOutcome:
    values = reading.values(*(order.address_token for order in orders))
    shown = [show_order(order, values, is_owner=reading.is_owner(order.customer_id)) for order in orders]
    return ReadOutcome({"orders": shown})


def _list_orders(call: ToolCall, reading: Reading, rules: Any, as_of: datetime) -> ReadOutcome:
    customer = reading.customer(call.arguments["customer_id"])
    if customer is None:
        return _no(CUSTOMER_NOT_FOUND)
    wanted, limit = call.arguments["status"], int(call.arguments["limit"])
    orders = reading.records.orders_of(customer.customer_id, limit=50)
    shown = [show_order_line(order) for order in orders if wanted is None or order.status.value == wanted]
    return ReadOutcome({"customer_id": customer.customer_id, "orders": shown[:limit]})


def _find_products(call: ToolCall, reading: Reading, rules: Any, as_of: datetime) -> ReadOutcome:
    arguments = call.arguments
    found = reading.records.find_products(str(arguments["words"]), limit=int(arguments["limit"]))
    return ReadOutcome({"products": [show_product(product) for product in found]})


def _get_policy(call: ToolCall, reading: Reading, rules: Any, as_of: datetime) -> ReadOutcome:
    in_force = reading.rules_of(str(call.arguments["desk"]))
    wanted = call.arguments["clause"]
    clauses = [clause for clause in in_force.clauses.values() if wanted is None or clause.id == wanted]
    if not clauses:
        return _no("clause_not_found")
    return ReadOutcome(
        {"ruleset_id": in_force.id, "clauses": [_show_clause(clause) for clause in clauses]},
        clauses=tuple(clause.id for clause in clauses),
    )


def _show_clause(clause: Any) -> dict[str, str]:
    told = {f"text_{language}": words for language, words in clause.told.items()}
    return {"id": clause.id, "heading": clause.heading, "text": clause.text, **told}


def _get_case_status(call: ToolCall, reading: Reading, rules: Any, as_of: datetime) -> ReadOutcome:
    case = reading.cases.find(str(call.arguments["case_id"]))
    if case is None or (reading.customer_id is not None and case.customer_id != reading.customer_id):
        return _no("case_not_found")
    return ReadOutcome(
        {
            "case_id": case.case_id,
            "desk": case.desk,
            "subject": case.subject,
            "state": case.state.value,
            "opened_at": show_moment(case.opened_at),
            "changed_at": show_moment(case.changed_at),
        }
    )


def _get_customer(call: ToolCall, reading: Reading, rules: Any, as_of: datetime) -> ReadOutcome:
    customer = reading.customer(call.arguments["customer_id"])
    if customer is None:
        return _no(CUSTOMER_NOT_FOUND)
    values = reading.values(*_tokens(customer))
    return ReadOutcome(show_customer(customer, values, is_owner=reading.is_owner(customer.customer_id)))


def _tokens(customer: Customer) -> tuple[str | None, ...]:
    return (customer.name_token, customer.email_token, customer.phone_token, customer.address_token)


def _search_knowledge(call: ToolCall, reading: Reading, rules: Any, as_of: datetime) -> ReadOutcome:
    """A search names clauses; what they say comes from the policy in force, so that no document words it."""
    words = str(call.arguments["words"])
    in_force = {
        clause.id: clause
        for desk in sorted(ACTING_DESKS)
        for clause in reading.rules_of(desk).clauses.values()
    }
    named = reading.clauses_about(words, ACTING_DESKS, as_of.date())
    found = [in_force[name] for name in named if name in in_force]
    best = (found or _match_words(words, in_force.values()))[: int(call.arguments["limit"])]
    return ReadOutcome(
        {"passages": [_show_clause(clause) for clause in best]}, clauses=tuple(clause.id for clause in best)
    )


def _match_words(words: str, clauses: Iterable[Any]) -> list[Any]:
    """Clauses by how many of the words they have: where nothing is indexed."""
    wanted = set(words.casefold().split())
    scored = []
    for clause in clauses:
        text = f"{clause.heading} {clause.text}".casefold()
        if hits := sum(word in text for word in wanted):
            scored.append((-hits, clause.id, clause))
    return [clause for _, _, clause in sorted(scored, key=lambda entry: entry[:2])]


def _spec(name: str, summary: str, arguments: type[Arguments], read: Any) -> ToolSpec:
    return ToolSpec(name, "orders", summary, ToolEffect.READ, arguments, desks=ACTING_DESKS, read=read)


SHOP_READS = (
    _spec("lookup_order", "Show an order: lines, payments, where it stands.", LookupOrder, _look_up_order),
    _spec("list_orders", "List a customer's orders, newest first.", ListOrders, _list_orders),
    _spec("find_products", "Find products by words of their name.", FindProducts, _find_products),
    _spec("get_policy", "Read the policy in force.", GetPolicy, _get_policy),
    _spec("get_case_status", "Show where a case stands.", GetCaseStatus, _get_case_status),
    _spec("get_customer", "Show a customer's profile and ways to pay.", GetCustomer, _get_customer),
    _spec("search_knowledge", "Find policy clauses by their words.", SearchKnowledge, _search_knowledge),
)
