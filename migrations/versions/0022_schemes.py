"""Schemes, targets and scoring: two persons for schemes, trials, bonus, malus and veto."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"


def upgrade() -> None:
    """What is in force stays in force; what comes later waits for a second person."""
    op.execute("""
        ALTER TABLE scheme_version
          ADD COLUMN reason text NOT NULL DEFAULT '', ADD COLUMN proposed_by bigint,
          ADD COLUMN proposed_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN approved_by bigint,
          ADD COLUMN approved_at timestamptz, ADD COLUMN rejected_at timestamptz""")
    op.execute("UPDATE scheme_version SET approved_at = now()")
    op.execute(
        "ALTER TABLE scheme_version ALTER reason DROP DEFAULT, ALTER proposed_at DROP DEFAULT"
    )
    _tables()
    _walls()


def _tables() -> None:
    op.create_table(
        "scheme_trial",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", JSONB(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_trial")),
    )
    op.create_index("ix_scheme_trial_scheme", "scheme_trial", ["code", "version"])
    op.create_table(
        "score_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("row_code", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("points", sa.Numeric(6, 2), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rejected_by", sa.BigInteger(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_event")),
    )
    op.create_index("ix_score_event_area", "score_event", ["scheme", "area_code", "happened_on"])


def _walls() -> None:
    op.execute("ALTER TABLE score_event ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY work ON score_event TO yuantou_worker USING (true) WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY summed ON score_event TO yuantou_app USING ({IN_SUMS}) "
        f"WITH CHECK ({IN_SUMS})"
    )
    # A second person, and never the same row twice: the database refuses what a page might allow.
    op.execute(
        "ALTER TABLE score_event ADD CONSTRAINT ck_score_event_two_persons "
        "CHECK (approved_by IS NULL OR approved_by <> proposed_by)"
    )
    op.execute(
        "ALTER TABLE scheme_version ADD CONSTRAINT ck_scheme_version_two_persons "
        "CHECK (approved_by IS NULL OR approved_by <> proposed_by)"
    )
    op.execute("GRANT SELECT, INSERT ON score_event, scheme_trial TO yuantou_app")
    op.execute(
        "GRANT UPDATE (approved_by, approved_at, rejected_by, rejected_at) "
        "ON score_event TO yuantou_app"
    )
    op.execute("GRANT INSERT ON scheme_version TO yuantou_app")
    op.execute(
        "GRANT UPDATE (reason, proposed_by, proposed_at, approved_by, approved_at, rejected_at) "
        "ON scheme_version TO yuantou_app"
    )
    op.execute("GRANT SELECT, INSERT ON scheme_trial TO yuantou_worker")
    op.execute("GRANT UPDATE (result, ended_at, error) ON scheme_trial TO yuantou_worker")
    op.execute("GRANT SELECT ON score_event TO yuantou_worker")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker")


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
