"""Tables that models are trained on: kinds of columns, blanks, bad rows by line and column."""

from pathlib import Path

import pytest

from casewright.adapters.retention.model_table import RowProblem, read_model_table, read_unlabelled_table
from casewright.domain.errors import ConfigurationError

HEADER = "customerID,tenure,Contract,TotalCharges,Churn"


def write(folder: Path, *lines: str, header: str = HEADER, good: int = 60) -> Path:
    """A table of good rows and then these; the first line after the header is line 2."""
    path = folder / "churn.csv"
    rows = [f"c{number},{number},Month-to-month,{number}.5,No" for number in range(good)]
    path.write_text("\n".join([header, *rows, *lines]) + "\n", "utf-8")
    return path


def test_columns_are_numbers_or_kinds_and_a_blank_is_a_missing_value(tmp_path: Path) -> None:
    table = read_model_table(write(tmp_path, "c60,0,One year, ,Yes"), "Churn")
    assert list(table.columns) == ["tenure", "Contract", "TotalCharges"]
    assert table.columns["tenure"][1] == 1.0
    assert table.columns["Contract"][60] == "One year"
    assert table.columns["TotalCharges"][60] is None
    assert (len(table), table.outcome[0], table.outcome[60]) == (61, 0.0, 1.0)
    assert table.problems == ()
    assert table.ids[60] == "c60"
    assert list(table.rows())[60] == {"tenure": 0.0, "Contract": "One year"}


def test_bad_rows_are_left_out_and_told_with_line_and_column(tmp_path: Path) -> None:
    path = write(
        tmp_path, "c60,many,One year,1,No", "c61,1,One year,1,perhaps", "c62,1", "c63,-1,One year,1,No"
    )
    table = read_model_table(path, "Churn", from_zero=("tenure",))
    assert table.problems == (
        RowProblem(62, "tenure", "'many' is not a number"),
        RowProblem(63, "Churn", "'perhaps' is not Yes or No"),
        RowProblem(64, "the whole row", "2 cells, where the header has 5"),
        RowProblem(65, "tenure", "-1 is below 0"),
    )
    assert str(table.problems[0]) == "line 62, tenure: 'many' is not a number"
    assert len(table) == 60


def test_a_subset_of_the_columns_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text("tenure,Churn\n" + "".join(f"{n},{n % 2}\n" for n in range(60)), "utf-8")
    assert list(read_model_table(path, "Churn").columns) == ["tenure"]


def test_a_column_of_as_many_kinds_as_names_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "named.csv"
    path.write_text("name,tenure,Churn\n" + "".join(f"n{n},{n},{n % 2}\n" for n in range(60)), "utf-8")
    table = read_model_table(path, "Churn")
    assert (table.left_out, list(table.columns)) == (("name",), ["tenure"])


def test_an_outcome_may_be_any_number_where_it_is_no_yes_or_no(tmp_path: Path) -> None:
    path = tmp_path / "spend.csv"
    path.write_text("x,spend\n" + "".join(f"{n},{n / 2}\n" for n in range(60)), "utf-8")
    assert read_model_table(path, "spend", is_yes_no=False).outcome[3] == 1.5


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("a,Churn\n1,Yes\n", "1 rows can be used"),
        ("", "the file is empty"),
        ("a,a,Churn\n", "stand twice: a"),
        ("a,b\n1,2\n", "no column 'Churn'; there are: a, b"),
        ("a;Churn\n1;Yes\n", "there are: a;Churn; cells are parted by commas"),
    ],
)
def test_a_table_of_no_use_is_refused_with_the_reason(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(lines, "utf-8")
    with pytest.raises(ConfigurationError, match=message):
        read_model_table(path, "Churn")


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file"):
        read_model_table(tmp_path / "none.csv", "Churn")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00a")
    with pytest.raises(ConfigurationError, match="cannot be read as a table of commas"):
        read_model_table(tmp_path / "bytes.csv", "Churn")


def test_a_table_without_outcome_needs_the_models_columns_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "c60,many,One year,1,No")
    table = read_unlabelled_table(path, kinds=("Contract",), needed=("tenure", "Contract"))
    assert list(table.columns) == ["tenure", "Contract"]
    assert table.problems == (RowProblem(62, "tenure", "'many' is not a number"),)
    with pytest.raises(ConfigurationError, match="columns are missing: MonthlyCharges"):
        read_unlabelled_table(path, kinds=(), needed=("MonthlyCharges",))


def test_a_column_to_leave_out_has_to_be_there_unless_it_is_only_known_later(tmp_path: Path) -> None:
    path = write(tmp_path)
    table = read_model_table(path, "Churn", unused=("tenure",), later=("TotalCharges", "nowhere"))
    assert list(table.columns) == ["Contract"]
    with pytest.raises(
        ConfigurationError, match="no column 'Nope' to leave out; there are: customerID, tenure"
    ):
        read_model_table(path, "Churn", unused=("Nope",))


def test_numbers_and_kinds_are_told_apart(tmp_path: Path) -> None:
    assert read_model_table(write(tmp_path), "Churn").names_of_numbers() == ("tenure", "TotalCharges")
