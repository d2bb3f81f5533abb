"""An amount in an answer is known in every form of the same amount, and in no form of another."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.reflection.values import divide_values, known_keys

_BANGLA = {ord("0") + digit: chr(0x09E6 + digit) for digit in range(10)}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def forms_of_amount(amount: int) -> list[str]:
    """Ways of writing one whole amount from 1,000 on."""
    head, tail = divmod(amount, 1_000)
    lakh, rest = divmod(head, 100)
    indian = f"{lakh},{rest:02},{tail:03}" if lakh else f"{head},{tail:03}"
    forms = [
        str(amount),
        f"{amount:,}",
        indian,
        f"{amount:,}.00",
        str(amount).translate(_BANGLA),
        f"about {amount}",
    ]
    if tail == 0:
        forms += [f"{head}k", f"{head} thousand", f"{head}K", f"{head} হাজার"]
    if amount % 100_000 == 0:
        forms += [f"{amount // 100_000} lakh", f"{amount / 1_000_000:g} million", f"{amount / 1_000_000:g}m"]
    return forms


def forms_of_day(day: date) -> list[str]:
    """Ways of writing one day with its year."""
    month = _MONTHS[day.month - 1]
    return [
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day}th {month[:3]} {day.year}",
        day.isoformat().translate(_BANGLA),
    ]


_AMOUNTS = st.one_of(
    st.integers(1_000, 9_999_999),
    st.integers(1, 9_999).map(lambda head: head * 1_000),
    st.integers(1, 99).map(lambda head: head * 100_000),
)


@settings(max_examples=200, deadline=None)
@given(_AMOUNTS, st.sampled_from([-1, 1, 1_000, -1_000, 10_000]))
def test_an_amount_is_known_in_its_own_forms_and_in_no_other_s(amount: int, difference: int) -> None:
    known = known_keys(f"{amount:,} BDT")
    for form in forms_of_amount(amount):
        held, missing = divide_values(f"They spent {form} so far.", known)
        assert (len(held), missing) == (1, ()), form
    other = amount + difference
    if other >= 1_000:
        for form in forms_of_amount(other):
            assert divide_values(f"They spent {form} so far.", known)[1], form


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 4_000), st.integers(1, 60))
def test_a_day_is_known_in_its_own_forms_and_in_no_other_s(offset: int, later: int) -> None:
    day = date(2019, 1, 1) + timedelta(offset)
    known = known_keys(day.isoformat())
    for form in forms_of_day(day):
        held, missing = divide_values(f"You met on {form}.", known)
        assert (len(held), missing) == (1, ()), form
    for form in forms_of_day(day + timedelta(later)):
        assert divide_values(f"You met on {form}.", known)[1], form
