"""The churn table: read with every problem named, rated without its own outcome."""

from pathlib import Path

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention.churn_table import read_churn_population

COLUMNS = (
    "customerID,SeniorCitizen,tenure,PhoneService,MultipleLines,InternetService,OnlineSecurity,OnlineBackup,"
    "DeviceProtection,TechSupport,StreamingTV,StreamingMovies,Contract,PaymentMethod,MonthlyCharges,Churn"
)


def line(name: str, tenure: str = "12", contract: str = "One year", churn: str = "No") -> str:
    return f"{name},0,{tenure},Yes,No,DSL,Yes,No,No,Yes,No,No,{contract},Credit card (automatic),50.5,{churn}"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "churn.csv"
    path.write_text("\n".join((COLUMNS, *lines)) + "\n", "utf-8")
    return path


def test_columns_become_what_is_known_of_a_customer(tmp_path: Path) -> None:
    lines = [line(f"made-{n}", str(n % 60), churn="Yes" if n % 3 == 0 else "No") for n in range(150)]
    population = read_churn_population(write(tmp_path, *lines))
    profile = population.profile(7)
    assert population.customer_ids[7] == "made-7"
    assert (profile.tenure_months, profile.plan, profile.monthly_spend_minor) == (7, "one_year", 5050)
    assert (profile.services, profile.has_support, profile.pays_automatically, profile.tier) == (
        3,
        True,
        True,
        "standard",
    )
    assert 0 < profile.churn_risk < 1


def test_every_wrong_cell_is_told_with_its_line_and_column(tmp_path: Path) -> None:
    path = write(tmp_path, line("a", "many"), line("b", contract="For ever"), line("", churn="Perhaps"))
    with pytest.raises(ConfigurationError) as caught:
        read_churn_population(path)
    for part in ("line 2, tenure", "line 3, Contract", "line 4, Churn", "line 4, customerID"):
        assert part in caught.value.message


def test_missing_columns_too_few_rows_and_no_file_are_said(tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text("customerID,tenure\na,1\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"columns are missing: Contract"):
        read_churn_population(short)
    with pytest.raises(ConfigurationError, match="too few"):
        read_churn_population(write(tmp_path, line("a"), line("b", churn="Yes")))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_churn_population(tmp_path / "absent.csv")
