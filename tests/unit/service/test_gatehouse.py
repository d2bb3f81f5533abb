"""The gatehouse of an installation: one tenant's, one key's."""

from pathlib import Path

import pytest

from casewright.adapters.store.engine import open_database
from casewright.domain.errors import ConfigurationError
from casewright.domain.principal import Role
from casewright.service.gatehouse import open_gatehouse
from casewright.service.sign_in import SignedIn
from casewright.settings import Settings

PASSWORD = "four words make sense"


def test_people_sign_in_again_after_a_restart_but_not_with_another_key(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/casewright.db")
    settings = Settings(home=tmp_path / "home", tenant="shop-2")
    first = open_gatehouse(settings, database)
    assert first.tenant == "shop-2"
    first.book.add_user("shop-2", "ana", PASSWORD, Role.AGENT)
    again = open_gatehouse(settings, database)
    assert isinstance(again.sign_in.sign_in("shop-2", "ana", PASSWORD, address=""), SignedIn)
    with pytest.raises(ConfigurationError, match="vault"):
        open_gatehouse(Settings(home=tmp_path / "other", tenant="shop-2"), database)
    database.close()


def test_key_of_the_settings_comes_before_the_file(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/casewright.db")
    open_gatehouse(Settings(home=tmp_path, vault_key="9f" * 32), database)
    assert not (tmp_path / "keys").exists()
    database.close()
