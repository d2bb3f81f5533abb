"""The vault: sealed values, tokens that say nothing, erasure that leaves nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.metadata import METADATA
from casewright.adapters.vault import PersonalValue, SealedVault, open_vault
from casewright.adapters.vault_tables import VAULT_ERASURES, VAULT_VALUES
from casewright.domain.errors import ConfigurationError, TerminalError

KEY = bytes.fromhex("9f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f708")
OTHER_KEY = bytes.fromhex("19e0b7c2a5d84f3366718c9dab0e2f4d5c6b7a8990e1f2d3c4b5a697f8e9dacb")
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("vault")
    database = open_database(f"sqlite:///{folder}/vault.db")
    database.write(METADATA.create_all)
    yield database
    database.close()


@pytest.fixture
def vault(database: Database) -> SealedVault:
    database.write(lambda connection: connection.execute(VAULT_VALUES.delete()))
    return make_vault(database)


def make_vault(database: Database, tenant: str = "main", key: bytes = KEY) -> SealedVault:
    return SealedVault(database, tenant, key, now=lambda: AT)


def test_token_names_its_kind_has_no_digit_and_resolves_to_the_value(vault: SealedVault) -> None:
    token = vault.put("c1", "email", "Ana@Example.com")
    kind, _, rest = token.partition("_")
    assert (kind, len(rest), rest.isalpha()) == ("email", 32, True)
    assert vault.resolve([token, "email_unknown", token]) == {token: "Ana@Example.com"}


def test_same_value_of_the_same_customer_and_kind_gives_the_same_token(vault: SealedVault) -> None:
    token = vault.put("c1", "name", "Ana")
    assert vault.put("c1", "name", "Ana") == token
    others = {
        vault.put("c2", "name", "Ana"),
        vault.put("c1", "address", "Ana"),
        vault.put("c1", "name", "ana"),
    }
    assert len(others | {token}) == 4


def test_another_tenant_resolves_nothing_and_gets_its_own_token(
    database: Database, vault: SealedVault
) -> None:
    token = vault.put("c1", "name", "Ana")
    other = make_vault(database, "other")
    assert other.resolve([token]) == {}
    assert other.put("c1", "name", "Ana") != token
    assert other.erase("c1") == 1
    assert vault.resolve([token]) == {token: "Ana"}


def test_many_values_come_back_in_their_order_and_repeats_share_a_token(vault: SealedVault) -> None:
    values = [PersonalValue(f"c{number % 700}", "name", f"Name {number % 700}") for number in range(1500)]
    tokens = vault.put_many(values)
    assert len(set(tokens)) == 700
    assert tokens[:700] == tokens[700:1400]
    resolved = vault.resolve(tokens)
    assert [resolved[token] for token in tokens] == [item.value for item in values]
    assert vault.put_many([]) == ()


def test_rows_hold_no_value_and_no_hint_of_its_length(database: Database, vault: SealedVault) -> None:
    vault.put("c1", "name", "Al")
    vault.put("c2", "name", "Alexandra-Konstantina")
    rows = database.read(lambda connection: connection.execute(select(VAULT_VALUES)).all())
    assert "Al" not in repr(rows)
    assert len({len(row.sealed) for row in rows}) == 1


def test_row_moved_to_another_customer_or_token_does_not_open(database: Database, vault: SealedVault) -> None:
    token = vault.put("victim", "email", "victim@example.com")
    database.write(lambda connection: connection.execute(update(VAULT_VALUES).values(customer_id="thief")))
    with pytest.raises(TerminalError) as raised:
        vault.resolve([token])
    assert raised.value.code == "vault_value_damaged"
    assert "victim" not in raised.value.message


def test_blind_index_evens_out_how_people_write_and_is_keyed(database: Database, vault: SealedVault) -> None:
    assert vault.index("email", " Ana@Example.COM ") == vault.index("email", "ana@example.com")
    assert vault.index("phone", "+880 1711-000 001") == vault.index("phone", "008801711000001")
    assert vault.index("phone", "৮৮০১৭১১০০০০০১") == vault.index("phone", "8801711000001")
    assert vault.index("email", "a@b") != vault.index("name", "a@b")
    assert make_vault(database, "other").index("email", "a@b") != vault.index("email", "a@b")
    assert make_vault(database, key=OTHER_KEY).index("email", "a@b") != vault.index("email", "a@b")


def test_export_gives_everything_of_a_customer_by_kind(vault: SealedVault) -> None:
    vault.put_many(
        [
            PersonalValue("c1", "name", "Ana"),
            PersonalValue("c1", "phone", "+15550100"),
            PersonalValue("c2", "name", "Ben"),
        ]
    )
    assert vault.export("c1") == {"name": ["Ana"], "phone": ["+15550100"]}
    assert vault.export("absent") == {}


def test_erasure_leaves_tokens_that_open_nothing_and_a_row_that_says_so(
    database: Database, vault: SealedVault
) -> None:
    tokens = vault.put_many([PersonalValue("c9", "name", "Ana"), PersonalValue("c9", "email", "a@b.example")])
    kept = vault.put("c2", "name", "Ben")
    assert vault.erase("c9", requested_by="usr_1") == 2
    assert vault.resolve([*tokens, kept]) == {kept: "Ben"}
    assert vault.export("c9") == {}
    rows = database.read(
        lambda connection: connection.execute(
            select(VAULT_ERASURES).where(VAULT_ERASURES.c.customer_id == "c9")
        ).all()
    )
    assert [(row.value_count, row.requested_by, row.erased_at) for row in rows] == [
        (2, "usr_1", 1_772_452_800_000_000)
    ]


def test_value_that_comes_again_after_an_erasure_does_not_bring_the_old_token_back(
    vault: SealedVault,
) -> None:
    before = vault.put("c1", "name", "Ana")
    vault.erase("c1")
    after = vault.put("c1", "name", "Ana")
    assert after != before
    assert vault.resolve([before]) == {}


def test_another_key_is_refused_at_start(database: Database) -> None:
    make_vault(database, "marked").require_same_key()
    make_vault(database, "marked").require_same_key()
    with pytest.raises(ConfigurationError, match="CASEWRIGHT_VAULT_KEY"):
        make_vault(database, "marked", OTHER_KEY).require_same_key()


def test_installation_s_key_is_made_once_and_never_for_values_that_are_there(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/vault.db")
    token = open_vault(database, "main", tmp_path).put("c1", "name", "Ana")
    assert open_vault(database, "main", tmp_path).resolve([token]) == {token: "Ana"}
    with pytest.raises(ConfigurationError, match="restore keys"):
        open_vault(database, "main", tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()
    database.close()


@pytest.mark.parametrize("kind", ["", "E-mail", "1st", "x" * 17])
def test_kind_that_could_not_stand_in_a_token_is_refused(vault: SealedVault, kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        vault.put("c1", kind, "value")


def test_value_stands_in_no_repr() -> None:
    assert "Ana" not in repr(PersonalValue("c1", "name", "Ana"))
