"""The desk: supervision at T+1, transfers with a fresh clock."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"

# What the morning's job writes when a limit has passed: an urging, its letter, its place in the
# history. It changes no matter.
GRANTS = (
    "SELECT ON supervision_cause TO yuantou_app",
    "SELECT, INSERT ON supervision_cause TO yuantou_worker",
    "INSERT, UPDATE ON supervision TO yuantou_worker",
    "INSERT ON supervision_letter TO yuantou_worker",
    "INSERT ON dispute_event TO yuantou_worker",
)
POLICIES = (
    f"CREATE POLICY visible ON supervision_cause FOR SELECT TO yuantou_app USING ({OF_VISIBLE})",
    "CREATE POLICY work ON supervision_cause TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY press ON supervision TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY press ON supervision_letter FOR INSERT TO yuantou_worker WITH CHECK (true)",
)


def upgrade() -> None:
    """The desk: supervision at T+1, transfers with a fresh clock."""
    op.alter_column("supervision_letter", "issued_by", nullable=True)
    op.create_table(
        "supervision_cause",
        sa.Column("deadline_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("supervision_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deadline_id", name=op.f("pk_supervision_cause")),
    )
    op.create_index(op.f("ix_supervision_cause_dispute_id"), "supervision_cause", ["dispute_id"])
    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    op.execute("ALTER TABLE supervision_cause ENABLE ROW LEVEL SECURITY")
    for policy in POLICIES:
        op.execute(policy)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
