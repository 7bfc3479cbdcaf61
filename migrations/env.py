"""Alembic environment: runs as the owner role, on the models of every capability."""

from alembic import context

from yuantou.database.migrating import metadata

config = context.config


def run() -> None:
    """Run the migrations on the connection that was handed over."""
    connection = config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata(), compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
