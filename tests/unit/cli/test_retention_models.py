"""The commands of the models: they write what they print, and bad input ends with 2 and a sentence."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from made_up_churn import write_churn

from casewright.cli.app import run_command_line


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        run_command_line(["retention", *arguments])
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_risk_is_trained_written_and_watched_for_drift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_churn(tmp_path / "churn.csv")
    out = tmp_path / "out"
    code, printed, _ = run(capsys, "train-risk", "--data", str(data), "--out", str(out), "--json")
    assert code == 0
    document = json.loads(printed)
    assert document == json.loads((out / "risk.json").read_text("utf-8"))
    assert document["run"]["rows"] == 600
    assert str(tmp_path) not in printed
    assert (out / "risk-reliability.svg").read_text("utf-8").startswith("<?xml")
    model = str(out / "models" / "risk")
    code, printed, _ = run(capsys, "drift", "--data", str(data), "--model", model)
    assert (code, printed.count("steady")) == (0, 6)
    moved = write_churn(tmp_path / "moved.csv", seed=2, shift=30)
    code, printed, _ = run(capsys, "drift", "--data", str(moved), "--model", model, "--json")
    assert code == 1
    states = {each["name"]: each["is"] for each in json.loads(printed)["inputs"]}
    assert (states["tenure"], states["Contract"]) == ("drifted", "steady")


@pytest.mark.parametrize("command", ["train-risk", "train-accept", "uplift"])
def test_a_file_that_is_not_there_ends_with_2_and_a_sentence(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    code, printed, errors = run(capsys, command, "--data", "none.csv")
    assert (code, printed) == (2, "")
    assert errors == "casewright: none.csv: there is no such file; give the table with --data\n"


def test_a_folder_that_cannot_be_written_ends_with_2_before_anything_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_churn(tmp_path / "churn.csv")
    code, _, errors = run(capsys, "train-risk", "--data", str(data), "--out", str(data))
    assert code == 2
    assert "is no folder that can be written" in errors


def test_a_wrong_column_ends_with_2_and_names_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_churn(tmp_path / "churn.csv")
    code, _, errors = run(capsys, "train-risk", "--data", str(data), "--outcome", "left")
    assert code == 2
    assert "no column 'left'; there are: customerID, tenure" in errors


def test_models_are_made_from_made_up_tables_that_the_other_commands_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, tables = tmp_path / "out", tmp_path / "tables"
    made = ("--out", str(out), "--tables", str(tables), "--customers", "300")
    code, printed, _ = run(capsys, "make-models", *made)
    assert code == 0
    assert [line.split("+")[0] for line in printed.splitlines()] == ["risk", "acceptance"]
    code, printed, errors = run(
        capsys, "train-accept", "--data", str(tables / "contacts.csv"), "--out", str(tmp_path)
    )
    assert code == 0
    for part in ("logistic regression", "chosen", "Offer level", "One row:", "95 %: auc"):
        assert part in printed
    assert f"Wrote {tmp_path / 'acceptance'}.json" in errors


def test_without_matplotlib_there_is_a_note_and_no_plot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_churn(tmp_path / "churn.csv", rows=300)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for name in ("model_plots", "svg_figures"):
        monkeypatch.delitem(sys.modules, f"casewright.evaluation.retention.{name}", raising=False)
    lines = ("--data", str(data), "--out", str(tmp_path / "out"), "--show-mistakes")
    monkeypatch.setattr("casewright.learning.retention.mistakes._TREES", 5)
    code, printed, errors = run(capsys, "train-risk", *lines)
    assert code == 0
    assert "No plot: plots need matplotlib: pip install 'casewright[eval]'" in errors
    assert "SMOTE before the split" in printed
    assert (tmp_path / "out" / "risk.json").is_file()


def test_without_the_extra_every_command_ends_with_2_and_the_command_that_installs_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "xgboost" else name)
    for command in ("train-risk", "train-accept", "uplift"):
        code, _, errors = run(capsys, command, "--data", "none.csv")
        assert code == 2
        assert "models need xgboost" in errors
        assert "pip install 'casewright[retention]'" in errors


def test_uplift_is_compared_arm_by_arm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(4)
    lines = ["recency,likes,segment,visit"]
    for _ in range(600):
        arm, likes = rng.integers(3), rng.random() < 0.5
        visit = rng.random() < 0.1 + 0.4 * likes * (arm > 0)
        lines.append(f"{rng.integers(12)},{likes:d},{('No E-Mail', 'first', 'second')[arm]},{visit:d}")
    data = tmp_path / "campaign.csv"
    data.write_text("\n".join(lines) + "\n", "utf-8")
    arguments = ("uplift", "--data", str(data), "--out", str(tmp_path), "--rounds", "20")
    code, printed, _ = run(capsys, *arguments)
    assert code == 0
    for part in ("any: 600 people", "first:", "second:", "T-learner", "uplift forest"):
        assert part in printed
    document = json.loads((tmp_path / "uplift.json").read_text("utf-8"))
    assert list(document["campaigns"]) == ["any", "first", "second"]
    assert (tmp_path / "uplift-qini.svg").is_file()
    assert (tmp_path / "uplift-uplift.svg").is_file()


def test_a_column_to_leave_out_that_is_not_there_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_churn(tmp_path / "churn.csv")
    code, _, errors = run(capsys, "train-risk", "--data", str(data), "--unused", "Nope")
    assert code == 2
    assert "no column 'Nope' to leave out" in errors


def test_it_is_said_which_columns_were_read_as_kinds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_churn(tmp_path / "churn.csv")
    lines = data.read_text("utf-8").splitlines()
    wordy = tmp_path / "wordy.csv"
    wordy.write_text("\n".join([lines[0] + ",fee", *(line + ",abc" for line in lines[1:])]) + "\n", "utf-8")
    code, _, errors = run(capsys, "train-risk", "--data", str(wordy), "--out", str(data))
    assert code == 2
    numbers, kinds = (line for line in errors.splitlines() if line.startswith("Columns read as"))
    assert numbers.startswith("Columns read as numbers: tenure")
    assert kinds.endswith(", fee")
