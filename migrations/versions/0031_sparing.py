"""Figures kept for less work: how complete young months are, and parts as arrays.

Parts were a row for every indicator, county, month and value: most of a night's writing. They are
arrays now, a row for every indicator, county and dimension; `figure_part` unpacks them as before.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
UNPACKED = """
    CREATE VIEW figure_part WITH (security_invoker = true) AS
    SELECT p.indicator, p.area_code, e.month, p.dimension, e.value, e.version, p.area_path,
           CAST(e.numerator AS bigint) AS numerator, CAST(e.denominator AS bigint) AS denominator,
           p.computed_at
    FROM figure_pack p CROSS JOIN LATERAL
      unnest(p.months, p."values", p.versions, p.numerators, p.denominators)
      AS e(month, value, version, numerator, denominator)"""
PACK = """
    INSERT INTO figure_pack
    SELECT indicator, area_code, dimension, area_path, array_agg(month), array_agg(value),
           array_agg(version), array_agg(numerator), array_agg(denominator), max(computed_at)
    FROM figure_part GROUP BY 1, 2, 3, 4"""


def upgrade() -> None:
    """Tables, read by all within their sums, written by the worker."""
    op.create_table(
        "lateness",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "age", name=op.f("pk_lateness")),
    )
    op.create_table(
        "figure_pack",
        sa.Column("indicator", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("dimension", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("months", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("values", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("versions", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("numerators", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("denominators", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("indicator", "area_code", "dimension", name=op.f("pk_figure_pack")),
    )
    op.execute(PACK)
    op.drop_table("figure_part")
    op.execute(UNPACKED)
    _walls()


def _walls() -> None:
    op.execute("ALTER TABLE figure_pack ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY work ON figure_pack TO yuantou_worker USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY summed ON figure_pack TO yuantou_app USING ({IN_SUMS})")
    for table in ("lateness", "figure_pack"):
        op.execute(f"GRANT SELECT ON {table} TO yuantou_app")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO yuantou_worker")
    op.execute("GRANT SELECT ON figure_part TO yuantou_app, yuantou_worker")


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
