"""Values of foreign rows: exact money, strict ids, and reasons that quote nothing personal."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from casewright.adapters.importers.values import BadValue, read_id, read_minor, read_text, read_time


@pytest.mark.parametrize(
    ("value", "minor"),
    [
        ("0", 0),
        ("58.90", 5890),
        ("58.9", 5890),
        (" 13.29 ", 1329),
        (Decimal("47.84"), 4784),
        (Decimal("536.65"), 53665),
        (Decimal("0.1") + Decimal("0.2"), 30),
        (Decimal("12.299999999999999"), 1230),
        (7, 700),
        ("1e2", 10000),
    ],
)
def test_money_is_read_exactly(value: object, minor: int) -> None:
    assert read_minor(value, "price") == minor
    assert type(read_minor(value, "price")) is int


@pytest.mark.parametrize(
    "value",
    [
        "",
        "free",
        "1.005",
        "-1",
        "NaN",
        "Infinity",
        "1e999999",
        "9" * 40,
        "1,50",
        "$5",
        None,
        True,
        1.5,
        [],
        Decimal("sNaN"),
    ],
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(BadValue, match="price"):
        read_minor(value, "price")


def test_a_difference_may_be_negative_where_that_is_meant() -> None:
    assert read_minor(Decimal("-12.13"), "difference", may_be_negative=True) == -1213


@pytest.mark.parametrize("value", ["#W1001", "cus_1", "a/b:c.d-e", "0" * 64])
def test_ids_are_those_that_a_tool_takes(value: str) -> None:
    assert read_id(value, "order_id") == value


@pytest.mark.parametrize("value", ["", " ", " a", "a b", "a\x00", "é", "\ud800", "0" * 65, None, 7, "-a"])
def test_what_no_tool_could_name_is_no_id(value: object) -> None:
    with pytest.raises(BadValue, match="order_id"):
        read_id(value, "order_id")


@pytest.mark.parametrize("value", ["line\nfeed", "nul\x00", "\ud800", "x" * 301, "", None])
def test_text_that_cannot_be_kept_is_refused_without_quoting_it(value: object) -> None:
    with pytest.raises(BadValue) as refused:
        read_text(value, "name")
    assert "feed" not in str(refused.value)


def test_text_that_need_not_be_there_is_empty() -> None:
    assert read_text(None, "name", is_required=False) == ""


def test_a_time_is_aware_and_in_utc() -> None:
    assert read_time("2018-05-02 10:00:00", "placed") == datetime(2018, 5, 2, 10, tzinfo=UTC)
    assert read_time("2018-05-02 10:00:00", "placed", utc_offset_minutes=-180) == datetime(
        2018, 5, 2, 13, tzinfo=UTC
    )
    assert read_time("", "placed") is None


@pytest.mark.parametrize("value", ["yesterday", "2018-13-01", "2018-02-30 10:00:00", "1525255200"])
def test_what_is_no_time_is_refused(value: str) -> None:
    with pytest.raises(BadValue, match="placed"):
        read_time(value, "placed")
