"""What a warning rests on: no trials, and the days on which it was seen again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

OF_SEEN = "EXISTS (SELECT 1 FROM warning w WHERE w.id = warning_id)"
NO_TRIALS = (
    "DELETE FROM warning WHERE trial",
    "ALTER POLICY handle ON warning WITH CHECK (true)",
    "DROP INDEX ix_warning_open",
    "ALTER TABLE warning DROP COLUMN trial",
    "CREATE INDEX ix_warning_open ON warning (due_at) WHERE state <> 'closed'",
)
WALLS = (
    "ALTER TABLE warning_sighting ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY seen ON warning_sighting FOR SELECT TO yuantou_app USING ({OF_SEEN})",
    "CREATE POLICY work ON warning_sighting TO yuantou_worker USING (true) WITH CHECK (true)",
    "GRANT SELECT ON warning_sighting TO yuantou_app",
    "GRANT SELECT, INSERT, UPDATE ON warning_sighting TO yuantou_worker",
)


def upgrade() -> None:
    """Drop what nothing set, and keep what later nights saw."""
    for step in NO_TRIALS:
        op.execute(step)
    op.create_table(
        "warning_sighting",
        sa.Column("warning_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["warning_id"],
            ["warning.id"],
            name=op.f("fk_warning_sighting_warning_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("warning_id", "day", name=op.f("pk_warning_sighting")),
    )
    for statement in WALLS:
        op.execute(statement)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
