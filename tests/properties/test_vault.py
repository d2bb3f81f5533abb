"""The vault, whatever is put into it: it comes back, it is in no token or row, and an erasure is final."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.vault import PersonalValue, SealedVault
from casewright.adapters.vault_tables import VAULT_ERASURES, VAULT_VALUES

KEY = bytes.fromhex("9f2c4b7d10e85a6633c1d2f0b4a79e5817263544c9d8eafb01a2b3c4d5e6f708")
EXAMPLES = 400 if os.environ.get("CASEWRIGHT_FULL") == "1" else 40
QUIET = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = st.text(max_size=120)
VALUES = st.lists(
    st.builds(
        PersonalValue,
        st.sampled_from(["c1", "c2", "c1 "]),
        st.sampled_from(["name", "email", "phone", "address"]),
        TEXTS,
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('vault')}/vault.db")
    yield database
    database.close()


def make_vault(database: Database) -> SealedVault:
    for table in (VAULT_VALUES, VAULT_ERASURES):
        database.write(lambda connection, table=table: connection.execute(table.delete()))
    return SealedVault(database, "main", KEY)


@QUIET
@given(VALUES)
def test_every_value_comes_back_under_its_own_token(database: Database, values: list[PersonalValue]) -> None:
    vault = make_vault(database)
    tokens = vault.put_many(values)
    resolved = vault.resolve(tokens)
    assert [resolved[token] for token in tokens] == [item.value for item in values]
    different = {(item.customer_id, item.kind, item.value) for item in values}
    assert len(set(tokens)) == len(different)
    assert vault.put_many(values) == tokens
    for item in values:
        assert item.value in vault.export(item.customer_id)[item.kind]


@QUIET
@given(VALUES)
def test_no_value_stands_in_a_token_or_in_a_row(database: Database, values: list[PersonalValue]) -> None:
    vault = make_vault(database)
    tokens = vault.put_many(values)
    rows = database.read(lambda connection: connection.execute(select(VAULT_VALUES)).all())
    for item, token in zip(values, tokens, strict=True):
        kind, _, drawn = token.partition("_")
        assert kind == item.kind
        assert len(drawn) == 32
        assert set(drawn) <= set("abcdefghijklmnop")
        if len(item.value) >= 6:
            assert item.value not in token
            for row in rows:
                assert item.value not in (row.token, row.customer_id, row.kind, row.digest)
                assert item.value.encode("utf-8", "surrogatepass") not in row.sealed


@QUIET
@given(VALUES, st.sampled_from(["c1", "c2", "c1 ", "nobody"]))
def test_erasure_leaves_nothing_of_one_customer_and_all_of_the_others(
    database: Database, values: list[PersonalValue], erased: str
) -> None:
    vault = make_vault(database)
    tokens = vault.put_many(values)
    gone = {token for item, token in zip(values, tokens, strict=True) if item.customer_id == erased}
    assert vault.erase(erased) == len(gone)
    assert vault.resolve(tokens).keys() == set(tokens) - gone
    assert vault.export(erased) == {}
    again = vault.put_many(values)
    assert gone.isdisjoint(again)
    assert vault.resolve(sorted(gone)) == {}


@QUIET
@given(TEXTS, TEXTS)
def test_blind_index_tells_two_values_apart_unless_they_are_written_alike(
    database: Database, one: str, other: str
) -> None:
    vault = SealedVault(database, "main", KEY)
    index = vault.index("email", one)
    assert len(index) == 64
    assert vault.index("email", f"  {one}\t") == index
    if (
        " ".join(one.casefold().split()) != " ".join(other.casefold().split())
        and one.isascii()
        and other.isascii()
    ):
        assert vault.index("email", other) != index
    if len(one) >= 6:
        assert one not in index
