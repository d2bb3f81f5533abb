"""Alembic's entry: run the revisions on the connection that `migrating` hands over, in its transaction."""

from alembic import context

from casewright.adapters.store.metadata import METADATA
from casewright.adapters.store.migrating import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
