"""Saved views, batches, series and verdicts on twins: tables, grants and row-level security."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
OWN = "account_id = setting_id('app.account')"
IN_FULL = "(area_path >= setting('app.lo') AND area_path < setting('app.hi'))"
IN_SIGHT = f"""({IN_FULL}
   OR (area_path >= setting('app.red_lo') AND area_path < setting('app.red_hi'))
   OR agency_id = setting_id('app.unit') OR lead_agency_id = setting_id('app.unit')
   OR EXISTS (SELECT 1 FROM series_member m WHERE m.series_id = series.id))"""
TABLES = ("saved_view", "batch", "batch_item", "series", "series_member", "twin_verdict")
GRANTS = (
    ("SELECT, INSERT, UPDATE, DELETE", "saved_view", "yuantou_app"),
    ("SELECT, INSERT, UPDATE", "batch", "yuantou_app"),
    ("SELECT, INSERT, UPDATE", "batch_item", "yuantou_app"),
    ("SELECT, INSERT, UPDATE", "series", "yuantou_app"),
    ("SELECT, INSERT, UPDATE", "series_member", "yuantou_app"),
    ("SELECT, INSERT, DELETE", "twin_verdict", "yuantou_app"),
    ("SELECT, DELETE", "batch", "yuantou_worker"),
    ("SELECT, UPDATE, DELETE", "batch_item", "yuantou_worker"),
    ("SELECT", "series", "yuantou_worker"),
    ("SELECT", "series_member", "yuantou_worker"),
)
POLICIES = (
    f"CREATE POLICY own ON saved_view TO yuantou_app USING ({OWN}) WITH CHECK ({OWN})",
    "CREATE POLICY shared ON saved_view FOR SELECT TO yuantou_app "
    "USING (shared AND agency_id = setting_id('app.unit'))",
    f"CREATE POLICY own ON batch TO yuantou_app USING ({OWN}) WITH CHECK ({OWN})",
    "CREATE POLICY own ON batch_item TO yuantou_app "
    f"USING (EXISTS (SELECT 1 FROM batch b WHERE b.id = batch_id) AND {OF_VISIBLE}) "
    f"WITH CHECK (EXISTS (SELECT 1 FROM batch b WHERE b.id = batch_id) AND {OF_VISIBLE})",
    f"CREATE POLICY seen ON series FOR SELECT TO yuantou_app USING ({IN_SIGHT})",
    f"CREATE POLICY make ON series FOR INSERT TO yuantou_app WITH CHECK ({IN_FULL})",
    f"CREATE POLICY change ON series FOR UPDATE TO yuantou_app "
    f"USING ({IN_FULL} OR lead_agency_id = setting_id('app.unit')) WITH CHECK (true)",
    f"CREATE POLICY visible ON series_member TO yuantou_app USING ({OF_VISIBLE}) "
    f"WITH CHECK ({OF_VISIBLE})",
    f"CREATE POLICY visible ON twin_verdict TO yuantou_app USING ({OF_VISIBLE}) "
    f"WITH CHECK ({OF_VISIBLE})",
)


def upgrade() -> None:
    """Make the tables, open them to whom they concern."""
    _tables()
    op.create_index(
        "ix_dispute_pressing_ever", "dispute", ["area_path"], postgresql_where=sa.text("pressing")
    )
    op.create_index(
        "ix_dispute_live",
        "dispute",
        ["county_code", "next_due_at"],
        postgresql_where=sa.text("state NOT IN ('draft', 'not_accepted', 'merged', 'closed')"),
    )
    for right, table, role in GRANTS:
        op.execute(f"GRANT {right} ON {table} TO {role}")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker")
    for policy in POLICIES:
        op.execute(policy)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
        )


def downgrade() -> None:
    """Going back would lose what was written since."""
    raise NotImplementedError("restore a back-up instead")


def _tables() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("standard", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id_name")),
    )
    op.create_index(op.f("ix_saved_view_agency_id"), "saved_view", ["agency_id"], unique=False)
    op.create_table(
        "batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("undoes_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("submission", name=op.f("uq_batch_submission")),
    )
    op.create_index("ix_batch_account", "batch", ["account_id", "made_at"], unique=False)
    op.create_table(
        "batch_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_item")),
    )
    op.create_index(
        "ix_batch_item_batch", "batch_item", ["batch_id", "state", "position"], unique=False
    )
    op.create_table(
        "series",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("respondent", sa.String(length=200), nullable=True),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_agency_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_dispute_id", sa.BigInteger(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["lead_agency_id"], ["agency.id"], name=op.f("fk_series_lead_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("submission", name=op.f("uq_series_submission")),
    )
    op.create_index(op.f("ix_series_area_path"), "series", ["area_path"], unique=False)
    op.create_index(op.f("ix_series_lead_agency_id"), "series", ["lead_agency_id"], unique=False)
    op.create_table(
        "series_member",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_series_member_series_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_member")),
    )
    op.create_index(
        "ix_series_member_one",
        "series_member",
        ["dispute_id"],
        unique=True,
        postgresql_where="removed_at IS NULL",
    )
    op.create_index(
        "ix_series_member_series", "series_member", ["series_id", "removed_at"], unique=False
    )
    op.create_table(
        "twin_verdict",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_twin_verdict")),
        sa.UniqueConstraint(
            "dispute_id", "other_id", name=op.f("uq_twin_verdict_dispute_id_other_id")
        ),
    )
    op.create_index(op.f("ix_twin_verdict_other_id"), "twin_verdict", ["other_id"], unique=False)
