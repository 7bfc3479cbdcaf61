"""Drafts kept by the server, and closing that waits for its papers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# As 0002 has it, and a draft is for the unit of its author alone.
SEES_DISPUTE = """
  ((area_path >= setting('app.lo') AND area_path < setting('app.hi'))
   OR (pressing AND area_path >= setting('app.red_lo') AND area_path < setting('app.red_hi'))
   OR reporting_agency_id = setting_id('app.unit')
   OR handler_agency_id = setting_id('app.unit')
   OR id IN (SELECT matters_of_unit()))
  AND (NOT restricted OR id IN (SELECT matters_named()))
  AND (state <> 'draft' OR reporting_agency_id = setting_id('app.unit'))"""
OWN = "agency_id = setting_id('app.unit')"


def upgrade() -> None:
    """Drafts kept by the server: sealed, for their author's unit, in no figure of any job."""
    op.create_table(
        "draft",
        sa.Column("dispute_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_agency_id"), "draft", ["agency_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON draft TO yuantou_app")
    op.execute("GRANT SELECT, DELETE ON draft TO yuantou_worker")
    op.execute("ALTER TABLE draft ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON draft TO yuantou_app USING ({OWN}) WITH CHECK ({OWN})")
    op.execute("CREATE POLICY work ON draft TO yuantou_worker USING (true) WITH CHECK (true)")
    for act in ("read", "change"):
        op.execute(f"ALTER POLICY {act} ON dispute USING ({SEES_DISPUTE})")
    op.execute("ALTER POLICY work ON dispute USING (state <> 'draft')")


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
