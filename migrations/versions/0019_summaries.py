"""Summaries of the province and its cities, sealed from the sealed reports of the counties."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"


def upgrade() -> None:
    """One row for each area above the counties and run; written by the worker alone."""
    op.create_table(
        "assessment_summary",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.String(length=200), nullable=False),
        sa.Column("algorithm", sa.String(length=32), nullable=False),
        sa.Column("code_version", sa.String(length=32), nullable=False),
        sa.Column("audit_head", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_summary")),
        sa.UniqueConstraint(
            "run_id", "area_code", name=op.f("uq_assessment_summary_run_id_area_code")
        ),
    )
    op.execute("GRANT SELECT ON assessment_summary TO yuantou_app")
    op.execute("GRANT SELECT, INSERT ON assessment_summary TO yuantou_worker")
    op.execute("ALTER TABLE assessment_summary ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY reported ON assessment_summary FOR SELECT TO yuantou_app USING {IN_SUMS}"
    )
    op.execute(
        "CREATE POLICY work ON assessment_summary TO yuantou_worker USING (true) WITH CHECK (true)"
    )


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
