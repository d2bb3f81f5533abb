"""Opening the accounts: one vault key for all tenants, the same at every start."""

from datetime import UTC, datetime
from pathlib import Path

from casewright.adapters.accounts.opening import open_accounts
from casewright.adapters.store.engine import open_database
from casewright.adapters.store.metadata import METADATA
from casewright.domain.principal import Role
from casewright.ports.accounts import User

USER = User("usr_1", "shop-2", Role.AGENT, "", "hash", datetime(2026, 3, 2, tzinfo=UTC))


def test_login_is_found_again_after_a_restart(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/casewright.db")
    database.write(METADATA.create_all)
    added = open_accounts(database, tmp_path).add_user(USER, "ana")
    assert open_accounts(database, tmp_path).find_user("shop-2", "ana") == added
    assert open_accounts(database, tmp_path / "elsewhere").find_user("shop-2", "ana") is None
    database.close()
