"""Figures kept for less work: how complete young months are."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, read by all, written by the worker."""
    op.create_table(
        "lateness",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "age", name=op.f("pk_lateness")),
    )
    op.execute("GRANT SELECT ON lateness TO yuantou_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON lateness TO yuantou_worker")


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
