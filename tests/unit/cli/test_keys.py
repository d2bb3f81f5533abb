"""`casewright keys`: a key for a customer is made for one that there is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.store.engine import open_database
from casewright.adapters.vault import open_vault
from casewright.cli.app import run_command_line

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
ADD = ("keys", "add", "shop-page", "--role", "customer", "--scope", "read", "--customer")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    return tmp_path


def ended(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        run_command_line(list(arguments))
    return int(ending.value.code or 0)


def test_key_for_an_unknown_customer_is_refused_with_2_and_none_is_made(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = open_database(f"sqlite:///{home}/casewright.db")
    land_shop(database, open_vault(database, "main", home), "main", build_sample_shop(AT, customers=9), at=AT)
    database.close()
    assert ended(*ADD, "CUS-nobody") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "tenant main has no customer 'CUS-nobody'" in told.err
    assert ended("keys", "list", "--json") == 0
    assert capsys.readouterr().out == ""
    assert ended(*ADD, "CUS-1001") == 0
    assert capsys.readouterr().out.startswith("cw_main_")
