"""Opening the accounts of an installation: the store over its database, and its vaults' key."""

from pathlib import Path

from casewright.adapters.accounts.account_store import AccountStore
from casewright.adapters.store.engine import Database
from casewright.adapters.vault import SealedVault, load_vault_key


def open_accounts(database: Database, home: Path, *, given_key: str | None = None) -> AccountStore:
    """The accounts of every tenant. Raises ConfigurationError for a vault key that cannot be used."""
    key = load_vault_key(database, home, given=given_key)
    return AccountStore(database, lambda tenant: SealedVault(database, tenant, key))
