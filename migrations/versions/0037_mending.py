"""What a second reading asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Batches know when their page last asked for a step."""
    op.add_column("batch", sa.Column("attended_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE batch SET attended_at = made_at")
    op.alter_column("batch", "attended_at", nullable=False)
    op.create_index("ix_batch_waiting", "batch", ["attended_at"], postgresql_where=WAITING)


def downgrade() -> None:
    """Back to batches that only their page moves."""
    op.drop_index("ix_batch_waiting", table_name="batch", postgresql_where=WAITING)
    op.drop_column("batch", "attended_at")
