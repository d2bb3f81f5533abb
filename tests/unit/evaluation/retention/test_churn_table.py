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
    path = write(
        tmp_path,
        line("a", "many"),
        line("b", contract="For ever"),
        line("", churn="Perhaps"),
        line("d").replace("d,0,", "d,Yes,"),
    )
    with pytest.raises(ConfigurationError) as caught:
        read_churn_population(path)
    for part in (
        "line 2, tenure",
        "line 3, Contract",
        "line 4, Churn",
        "line 4, customerID",
        "line 5, SeniorCitizen",
    ):
        assert part in caught.value.message


def test_missing_columns_too_few_rows_and_no_file_are_said(tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text("customerID,tenure\na,1\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"columns are missing: Contract"):
        read_churn_population(short)
    with pytest.raises(ConfigurationError, match="too few"):
        read_churn_population(write(tmp_path, line("a"), line("b", churn="Yes")))
    with pytest.raises(ConfigurationError, match="there is no such file"):
        read_churn_population(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (0, "Churn is No for everybody"),
        (120, "Churn is Yes for everybody"),
        (3, "Churn is Yes for 3 of 120"),
        (118, "Churn is No for 2 of 120"),
    ],
)
def test_outcomes_that_teach_no_risk_are_said(tmp_path: Path, left: int, said: str) -> None:
    lines = [line(f"made-{n}", str(n % 60), churn="Yes" if n < left else "No") for n in range(120)]
    with pytest.raises(ConfigurationError, match=said):
        read_churn_population(write(tmp_path, *lines))


def test_a_column_or_a_customer_given_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, line("a"), line("b"), line("a"))
    with pytest.raises(ConfigurationError, match="line 4, customerID: is that of line 2 again"):
        read_churn_population(path)
    path.write_text(f"{COLUMNS},tenure\n{line('a')},1\n", "utf-8")
    with pytest.raises(ConfigurationError, match="line 1: these columns stand twice: tenure"):
        read_churn_population(path)


def test_a_row_that_is_cut_off_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="line 3: has not as many cells"):
        read_churn_population(write(tmp_path, line("a"), "b,0,12"))
