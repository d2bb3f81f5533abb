"""Running outreach from the terminal: customers, budget, switch, outcomes, log."""

import json
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
from casewright.service.premises import Premises
from casewright.settings import load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASEWRIGHT_EMBEDDER", "none")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    try:
        run_command_line(["retention", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_budget_is_set_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("budget", "set", "100.5", "--complaint-cap", "5") == 0
    assert "budget 100.50, 0.00 spent or reserved; at most 5 complaints" in capsys.readouterr().out
    assert run("budget", "show") == 0
    shown = capsys.readouterr().out
    assert "free        100.50" in shown
    assert "complaints  0 of 5" in shown


def test_the_switch_is_turned_and_says_by_whom(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("kill-switch", "show")
    assert capsys.readouterr().out == "Tenant main: off; nobody has ever turned it\n"
    assert run("kill-switch", "on") == 0
    capsys.readouterr()
    monkeypatch.setenv("CASEWRIGHT_FORCE_BASELINE", "true")
    run("kill-switch", "show")
    shown = capsys.readouterr().out
    assert shown.startswith("Tenant main: on; turned by command line")
    assert "CASEWRIGHT_FORCE_BASELINE is set" in shown
    assert run("kill-switch", "off") == 0


@pytest.mark.parametrize("amount", ["1e400", "1e308", "1e17", "nan", "inf", "0.001", "0.0099"])
def test_a_budget_that_cannot_be_kept_is_refused(amount: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("budget", "set", amount) == 2
    assert "between 0.01 and 10,000,000,000,000" in capsys.readouterr().err
    assert run("budget", "show") == 0
    assert "budget      20,000.00" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("amount", "shown"), [("0", "0.00"), ("0.01", "0.01"), ("1e13", "10,000,000,000,000.00")]
)
def test_the_ends_of_the_range_are_kept(amount: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("budget", "set", amount) == 0
    assert "Tenant main, period from 2026" in capsys.readouterr().out
    run("budget", "show")
    assert f"budget      {shown}\n" in capsys.readouterr().out


def test_more_complaints_than_there_are_people_are_refused() -> None:
    assert run("budget", "set", "10", "--complaint-cap", "9" * 400) == 2


@pytest.mark.parametrize(
    "command",
    [
        ("kill-switch", "on"),
        ("kill-switch", "off"),
        ("kill-switch", "show"),
        ("budget", "set", "10"),
        ("budget", "show"),
        ("log", "export"),
        ("outcomes", "import", "outcomes.csv"),
        ("outcomes", "release"),
        ("customers", "import", "customers.csv"),
    ],
)
def test_a_tenant_that_does_not_exist_is_refused(
    home: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "customers.csv").write_text("customer_id\nc-1\n")
    (home / "outcomes.csv").write_text("decision_id,churned\nret_1,yes\n")
    assert run("kill-switch", "off") == 0
    capsys.readouterr()
    assert run(*command, "--tenant", "nope") == 2
    told = capsys.readouterr()
    assert "--tenant nope: there is nothing of such a tenant here; tenants: main." in told.err
    assert told.out == ""
    run("kill-switch", "show", "--tenant", "main")
    assert "Tenant main: off" in capsys.readouterr().out


def test_customers_decisions_outcomes_and_the_log(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "customers.csv").write_text("customer_id,churn_risk,tenure,spend\nc-1,0.9,5,60\nc-2,x,5,60\n")
    options = ["--consent", "--channel", "email", "--timezone", "Etc/GMT"]
    assert run("customers", "import", "customers.csv", *options) == 1
    assert "line 3: churn_risk: is a number" in capsys.readouterr().err
    decision_id = decide({"customer_id": "c-1"})
    (home / "outcomes.csv").write_text(f"decision_id,churned\n{decision_id},yes\nret_none,no\n")
    assert run("outcomes", "import", "outcomes.csv") == 1
    assert "ret_none: There is no such decision." in capsys.readouterr().err
    assert run("outcomes", "import", "outcomes.csv") == 1
    told = capsys.readouterr().err
    assert "Tenant main: 0 outcomes, quarantined.\nKnown already: 1 outcomes, left as they were." in told
    run("log", "export", "--out", "log.jsonl")
    assert read_log(home)["churned"] is None
    assert run("outcomes", "release", "--source", "file:other.csv") == 2
    assert "no outcomes of 'file:other.csv'; sources: file:outcomes.csv" in capsys.readouterr().err
    assert run("outcomes", "release", "--source", "file:outcomes.csv") == 0
    assert "Tenant main, released: 1 outcomes." in capsys.readouterr().out
    assert run("outcomes", "release", "--source", "file:outcomes.csv") == 0
    assert "Nothing was quarantined" in capsys.readouterr().err
    run("log", "export", "--out", "log.jsonl")
    row = read_log(home)
    assert (row["customer_id"], row["churned"], row["outcome_state"]) == ("c-1", True, "released")
    run("log", "export")
    assert json.loads(capsys.readouterr().out) == row


def test_a_default_that_cannot_be_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "customers.csv").write_text("customer_id\nc-1\n")
    assert run("customers", "import", "customers.csv", "--channel", "pigeon") == 2
    assert "--channel: is one of app, call, email, sms" in capsys.readouterr().err
    assert run("customers", "import", "customers.csv", "--timezone", "Mars/X") == 2
    assert "--timezone: is no time zone that is known here" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["customers", "outcomes"])
def test_a_file_of_something_else_is_refused(
    home: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "prose.csv").write_text("Dear colleagues, here you are.\n")
    assert run(command, "import", "prose.csv") == 2
    assert "no column" in capsys.readouterr().err


def decide(body: dict[str, object]) -> str:
    premises = Premises(load_settings())
    agent = Principal("usr_1", Role.AGENT, "main", "ses_1", SCOPES_OF_ROLE[Role.AGENT])
    answer = premises.retention().recommend(agent, body, "k").document
    premises.close()
    return str(answer["decision_id"])


def read_log(home: Path) -> dict[str, object]:
    row: dict[str, object] = json.loads((home / "log.jsonl").read_text())
    return row
