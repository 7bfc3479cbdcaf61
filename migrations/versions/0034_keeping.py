"""Figures kept as lines: an indicator of an area is one row, with its months as arrays.

A row for every month was most of what a page, a report and a night read and wrote; the view
`figure_cell` unpacks the lines to what it was.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
PACK = """
    INSERT INTO figure_line
    SELECT indicator, area_code, level, area_path, array_agg(month), array_agg(version),
           array_agg(CAST(numerator AS integer)), array_agg(CAST(denominator AS integer)),
           max(computed_at)
    FROM figure_cell GROUP BY 1, 2, 3, 4"""
UNPACKED = """
    CREATE VIEW figure_cell WITH (security_invoker = true) AS
    SELECT l.indicator, l.area_code, e.month, e.version, l.level, l.area_path,
           CAST(e.numerator AS bigint) AS numerator, CAST(e.denominator AS bigint) AS denominator,
           l.computed_at
    FROM figure_line l CROSS JOIN LATERAL
      unnest(l.months, l.versions, l.numerators, l.denominators)
      AS e(month, version, numerator, denominator)"""


def upgrade() -> None:
    """The lines take the place of the cells, and indexes hold what is asked for.

    Of open limits those that still run: nine in ten of what was never met had lapsed, and every
    question leaves that out. Of matters the days that figures are counted by.
    """
    for name in ("accepted", "concluded", "closed"):
        op.create_index(
            f"ix_dispute_{name}",
            "dispute",
            [f"{name}_at"],
            postgresql_where=sa.text(f"{name}_at IS NOT NULL"),
        )
    op.drop_index("ix_deadline_open", "deadline")
    op.create_index(
        "ix_deadline_open",
        "deadline",
        ["due_at"],
        postgresql_where=sa.text("met_at IS NULL AND lapsed_at IS NULL"),
    )
    op.create_table(
        "figure_line",
        sa.Column("indicator", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("months", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("versions", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("numerators", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("denominators", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("indicator", "area_code", name=op.f("pk_figure_line")),
    )
    op.execute(PACK)
    op.drop_table("figure_cell")
    op.execute(UNPACKED)
    _walls()


def _walls() -> None:
    op.execute("ALTER TABLE figure_line ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY work ON figure_line TO yuantou_worker USING (true) WITH CHECK (true)")
    op.execute(
        "CREATE POLICY summed ON figure_line TO yuantou_app "
        f"USING ({IN_SUMS} OR level IN ('province', 'city'))"
    )
    op.execute("GRANT SELECT ON figure_line, figure_cell TO yuantou_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON figure_line TO yuantou_worker")
    op.execute("GRANT SELECT ON figure_cell TO yuantou_worker")


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
