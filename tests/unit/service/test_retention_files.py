"""Files of customers and outcomes: any usual heading, lines that cannot be taken named."""

from pathlib import Path

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.ports.outreach import OutcomeReport
from casewright.service.retention_files import read_customers, read_outcomes


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(text, "utf-8")
    return path


def test_customers_with_headings_in_any_spelling(tmp_path: Path) -> None:
    path = write(
        tmp_path, "Customer ID,Tenure,CHURN RISK,has consent,Colour\nc-1,7,0.5,yes,red\nc-2,,0.25,no,\n"
    )
    found = read_customers(path, {"channel": "sms"})
    assert found.problems == ()
    assert found.rows == (
        (
            "c-1",
            {"channel": "sms", "tenure_months": 7, "churn_risk": 0.5, "consent": True},
            {"Tenure": 7.0, "CHURN RISK": 0.5, "has consent": "yes", "Colour": "red"},
        ),
        (
            "c-2",
            {"channel": "sms", "churn_risk": 0.25, "consent": False},
            {"CHURN RISK": 0.25, "has consent": "no"},
        ),
    )


def test_the_public_churn_table_is_read_as_it_is(tmp_path: Path) -> None:
    head = "customerID,SeniorCitizen,tenure,PhoneService,InternetService,TechSupport,StreamingTV,Contract,PaymentMethod,MonthlyCharges"
    path = write(
        tmp_path,
        f"{head}\nA-1,1,3,Yes,Fiber optic,No internet service,Yes,One year,Credit card (automatic),80.5\n",
    )
    found = read_customers(path, {})
    assert found.problems == ()
    ((customer_id, facts, features),) = found.rows
    assert customer_id == "A-1"
    assert facts == {
        "is_senior": True,
        "tenure_months": 3,
        "plan": "one_year",
        "monthly_spend": 8050,
        "tier": "premium",
        "services": 2,
        "has_support": False,
        "pays_automatically": True,
    }
    assert features["Contract"] == "One year"
    assert "customerID" not in features


def test_a_line_that_cannot_be_taken_spoils_no_other(tmp_path: Path) -> None:
    path = write(
        tmp_path, "customer_id,tenure,plan\nc-1,x,monthly\n,3,monthly\nc-3,3,weekly\nc-4,3,monthly\n"
    )
    found = read_customers(path, {})
    assert [row[0] for row in found.rows] == ["c-4"]
    assert found.problems[0] == "line 2: tenure: is a number"
    assert found.problems[1] == "line 3: customer_id: is missing"
    assert found.problems[2].startswith("line 4: plan: is one of")


def test_outcomes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "decision_id,accepted,complained,churned,revenue_minor,unsubscribed\n"
        "ret_1,yes,no,,,\nret_2,,,,-250,1\nret_3,maybe,,,,\n,yes,,,,\nret_5,,,,,\n",
    )
    found = read_outcomes(path)
    assert found.rows == (
        ("ret_1", OutcomeReport(was_accepted=True, has_complained=False)),
        ("ret_2", OutcomeReport(revenue_minor=-250, has_unsubscribed=True)),
    )
    assert found.problems == (
        "line 4: accepted: is yes or no",
        "line 5: decision_id: is missing",
        "line 6: nothing is said of it",
    )


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"customer_id\n\xff\xfe\n")
    with pytest.raises(ConfigurationError, match="cannot be read as CSV"):
        read_customers(path, {})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no column customer_id; the file is empty"),
        (
            "Dear colleagues, please find the list below\n",
            "no column customer_id; there are: 'Dear colleagues'",
        ),
        ("customer_id;tenure\nc-1;5\n", "cells are parted by commas"),
        ("name,tenure\nc-1,5\n", "no column customer_id"),
    ],
)
def test_a_file_without_ids_of_customers_is_refused_whole(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_customers(write(tmp_path, text), {})
    assert told in refused.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no column decision_id; none of the columns accepted, complained"),
        ("It went well.\n", "no column decision_id"),
        ("decision_id\nret_1\n", "none of the columns accepted"),
        ("churned\nyes\n", "no column decision_id"),
        ("decision_id,churned,colour\nret_1,yes,red\n", "columns that nothing is read from: 'colour'"),
        ("decision_id,churned,Churned\nret_1,yes,no\n", "a column stands twice"),
    ],
)
def test_a_file_with_other_columns_than_outcomes_is_refused_whole(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_outcomes(write(tmp_path, text))
    assert told in refused.value.message


def test_a_zone_that_is_none_is_refused_as_a_channel_is(tmp_path: Path) -> None:
    path = write(
        tmp_path, "customer_id,timezone,channel\nc-1,Mars/X,sms\nc-2,Asia/Dhaka,pigeon\nc-3,Asia/Dhaka,\n"
    )
    found = read_customers(path, {})
    assert [row[0] for row in found.rows] == ["c-3"]
    assert found.problems[0].startswith("line 2: timezone: is no time zone that is known here")
    assert found.problems[1].startswith("line 3: channel: is one of")


def test_columns_for_the_risk_model_only_are_named(tmp_path: Path) -> None:
    assert read_customers(write(tmp_path, "customer_id,tenure,colour\nc-1,5,red\n"), {}).others == ("colour",)
