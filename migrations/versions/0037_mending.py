"""What a second reading asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


BEGUN = """
CREATE FUNCTION county_begun(until date) RETURNS SETOF varchar
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT a.code FROM area a WHERE a.level = 'county'
      AND EXISTS (SELECT 1 FROM dispute_month m
                  WHERE m.area_code = a.code AND m.month <= until) $$"""


def upgrade() -> None:
    """Batches know when their page last asked for a step; which counties have begun."""
    op.execute(BEGUN)
    op.execute("REVOKE ALL ON FUNCTION county_begun(date) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION county_begun(date) TO yuantou_app")
    op.add_column("batch", sa.Column("attended_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE batch SET attended_at = made_at")
    op.alter_column("batch", "attended_at", nullable=False)
    op.create_index("ix_batch_waiting", "batch", ["attended_at"], postgresql_where=WAITING)


def downgrade() -> None:
    """Back to batches that only their page moves."""
    op.execute("DROP FUNCTION county_begun(date)")
    op.drop_index("ix_batch_waiting", table_name="batch", postgresql_where=WAITING)
    op.drop_column("batch", "attended_at")
