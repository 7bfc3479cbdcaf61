"""Assessments of departments and townships, the scheme in use of each level, evidence by file."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# A department sees no sums: its own report, draft and targets are what it was given.
MINE = (
    "delivered ON assessment_report TO yuantou_app USING (delivered_to = setting_id('app.unit'))",
    "own ON assessment_draft FOR SELECT TO yuantou_app "
    "USING (area_code = 'agency-' || setting('app.unit'))",
    "own ON target FOR SELECT TO yuantou_app USING (agency_id = setting_id('app.unit'))",
)
GRANTS = (
    "UPDATE (dropped) ON assessment_run TO yuantou_app",
    "SELECT, INSERT ON scheme_choice TO yuantou_app",
    "UPDATE (approved_by, approved_at, rejected_at) ON scheme_choice TO yuantou_app",
    "SELECT ON scheme_choice TO yuantou_worker",
    "USAGE ON SEQUENCE scheme_choice_id_seq TO yuantou_app",
)


def upgrade() -> None:
    """Columns of runs, targets and events; a table of choices; grants and walls."""
    op.add_column(
        "assessment_run",
        sa.Column("level", sa.String(length=32), nullable=False, server_default="county"),
    )
    op.alter_column("assessment_run", "level", server_default=None)
    op.add_column(
        "assessment_run", sa.Column("dropped", postgresql.ARRAY(sa.BigInteger()), nullable=True)
    )
    op.create_index(
        "ix_assessment_report_unsigned",
        "assessment_report",
        ["delivered_to"],
        postgresql_where="received_at IS NULL",
    )
    _targets()
    for column in (
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_key", sa.Integer(), nullable=True),
        sa.Column("file_kind", sa.String(length=32), nullable=True),
    ):
        op.add_column("score_event", column)
    _choices()
    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    for policy in MINE:
        op.execute(f"CREATE POLICY {policy}")


def _targets() -> None:
    op.add_column("target", sa.Column("agency_id", sa.BigInteger(), nullable=True))
    op.drop_constraint("uq_target_indicator_area_code_year_revision", "target")
    op.create_unique_constraint(
        "uq_target",
        "target",
        ["indicator", "area_code", "agency_id", "year", "revision"],
        postgresql_nulls_not_distinct=True,
    )


def _choices() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "scheme_choice",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", moment, nullable=True),
        sa.Column("rejected_at", moment, nullable=True),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by",
            name=op.f("ck_scheme_choice_two_persons"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_choice")),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
