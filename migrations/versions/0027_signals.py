"""What the nightly detectors saw, and the ledger of warnings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
WALLS = (
    "ALTER TABLE signal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE smallest_rise ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE warning_lead ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY summed ON signal FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    f"CREATE POLICY summed ON smallest_rise FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    f"CREATE POLICY summed ON warning_lead FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    "CREATE POLICY work ON warning_lead TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY work ON signal TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY work ON smallest_rise TO yuantou_worker USING (true) WITH CHECK (true)",
    "GRANT SELECT ON signal, signal_night, smallest_rise, backtest, warning_lead TO yuantou_app",
    "GRANT SELECT, INSERT, DELETE ON signal, signal_night, smallest_rise TO yuantou_worker",
    "GRANT SELECT, INSERT, UPDATE ON warning_lead TO yuantou_worker",
    "GRANT SELECT, INSERT ON backtest TO yuantou_worker",
    "GRANT SELECT ON map_drawing TO yuantou_worker",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Tables and walls."""
    _signal()
    _night()
    _rise()
    _backtest()
    _lead()
    for statement in WALLS:
        op.execute(statement)


def _code(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _path() -> sa.Column:
    return sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _codes(name: str) -> sa.Column:
    return sa.Column(name, postgresql.ARRAY(sa.String(length=32)), nullable=False)


def _signal() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        _code("detector"),
        _number("version"),
        _code("area_code"),
        _path(),
        _code("type"),
        _code("state"),
        _code("reason"),
        _number("weeks"),
        *(sa.Column(name, sa.Float(), nullable=True)
          for name in ("observed", "expected", "upper", "p", "q")),
        _codes("members"),
        sa.Column("warning_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('alarm', 'quiet', 'skipped')", name=op.f("ck_signal_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint(
            "night", "detector", "area_code", "type", name=op.f("uq_signal_night_detector_area_code_type")
        ),
    )
    op.create_index("ix_signal_path", "signal", ["area_path", "night"])
    op.create_index("ix_signal_warning", "signal", ["warning_id"])


def _night() -> None:
    op.create_table(
        "signal_night",
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        _number("version"),
        _number("matters"),
        _number("counties"),
        _number("old"),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("counted", postgresql.JSONB(), nullable=False),
        _codes("missing"),
        sa.PrimaryKeyConstraint("night", name=op.f("pk_signal_night")),
    )


def _rise() -> None:
    op.create_table(
        "smallest_rise",
        _code("area_code"),
        _code("type"),
        _path(),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=True),
        _code("detector"),
        sa.PrimaryKeyConstraint("area_code", "type", name=op.f("pk_smallest_rise")),
    )


def _backtest() -> None:
    op.create_table(
        "backtest",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        _number("weeks"),
        _number("seed"),
        _number("version"),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backtest")),
    )


def _lead() -> None:
    op.create_table(
        "warning_lead",
        sa.Column("warning_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _path(),
        sa.Column("first_suit", sa.Date(), nullable=True),
        sa.Column("peak", sa.Date(), nullable=True),
        sa.Column("reckoned_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("warning_id", name=op.f("pk_warning_lead")),
    )


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
