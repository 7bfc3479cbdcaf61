"""Warnings and their course (alerts)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
SEEN = (
    f"CASE WHEN dispute_id IS NOT NULL THEN {OF_VISIBLE} "
    f"ELSE {IN_SUMS} OR owner_agency_id = setting_id('app.unit') END"
)
OF_SEEN = "EXISTS (SELECT 1 FROM warning w WHERE w.id = warning_id)"
CHANGED = (
    "version, level, facts, reasons, owner_agency_id, owner_account_id, due_at, lapsed_at, state, "
    "acknowledged_by, acknowledged_at, downgrade_to, downgrade_reason, downgrade_by, "
    "downgrade_at, downgrade_decided_by, outcome, outcome_note, closed_by, closed_at"
)
WALLS = (
    "ALTER TABLE warning ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE warning_event ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY seen ON warning FOR SELECT TO yuantou_app USING ({SEEN})",
    f"CREATE POLICY raise ON warning FOR INSERT TO yuantou_app WITH CHECK ({OF_VISIBLE})",
    f"CREATE POLICY handle ON warning FOR UPDATE TO yuantou_app "
    f"USING ({SEEN}) WITH CHECK (NOT trial)",
    "CREATE POLICY work ON warning TO yuantou_worker USING (true) WITH CHECK (true)",
    f"CREATE POLICY seen ON warning_event TO yuantou_app "
    f"USING ({OF_SEEN}) WITH CHECK ({OF_SEEN})",
    "CREATE POLICY work ON warning_event TO yuantou_worker USING (true) WITH CHECK (true)",
    f"GRANT SELECT, INSERT, UPDATE ({CHANGED}) ON warning TO yuantou_app",
    "GRANT SELECT, INSERT ON warning_event TO yuantou_app",
    "GRANT SELECT, INSERT, UPDATE ON warning TO yuantou_worker",
    "GRANT SELECT, INSERT ON warning_event TO yuantou_worker",
    "GRANT SELECT ON warning_rule_version TO yuantou_app, yuantou_worker",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Tables and walls."""
    _warning()
    _event()
    _rule()
    for statement in WALLS:
        op.execute(statement)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _code(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _json(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def _warning() -> None:
    op.create_table(
        "warning",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _code("rule"),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        _code("level"),
        _code("area_code"),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        _code("type_code", nullable=True),
        _reference("dispute_id"),
        _reference("source_id"),
        sa.Column("key", sa.String(length=200), nullable=False),
        _json("reasons"),
        _json("facts"),
        _moment("raised_at"),
        _reference("owner_agency_id"),
        _reference("owner_account_id"),
        _moment("due_at"),
        _moment("lapsed_at", nullable=True),
        _code("state"),
        _reference("acknowledged_by"),
        _moment("acknowledged_at", nullable=True),
        _code("downgrade_to", nullable=True),
        sa.Column("downgrade_reason", sa.Text(), nullable=False),
        _reference("downgrade_by"),
        _moment("downgrade_at", nullable=True),
        _reference("downgrade_decided_by"),
        _code("outcome", nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        _reference("closed_by"),
        _moment("closed_at", nullable=True),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level IN ('red', 'yellow', 'blue')", name=op.f("ck_warning_level")),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'acting', 'closed')", name=op.f("ck_warning_state")
        ),
        sa.CheckConstraint(
            "outcome IN ('real', 'explained', 'nothing')", name=op.f("ck_warning_outcome")
        ),
        sa.CheckConstraint(
            "downgrade_decided_by <> downgrade_by", name=op.f("ck_warning_second_person")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_warning_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning")),
    )
    op.create_index("ix_warning_key", "warning", ["key", "raised_at"])
    op.create_index("ix_warning_path", "warning", ["area_path", "state", "due_at"])
    op.create_index("ix_warning_owner", "warning", ["owner_agency_id", "state"])
    op.create_index(
        "ix_warning_dispute_id",
        "warning",
        ["dispute_id"],
        postgresql_where=sa.text("dispute_id IS NOT NULL"),
    )
    op.create_index(
        "ix_warning_open",
        "warning",
        ["due_at"],
        postgresql_where=sa.text("state <> 'closed' AND NOT trial"),
    )


def _event() -> None:
    op.create_table(
        "warning_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("warning_id", sa.BigInteger(), nullable=False),
        _moment("at"),
        _code("event"),
        _reference("actor_id"),
        _reference("agency_id"),
        sa.Column("note", sa.Text(), nullable=False),
        _json("facts"),
        sa.ForeignKeyConstraint(
            ["warning_id"],
            ["warning.id"],
            name=op.f("fk_warning_event_warning_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_event")),
    )
    op.create_index(op.f("ix_warning_event_warning_id"), "warning_event", ["warning_id"])


def _rule() -> None:
    op.create_table(
        "warning_rule_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        _code("code"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        _json("body"),
        _moment("entered_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_rule_version")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_warning_rule_version_code_version")),
    )


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
