"""Assessment runs: drafts, preview, approvals by two, objections, restatements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
MINE = "by_id = setting_id('app.account')"
KEPT = ["assessment_draft", "run_act", "sealed_member", "objection", "restatement"]
GRANTS = (
    "INSERT, UPDATE (state, error, reason) ON assessment_run TO yuantou_app",
    "SELECT ON assessment_draft, sealed_member TO yuantou_app",
    "SELECT, INSERT ON run_act, restatement TO yuantou_app",
    "UPDATE (asked_by, asked_at, reason) ON restatement TO yuantou_app",
    "SELECT, INSERT, UPDATE (decision, remedy, granted_numerator, granted_denominator, "
    "decided_by, decided_at, decision_reason) ON objection TO yuantou_app",
    "SELECT, INSERT ON assessment_draft, run_act TO yuantou_worker",
    "SELECT, INSERT, UPDATE, DELETE ON sealed_member TO yuantou_worker",
    "SELECT ON objection TO yuantou_worker",
    "SELECT, INSERT, UPDATE ON restatement TO yuantou_worker",
)
POLICIES = (
    f"seen ON assessment_draft FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    f"seen ON sealed_member FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    "seen ON run_act FOR SELECT TO yuantou_app USING (true)",
    f"act ON run_act FOR INSERT TO yuantou_app WITH CHECK ({MINE})",
    f"seen ON objection TO yuantou_app USING ({IN_SUMS}) WITH CHECK ({IN_SUMS})",
    f"seen ON restatement TO yuantou_app USING ({IN_SUMS}) WITH CHECK ({IN_SUMS})",
)


def upgrade() -> None:
    """Columns of a run, five tables, their grants and walls."""
    _run()
    _drafts()
    _objections()
    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    for table in KEPT:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
        )
    for policy in POLICIES:
        op.execute(f"CREATE POLICY {policy}")


def _run() -> None:
    moment = sa.DateTime(timezone=True)
    for column in (
        sa.Column("kind", sa.String(32), nullable=False, server_default="monthly"),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fingerprint", sa.String(200), nullable=True),
        sa.Column("prepared_at", moment, nullable=True),
        sa.Column("preview_until", moment, nullable=True),
        sa.Column("areas", postgresql.ARRAY(sa.String(32)), nullable=True),
        sa.Column("restates", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
    ):
        op.add_column("assessment_run", column)
    op.alter_column("assessment_run", "kind", server_default=None)
    op.alter_column("assessment_run", "revision", server_default=None)
    op.drop_constraint("uq_assessment_run_scheme_period_end_edition", "assessment_run")
    op.create_unique_constraint(
        "uq_assessment_run",
        "assessment_run",
        ["scheme", "kind", "period_start", "period_end", "edition"],
    )


def _drafts() -> None:
    moment = sa.DateTime(timezone=True)
    path = sa.String(160, collation="C")
    op.create_table(
        "assessment_draft",
        sa.Column("run_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_code", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_path", path, nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(200), nullable=False),
        sa.Column("code_version", sa.String(32), nullable=False),
        sa.Column("prepared_at", moment, nullable=False),
        sa.PrimaryKeyConstraint(
            "run_id", "area_code", "revision", name=op.f("pk_assessment_draft")
        ),
    )
    op.create_table(
        "run_act",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(200), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_act")),
    )
    op.create_index("ix_run_act_run", "run_act", ["run_id", "id"])
    op.create_index(
        "uq_run_act_approval",
        "run_act",
        ["run_id", "revision", "by_id"],
        unique=True,
        postgresql_where="action = 'approve'",
    )
    op.create_table(
        "sealed_member",
        sa.Column("run_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_code", sa.String(32), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("area_path", path, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "area_code", "code", name=op.f("pk_sealed_member")),
    )


def _objections() -> None:
    moment = sa.DateTime(timezone=True)
    path = sa.String(160, collation="C")
    op.create_table(
        "objection",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(32), nullable=False),
        sa.Column("area_path", path, nullable=False),
        sa.Column("indicator", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("matter_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.String(200), nullable=True),
        sa.Column("court_code", sa.String(32), nullable=True),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_key", sa.Integer(), nullable=True),
        sa.Column("file_kind", sa.String(32), nullable=True),
        sa.Column("counterfactual", postgresql.JSONB(), nullable=False),
        sa.Column("raised_by", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("decision", sa.String(32), nullable=True),
        sa.Column("remedy", sa.String(32), nullable=True),
        sa.Column("granted_numerator", sa.Integer(), nullable=False),
        sa.Column("granted_denominator", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index("ix_objection_run", "objection", ["run_id", "area_code"])
    op.create_table(
        "restatement",
        sa.Column("report_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_code", sa.String(32), nullable=False),
        sa.Column("area_path", path, nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reckoned_at", moment, nullable=True),
        sa.Column("lines", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_restatement")),
    )


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
